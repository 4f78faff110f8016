import { createHash } from "node:crypto";

/** SHA-256 of a text's UTF-8, as 64 hexadecimal digits. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Which of 65,536 buckets a name falls into. Without the salt nobody can tell which names share one. */
export function nameBucket(salt: Uint8Array, nameKey: string): number {
  return createHash("sha256").update(salt).update(nameKey).digest().readUInt16BE();
}
