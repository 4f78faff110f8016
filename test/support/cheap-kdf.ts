import type { KdfCosts } from "../../src/core/authority/ports/crypto.ts";

/** For tests that are not about guessing: what they derive is worth nothing to anybody. */
export const CHEAP_KDF: KdfCosts = { memoryCost: 64, timeCost: 1, rounds: 1_000 };
