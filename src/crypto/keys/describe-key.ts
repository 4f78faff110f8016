import type { Jwk } from "../../core/jose/jwk.ts";

/** What a key is, for messages: `an RSA key`, `an EC key on P-384`, `an Ed25519 key`. Never its material. */
export function describeKey(jwk: Pick<Jwk, "kty" | "crv" | "alg">): string {
  switch (jwk.kty) {
    case "EC":
      return `an EC key on ${jwk.crv ?? "an unnamed curve"}`;
    case "OKP":
      return `an ${jwk.crv ?? "OKP"} key`;
    case "RSA":
      return "an RSA key";
    case "oct":
      return "an HMAC secret";
    case "AKP":
      return `an ${jwk.alg ?? "AKP"} key`;
    default:
      return `a key of the unknown type "${jwk.kty}"`;
  }
}
