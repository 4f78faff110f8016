import type { Unseen } from "../../core/authority/keys/life-cycle.ts";
import { AppError } from "../../core/base/errors.ts";
import { isoInstant } from "../../core/base/time/format.ts";

/** Why a key does not sign yet: verifiers that fetched the JWKS before it came would refuse its tokens. */
export function unseen({ key, until }: Unseen): AppError {
  return new AppError(
    "key_state_conflict",
    `the standby "${key.kid}" is too new to sign: verifiers that cached the JWKS before it came do not know it until ${isoInstant(until)}`,
    {
      hints: [
        "Publish it (jwtctl keys jwks --out FILE) and try again then",
        "To sign with it all the same, as after a theft: --now",
      ],
      data: { kid: key.kid, seen_at: isoInstant(until) },
    },
  );
}
