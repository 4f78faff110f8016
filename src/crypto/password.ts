import { hash, parseOptions, verify } from "@node-rs/argon2";
import type { KdfCosts, PasswordHasher } from "../core/authority/ports/crypto.ts";
import { AppError } from "../core/base/errors.ts";
import { KDF_COSTS } from "./kdf-costs.ts";

/** The package's number of argon2id; its own constant is a TypeScript `const enum`. */
const ARGON2ID = 2;
/** The package's number of Argon2 version 1.3 (RFC 9106). */
const VERSION_1_3 = 1;

/** Hashes and verifies passwords as argon2id PHC strings. The password policy is applied by callers. */
export function createPasswordHasher({
  memoryCost,
  timeCost,
}: Pick<KdfCosts, "memoryCost" | "timeCost"> = KDF_COSTS): PasswordHasher {
  const today = { algorithm: ARGON2ID, version: VERSION_1_3, memoryCost, timeCost, parallelism: 1 };
  return {
    hash: (password) => hash(password, today),

    async verify(phc, password) {
      parametersOf(phc);
      return verify(phc, password);
    },

    async verifyNobody(password) {
      // The same work as a verification with today's parameters.
      await hash(password, today);
    },

    needsRehash(phc) {
      const made = parametersOf(phc);
      return Object.entries(today).some(([name, value]) => made[name as keyof typeof today] !== value);
    },
  };
}

/** KiB; four times what RFC 9106 section 4 recommends for machines with little memory. */
const MOST_MEMORY = 2 ** 18;
/** KiB times passes; takes about a second. */
const MOST_WORK = 2 ** 20;

/**
 * Parses the parameters of a PHC string.
 *
 * @throws AppError `store_corrupt` for anything but an argon2 PHC string, and for one with excessive memory or time,
 *   which jwtctl never wrote
 */
function parametersOf(phc: string): ReturnType<typeof parseOptions> {
  const parameters = parsed(phc);
  const { memoryCost, timeCost } = parameters;
  if (memoryCost > MOST_MEMORY || memoryCost * timeCost > MOST_WORK) throw damaged();
  return parameters;
}

function parsed(phc: string): ReturnType<typeof parseOptions> {
  try {
    return parseOptions(phc);
  } catch {
    throw damaged();
  }
}

function damaged(): AppError {
  return new AppError("store_corrupt", "a password hash in the store is damaged", {
    hints: ["Restore the store from a backup, or set a new password with: jwtctl users passwd NAME"],
  });
}
