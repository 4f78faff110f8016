import { rows } from "./description.ts";

/** Claims of verifiable credentials and SD-JWTs. */
export const CREDENTIAL_CLAIMS = [
  ...rows("RFC 9901", [
    ["_sd", "selective disclosures", "hashes of claims that the holder may disclose one by one"],
    ["_sd_alg", "disclosure hash", "with which hash the selective disclosures were hashed"],
    ["sd_hash", "hash of the SD-JWT", "ties this proof of the holder to what is disclosed with it"],
    ["...", "hidden element", "the hash of an element of a list that the holder may disclose"],
  ]),
  ...rows("SD-JWT VC", [
    ["vct", "credential type", "the type of a verifiable credential"],
    ["vct#integrity", "type hash", "the hash of the document that describes the credential's type"],
  ]),
  ...rows("Token Status List", [
    ["status", "status", "where to look up whether the token has been revoked"],
    ["status_list", "status list", "the states of many tokens, packed"],
    ["ttl", "time to live", "for how many seconds a copy of this token may be kept"],
  ]),
  ...rows("W3C Verifiable Credentials Data Model 1.1, section 6.3", [
    ["vc", "credential", "a verifiable credential"],
    ["vp", "presentation", "a verifiable presentation: credentials that their holder shows"],
  ]),
  ...rows("RFC 9321", [
    ["sig_val_claims", "signature validation", "what was found out about signatures on a document"],
  ]),
];
