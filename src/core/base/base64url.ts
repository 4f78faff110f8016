/** base64url without padding (RFC 7515 section 2, RFC 4648 section 5). */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const CODES = Uint8Array.from(ALPHABET, (character) => character.charCodeAt(0));
/** The six-bit value by character code; -1 for characters outside the alphabet. */
const VALUES = new Int8Array(256).fill(-1);
for (let value = 0; value < CODES.length; value++) VALUES[CODES[value] ?? 0] = value;

const ascii = new TextDecoder();
const utf8 = new TextEncoder();

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

/**
 * Decodes strictly; a faulty text still yields the bytes that could be read, for display.
 *
 * @param memory shared by many calls, which makes each of them faster; undefined: the call allocates its own
 */
export function decodeBase64Url(text: string, memory?: Base64UrlMemory): Base64UrlDecoding {
  const length = Math.floor((text.length * 3) / 4);
  const bytes = memory?.allocate(length) ?? new Uint8Array(length);
  const codes = memory?.codesOf(text) ?? utf8.encode(text);
  return decodeRest(text, decodeGroups(codes, text.length, bytes), bytes);
}

const SLAB_BYTES = 16 * 1024;
const SMALL_BYTES = 2 * 1024;
const SMALL_TEXT = 4 * 1024;

/**
 * Memory for decoding many texts one after another: a small array with a buffer of its own costs more than decoding.
 */
export class Base64UrlMemory {
  private slab = new Uint8Array(0);
  private used = 0;
  /** No UTF-16 code unit takes more than three bytes, so every small text fits. */
  private readonly codes = new Uint8Array(3 * SMALL_TEXT);

  /** An array of its own for every caller; small ones share a buffer. */
  allocate(length: number): Uint8Array {
    if (length > SMALL_BYTES) return new Uint8Array(length);
    if (this.used + length > this.slab.length) {
      this.slab = new Uint8Array(SLAB_BYTES);
      this.used = 0;
    }
    const bytes = this.slab.subarray(this.used, this.used + length);
    this.used += length;
    return bytes;
  }

  /** The text as UTF-8, which is read faster one by one than a string's characters; valid until the next call. */
  codesOf(text: string): Uint8Array {
    if (text.length > SMALL_TEXT) return utf8.encode(text);
    utf8.encodeInto(text, this.codes);
    return this.codes;
  }
}

/**
 * Decodes whole groups of four characters. Every byte of a character beyond ASCII is faulty, so that up to the first
 * fault a position in the bytes is the position in the text.
 *
 * @returns the position of the first group that is incomplete or faulty
 */
function decodeGroups(codes: Uint8Array, count: number, bytes: Uint8Array): number {
  const last = count - 4;
  let length = 0;
  let position = 0;
  for (; position <= last; position += 4) {
    const group =
      (sixBitsOf(codes[position]) << 18) |
      (sixBitsOf(codes[position + 1]) << 12) |
      (sixBitsOf(codes[position + 2]) << 6) |
      sixBitsOf(codes[position + 3]);
    // A value of -1 sets the sign bit, however far it is shifted.
    if (group < 0) break;
    bytes[length] = group >> 16;
    bytes[length + 1] = (group >> 8) & 0xff;
    bytes[length + 2] = group & 0xff;
    length += 3;
  }
  return position;
}

function decodeRest(text: string, start: number, bytes: Uint8Array): Base64UrlDecoding {
  let length = (start / 4) * 3;
  let buffer = 0;
  let bits = 0;
  for (let position = start; position < text.length; position++) {
    const value = sixBitsOf(text.charCodeAt(position));
    if (value < 0) {
      return { ok: false, fault: { kind: "character", position }, bytes: bytes.subarray(0, length) };
    }
    buffer = ((buffer << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[length++] = (buffer >> bits) & 0xff;
    }
  }
  const result = length === bytes.length ? bytes : bytes.subarray(0, length);
  if (bits >= 6) return { ok: false, fault: { kind: "length" }, bytes: result };
  if ((buffer & ((1 << bits) - 1)) !== 0) {
    return { ok: false, fault: { kind: "trailing_bits" }, bytes: result };
  }
  return { ok: true, bytes: result };
}

function sixBitsOf(code: number | undefined): number {
  return VALUES[code as number] ?? -1;
}

export function encodeBase64Url(bytes: Uint8Array): string {
  const codes = new Uint8Array(Math.ceil((bytes.length * 4) / 3));
  let length = 0;
  for (let index = 0; index < bytes.length; index += 3) {
    const left = bytes.length - index;
    const group = ((bytes[index] ?? 0) << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0);
    codes[length++] = CODES[group >> 18] as number;
    codes[length++] = CODES[(group >> 12) & 63] as number;
    if (left > 1) codes[length++] = CODES[(group >> 6) & 63] as number;
    if (left > 2) codes[length++] = CODES[group & 63] as number;
  }
  return ascii.decode(codes);
}
