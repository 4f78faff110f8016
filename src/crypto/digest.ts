import { createHash } from "node:crypto";
import type { TextDigest } from "../core/jose/token/disclosures.ts";

/** SHA-256 of a text's UTF-8, as 64 hexadecimal digits. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Names of hash algorithms: those of SD-JWT (RFC 9901 section 4.1.1), and those of node:crypto. */
const HASHES: ReadonlyMap<string, string> = new Map([
  ["sha-256", "sha256"],
  ["sha-384", "sha384"],
  ["sha-512", "sha512"],
  ["sha3-256", "sha3-256"],
  ["sha3-384", "sha3-384"],
  ["sha3-512", "sha3-512"],
]);

export const textDigest: TextDigest = (algorithm, text) => {
  const hash = HASHES.get(algorithm);
  return hash === undefined ? undefined : createHash(hash).update(text).digest("base64url");
};
