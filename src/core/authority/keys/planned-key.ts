import type { JwsAlgorithm } from "../../jose/algorithms.ts";
import type { SigningKey } from "./signing-key.ts";

/** The key that a dry run would generate. It does not exist, and so has no kid. */
export interface PlannedKey extends Omit<SigningKey, "kid"> {
  readonly kid: null;
}

/** The key that would be generated at `now` (ms). */
export function plannedKey(alg: JwsAlgorithm, state: "standby" | "active", now: number): PlannedKey {
  return {
    kid: null,
    alg,
    state,
    publicJwk: null,
    hasPrivate: true,
    createdAt: now,
    activatedAt: state === "active" ? now : null,
    retiresAt: null,
    revokedAt: null,
    maxExp: null,
    signedWithoutExp: false,
  };
}
