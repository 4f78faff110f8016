import { claim, demands, matches, objectWith, sign, type TokenKind } from "./kind.ts";

/** Credentials that their holder shows, and what goes with them. */
export const CREDENTIAL_KINDS: readonly TokenKind[] = [
  {
    id: "sd-jwt-vc",
    name: "a verifiable credential (SD-JWT VC)",
    specification: "SD-JWT VC",
    purpose: "its holder shows it, and of its claims only those that are asked for",
    types: ["dc+sd-jwt", "vc+sd-jwt"],
    typed: "must",
    signs: [{ says: "it has vct", all: [claim("vct")] }],
    demands: demands("must", "3.2.2", "payload", { name: "vct", form: matches(/./, "the name of a type") }),
    // It lives as long as what it attests, is for whomever its holder shows it to, and may bring its certificate.
    exempt: [
      ...["no-exp", "long-lifetime", "missing-iss", "missing-aud", "missing-sub"],
      ["embedded-key", "/header/x5c"],
    ],
  },
  {
    id: "key-binding",
    name: "a key binding proof (KB-JWT)",
    specification: "RFC 9901",
    purpose: "the holder of a credential proves that it is theirs, to one verifier and for one request",
    types: ["kb+jwt"],
    typed: "must",
    signs: [sign("sd_hash")],
    demands: demands("must", "4.3", "payload", "iat", "aud", "nonce", "sd_hash"),
    exempt: ["no-exp", "missing-iss", "missing-sub", "missing-kid"],
  },
  {
    id: "status-list",
    name: "a status list",
    specification: "Token Status List",
    purpose: "an issuer says which of its tokens have been revoked",
    types: ["statuslist+jwt"],
    typed: "must",
    signs: [sign("status_list")],
    demands: [
      ...demands("must", "5.1", "payload", "sub", "iat"),
      ...demands("must", "5.1", "payload", { name: "status_list", form: objectWith("bits", "lst") }),
      ...demands("should", "5.1", "payload", "exp", "ttl"),
    ],
    exempt: ["no-exp", "long-lifetime", "missing-iss", "missing-aud", ["embedded-key", "/header/x5c"]],
  },
];
