import { compactDecrypt } from "jose/jwe/compact/decrypt";
import { CompactEncrypt } from "jose/jwe/compact/encrypt";
import { MAX_P2C, PASSPHRASE_ALGORITHMS, SEALING } from "./jwe-header.ts";

export type JweOpening =
  | { readonly ok: true; readonly plaintext: Uint8Array }
  /** `passphrase`: nothing came out, which a wrong passphrase and a damaged JWE have in common. */
  | { readonly ok: false; readonly fault: "passphrase" | "damaged" };

/** Encrypts a JWK under a passphrase: JWE compact, PBES2-HS512+A256KW with A256GCM (RFC 7517 section 7). */
export async function sealJwe(
  plaintext: Uint8Array,
  passphrase: Uint8Array,
  rounds: number,
): Promise<string> {
  return new CompactEncrypt(plaintext)
    .setProtectedHeader({ alg: SEALING.alg, enc: SEALING.enc, cty: "jwk+json" })
    .setKeyManagementParameters({ p2c: rounds })
    .encrypt(passphrase);
}

/** Decrypts a JWE whose header {@link headerFault} has passed. */
export async function openJwe(jwe: string, passphrase: Uint8Array): Promise<JweOpening> {
  const options = { keyManagementAlgorithms: [...PASSPHRASE_ALGORITHMS], maxPBES2Count: MAX_P2C };
  try {
    return { ok: true, plaintext: (await compactDecrypt(jwe, passphrase, options)).plaintext };
  } catch (error) {
    const failed = error instanceof Error && "code" in error && error.code === "ERR_JWE_DECRYPTION_FAILED";
    return { ok: false, fault: failed ? "passphrase" : "damaged" };
  }
}
