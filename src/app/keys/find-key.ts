import type { SigningKey } from "../../core/authority/keys/signing-key.ts";
import { AppError } from "../../core/base/errors.ts";

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
