import type { KdfCosts } from "../core/authority/ports/crypto.ts";

/**
 * RFC 9106 section 4 asks for more memory than small machines have; these are OWASP's least for argon2id, and its rounds
 * of PBKDF2 for HMAC-SHA-256.
 */
export const KDF_COSTS: KdfCosts = { memoryCost: 19_456, timeCost: 2, rounds: 600_000 };
