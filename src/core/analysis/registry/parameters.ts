import { claimDescription } from "./claims.ts";
import { type Description, rows } from "./description.ts";

const PARAMETERS: ReadonlyMap<string, Description> = new Map([
  ...rows("RFC 7515", [
    [
      "alg",
      "algorithm",
      "how the token is signed or its key encrypted; a verifier decides for itself which it accepts",
    ],
    ["kid", "key id", "the name of the key that made the signature"],
    ["typ", "type", "what kind of token this is, so that one kind cannot pass for another"],
    ["cty", "content type", "what the payload is; JWT when a token is inside the token"],
    ["crit", "critical", "extensions that a verifier must understand or else refuse the token"],
    ["jku", "key set address", "where the sender says its keys are; never to be trusted by itself"],
    ["jwk", "key", "the key the sender says it signed with; never to be trusted by itself"],
    ["x5u", "certificate address", "where the sender says its certificate is; never to be trusted by itself"],
    [
      "x5c",
      "certificates",
      "the certificates the sender says it signed with; never to be trusted by themselves",
    ],
    ["x5t", "certificate hash", "SHA-1 of the certificate of the signing key"],
    ["x5t#S256", "certificate hash", "SHA-256 of the certificate of the signing key"],
  ]),
  ...rows("RFC 7516", [
    ["enc", "content encryption", "how the content is encrypted"],
    ["zip", "compression", "how the content was compressed"],
  ]),
  ...rows("RFC 7518", [
    ["epk", "ephemeral key", "the sender's one-time public key of the key agreement"],
    ["apu", "party U", "information about the sender for the key agreement"],
    ["apv", "party V", "information about the recipient for the key agreement"],
    ["iv", "initialization vector", "the initialization vector of the key encryption"],
    ["tag", "authentication tag", "the authentication tag of the key encryption"],
    ["p2s", "salt", "the salt of the password-based key encryption"],
    ["p2c", "iterations", "how often the password was hashed for the key encryption"],
  ]),
  ...rows("RFC 7797", [["b64", "payload encoding", "false: the payload stands in the token as it is"]]),
  ...rows("RFC 8225", [["ppt", "PASSporT type", "which extension of call tokens this one uses"]]),
  ...rows("RFC 8555", [
    ["url", "address", "the address of the one request this signature is for"],
    ["nonce", "nonce", "ties the signature to one request, against replay"],
  ]),
  ...rows("RFC 9321", [
    ["svt", "signature validation token", "what was found out about the signature before"],
  ]),
  ...rows("RFC 9901", [
    ["disclosures", "disclosures", "the claims that are disclosed, with their salts"],
    ["kb_jwt", "key binding", "the holder's proof that the token is theirs"],
  ]),
  ...rows("OpenID Federation 1.0", [
    ["trust_chain", "trust chain", "the statements of a federation that lead to the signing key"],
  ]),
  ...rows("ETSI TS 119 182-1 (JAdES)", [
    ["sigT", "signing time", "when the signer says it signed"],
    ["sigD", "detached content", "what was signed when it is not in the token"],
    ["x5t#o", "certificate hash", "the hash of the signing certificate, with another hash than SHA-256"],
  ]),
]);

/** The description of a header parameter, or of a claim replicated in the header (RFC 7519 section 5.3). */
export function parameterDescription(name: string): Description | undefined {
  return PARAMETERS.get(name) ?? claimDescription(name);
}
