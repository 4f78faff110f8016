import type { Random } from "../../base/ports.ts";

/** Crockford's base 32: no letter that is taken for a digit, and every id is one word for a double click. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const ID_BYTES = 10;
export const ID_LENGTH = (ID_BYTES * 8) / 5;

/**
 * A new id of a login or a user: 80 random bits in 16 characters, short enough to be typed by its first few. Ids are
 * not secrets: they name, they do not authorise.
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

/** Whether a text has the form of an id, as a hint at what was meant. */
export function looksLikeId(text: string): boolean {
  return text.length === ID_LENGTH && [...text].every((character) => ALPHABET.includes(character));
}
