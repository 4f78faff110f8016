import { gunzipSync, inflateRawSync, inflateSync } from "node:zlib";
import type { PackedForm } from "../core/jose/ports/unpack.ts";

const READERS = { deflate: inflateRawSync, zlib: inflateSync, gzip: gunzipSync };

/**
 * Unpacks raw DEFLATE (RFC 1951), zlib (RFC 1950) or gzip (RFC 1952).
 *
 * @param limit in bytes; unpacking stops there
 * @returns undefined for other or damaged data
 */
export function unpack(
  bytes: Uint8Array,
  form: PackedForm,
  limit: number,
): Uint8Array | "too_large" | undefined {
  try {
    return READERS[form](bytes, { maxOutputLength: limit });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    return code === "ERR_BUFFER_TOO_LARGE" ? "too_large" : undefined;
  }
}
