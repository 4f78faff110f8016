/** base64url without padding (RFC 7515 section 2, RFC 4648 section 5). */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const VALUES = new Int8Array(128).fill(-1);
for (let index = 0; index < ALPHABET.length; index++) VALUES[ALPHABET.charCodeAt(index)] = index;

export type Base64UrlFault =
  /** A character outside the alphabet, padding included. */
  | { readonly kind: "character"; readonly position: number }
  /** A length that no number of bytes encodes to: the text was cut. */
  | { readonly kind: "length" }
  /** Unused bits of the last character are set: another spelling of the same bytes. */
  | { readonly kind: "trailing_bits" };

export type Base64UrlDecoding =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly fault: Base64UrlFault; readonly bytes: Uint8Array };

/** Decodes strictly; a faulty text still yields the bytes that could be read, for display. */
export function decodeBase64Url(text: string): Base64UrlDecoding {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let length = 0;
  let buffer = 0;
  let bits = 0;
  for (let position = 0; position < text.length; position++) {
    const code = text.charCodeAt(position);
    const value = code < 128 ? (VALUES[code] ?? -1) : -1;
    if (value < 0)
      return { ok: false, fault: { kind: "character", position }, bytes: bytes.subarray(0, length) };
    buffer = ((buffer << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[length++] = (buffer >> bits) & 0xff;
    }
  }
  const decoded = bytes.subarray(0, length);
  if (bits >= 6) return { ok: false, fault: { kind: "length" }, bytes: decoded };
  if ((buffer & ((1 << bits) - 1)) !== 0)
    return { ok: false, fault: { kind: "trailing_bits" }, bytes: decoded };
  return { ok: true, bytes: decoded };
}

export function encodeBase64Url(bytes: Uint8Array): string {
  let text = "";
  for (let index = 0; index < bytes.length; index += 3) {
    const left = bytes.length - index;
    const group = ((bytes[index] ?? 0) << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0);
    text += ALPHABET.charAt(group >> 18) + ALPHABET.charAt((group >> 12) & 63);
    if (left > 1) text += ALPHABET.charAt((group >> 6) & 63);
    if (left > 2) text += ALPHABET.charAt(group & 63);
  }
  return text;
}
