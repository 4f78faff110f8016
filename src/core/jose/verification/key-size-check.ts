import { ALGORITHM_TRAITS } from "../algorithms.ts";
import { type Check, fail, pass, skip, warn } from "./check.ts";
import type { PinnedKey } from "./key-choice.ts";

/** Below these sizes a key can be broken or guessed (NIST SP 800-131A), in bits. */
const BREAKABLE_BELOW: Readonly<Record<string, number>> = { RSA: 1024, oct: 112 };

/**
 * Warns of a small key (RFC 7518 sections 3.2 and 3.3), which still verifies but may not sign, and refuses one whose
 * signatures prove nothing.
 *
 * @param allowWeak take that one too, with a warning
 */
export function checkKeySize(key: PinnedKey | undefined, allowWeak: boolean): Check {
  if (key === undefined) return skip("key_size", "no key was chosen");
  const { alg, candidate } = key;
  const { jwk, bits } = candidate;
  const { minimumBits } = ALGORITHM_TRAITS[alg];
  if (minimumBits === undefined || bits === undefined) return pass("key_size", `fixed by ${alg}`);
  const breakable = BREAKABLE_BELOW[jwk.kty] ?? 0;
  if (bits < breakable && !allowWeak) {
    const why = `below ${breakable} bits it can be ${jwk.kty === "oct" ? "guessed" : "broken"}, and proves nothing`;
    return fail("key_size", "key_too_weak", `${bits} bits: ${why} (--allow-weak takes it, for teaching)`);
  }
  if (bits >= minimumBits) return pass("key_size", `${bits} bits`);
  return warn("key_size", `${bits} bits; ${alg} needs ${minimumBits}: it can be guessed`, "key_too_weak");
}
