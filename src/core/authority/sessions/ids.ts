import { AppError } from "../../base/errors.ts";
import type { Random } from "../../base/ports.ts";

/** Crockford's base 32: without letters that look like digits. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const ID_BYTES = 10;
export const ID_LENGTH = (ID_BYTES * 8) / 5;

/**
 * Creates the id of a session or user: 80 random bits in 16 characters. Ids are not secret: they authorise nothing.
 */
export function createId(random: Random): string {
  let id = "";
  let buffer = 0;
  let bits = 0;
  for (const byte of random.bytes(ID_BYTES)) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      id += ALPHABET[(buffer >> bits) & 31];
    }
    buffer &= (1 << bits) - 1;
  }
  return id;
}

/** Whether a text has the form of an id, for hints. */
export function looksLikeId(text: string): boolean {
  return text.length === ID_LENGTH && [...text].every((character) => ALPHABET.includes(character));
}

export const DEFAULT_CLIENT_ID = "jwtctl";
const MAX_LENGTH = 128;

/**
 * Checks a client identifier: visible ASCII (RFC 6749 appendix A.1), at most 128 characters.
 * @throws AppError `usage`
 */
export function acceptClientId(text: string): string {
  if (/^[\x20-\x7e]+$/.test(text) && text.length <= MAX_LENGTH) return text;
  throw new AppError("usage", `the client id must be 1 to ${MAX_LENGTH} visible ASCII characters`, {
    hints: ["Leave --client-id out to log in as jwtctl itself"],
  });
}
