/** Raw DEFLATE (RFC 1951), zlib (RFC 1950) or gzip (RFC 1952). */
export type PackedForm = "deflate" | "zlib" | "gzip";

/**
 * Unpacks compressed bytes.
 *
 * @param limit in bytes; unpacking stops there
 * @returns undefined for data of another form, or damaged
 */
export type Unpack = (
  bytes: Uint8Array,
  form: PackedForm,
  limit: number,
) => Uint8Array | "too_large" | undefined;
