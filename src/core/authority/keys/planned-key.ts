import type { JwsAlgorithm } from "../../jose/algorithms.ts";
import type { SigningKey } from "./signing-key.ts";

/** A key that a dry run would make: everything but the key, and so without a kid. */
export interface PlannedKey extends Omit<SigningKey, "kid"> {
  readonly kid: null;
}

/** What `alg` in this state would be listed as, made `now` (ms). */
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
