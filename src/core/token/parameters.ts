import { claimKnowledge } from "./claims.ts";
import { type Knowledge, rows } from "./knowledge.ts";

const PARAMETERS: ReadonlyMap<string, Knowledge> = new Map([
  ...rows("RFC 7515", [
    [
      "alg",
      "algorithm",
      "string",
      "how the token is signed or its key encrypted; a verifier decides for itself which it accepts",
    ],
    ["kid", "key id", "string", "the name of the key that made the signature"],
    ["typ", "type", "string", "what kind of token this is, so that one kind cannot pass for another"],
    ["cty", "content type", "string", "what the payload is; JWT when a token is inside the token"],
    ["crit", "critical", "list", "extensions that a verifier must understand or else refuse the token"],
    ["jku", "key set address", "uri", "where the sender says its keys are; never to be trusted by itself"],
    ["jwk", "key", "object", "the key the sender says it signed with; never to be trusted by itself"],
    [
      "x5u",
      "certificate address",
      "uri",
      "where the sender says its certificate is; never to be trusted by itself",
    ],
    [
      "x5c",
      "certificates",
      "list",
      "the certificates the sender says it signed with; never to be trusted by themselves",
    ],
    ["x5t", "certificate hash", "string", "SHA-1 of the certificate of the signing key"],
    ["x5t#S256", "certificate hash", "string", "SHA-256 of the certificate of the signing key"],
  ]),
  ...rows("RFC 7516", [
    ["enc", "content encryption", "string", "how the content is encrypted"],
    ["zip", "compression", "string", "how the content was compressed before encryption"],
  ]),
  ...rows("RFC 7518", [
    ["epk", "ephemeral key", "object", "the sender's one-time public key of the key agreement"],
    ["apu", "party U", "string", "information about the sender for the key agreement"],
    ["apv", "party V", "string", "information about the recipient for the key agreement"],
    ["iv", "initialization vector", "string", "the initialization vector of the key encryption"],
    ["tag", "authentication tag", "string", "the authentication tag of the key encryption"],
    ["p2s", "salt", "string", "the salt of the password-based key encryption"],
    ["p2c", "iterations", "any", "how often the password was hashed for the key encryption"],
  ]),
  ...rows("RFC 7797", [
    ["b64", "payload encoding", "boolean", "false: the payload stands in the token as it is"],
  ]),
]);

/** What is known about a member of the header. A claim may be replicated there (RFC 7519 section 5.3). */
export function parameterKnowledge(name: string): Knowledge | undefined {
  return PARAMETERS.get(name) ?? claimKnowledge(name);
}
