import type { SigningKey } from "../../core/authority/keys/signing-key.ts";
import { AppError } from "../../core/base/errors.ts";

/** A beginning that is shorter is a slip too easily to change a key for good. */
export const SHORTEST_PREFIX = 4;

/**
 * {@link findKey} for what changes a key.
 *
 * @throws AppError `usage` also for the beginning of a kid that is shorter than {@link SHORTEST_PREFIX}
 */
export function findKeyToChange(keys: readonly SigningKey[], given: string): SigningKey {
  const key = findKey(keys, given);
  if (given.length >= SHORTEST_PREFIX || key.kid === given || key.formerKid === given) return key;
  throw new AppError("usage", `"${given}" is too short to change a key by`, {
    hints: [`Give ${SHORTEST_PREFIX} characters of the kid at least: jwtctl keys list shows it`],
  });
}

/**
 * Finds a key by its kid, its former kid (of an imported key), or the beginning of its kid.
 *
 * @throws AppError `key_not_found`; `key_ambiguous` when several kids begin with `given`
 */
export function findKey(keys: readonly SigningKey[], given: string): SigningKey {
  if (given === "") {
    throw new AppError("usage", "the kid is empty", { hints: ["List the keys with: jwtctl keys list"] });
  }
  const exact = keys.find((key) => key.kid === given);
  if (exact) return exact;
  const fits = keys.filter((key) => key.kid.startsWith(given) || key.formerKid === given);
  const [only] = fits;
  if (only && fits.length === 1) return only;
  if (fits.length === 0) {
    throw new AppError("key_not_found", `there is no key "${given}" in this store`, {
      hints: ["List the keys with: jwtctl keys list"],
    });
  }
  throw new AppError("key_ambiguous", `"${given}" could be any of ${fits.length} keys`, {
    hints: [`Give more of the kid; it fits: ${fits.map((key) => key.kid).join(", ")}`],
    data: { kids: fits.map((key) => key.kid) },
  });
}
