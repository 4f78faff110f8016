import { inflateRawSync } from "node:zlib";

/** Unpacks raw DEFLATE (RFC 1951); undefined when it is none, or larger than `limit` bytes. */
export function inflate(bytes: Uint8Array, limit: number): Uint8Array | undefined {
  try {
    return inflateRawSync(bytes, { maxOutputLength: limit });
  } catch {
    return undefined;
  }
}
