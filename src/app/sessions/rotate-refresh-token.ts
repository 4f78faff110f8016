import type { RotateRefreshToken, RotationResult } from "../../core/authority/ports/store.ts";
import type { GrantedSession } from "./issue-token-set.ts";
import type { SessionPorts } from "./ports.ts";
import { rotationRefusal } from "./rotation-refusal.ts";

type TradePorts = Pick<SessionPorts, "store" | "secrets" | "clock">;

/**
 * Rotates a refresh token (RFC 9700 section 4.14.2). When it returns the rotation is durable; when it throws a refusal,
 * so is the revocation that came with it.
 *
 * @param successor a new secret
 * @param presentedAt when the token was presented, in ms; the reuse window counts up to here
 * @throws AppError `refresh_unknown`, `refresh_reused`, `refresh_superseded`, `refresh_revoked`, `refresh_expired`,
 *   `user_disabled`, `clock_went_back`
 */
export async function rotateRefreshToken(
  { token, successor, presentedAt }: { token: string; successor: string; presentedAt: number },
  ports: TradePorts,
): Promise<GrantedSession> {
  const { store, secrets } = ports;
  const settings = await store.readSettings();
  const rotation = {
    tokenHash: secrets.hash(token),
    successorHash: secrets.hash(successor),
    sealedSuccessor: secrets.seal(token, successor),
    reuseWindow: settings.reuse_window * 1000,
    idleLifetime: settings.refresh_idle * 1000,
    presentedAt,
  };
  const { result, now } = await rotate(rotation, ports);
  if (result.outcome !== "rotated" && result.outcome !== "replayed") throw rotationRefusal(result);
  const { user, session } = result;
  const refreshToken = result.outcome === "rotated" ? successor : secrets.open(token, result.sealedSuccessor);
  return { user, session, refreshToken, settings, now };
}

/** How often the clock is read anew before it counts as set back. */
const ATTEMPTS = 5;

/**
 * Rotates with a clock that may be stale: when this process stood still and another rotated the token meanwhile, its
 * clock looks as if it had been set back. Then it is read again.
 */
async function rotate(
  rotation: RotateRefreshToken,
  { store, clock }: TradePorts,
): Promise<{ result: RotationResult; now: number }> {
  for (let attempt = 1; ; attempt++) {
    const now = clock.now();
    const result = await store.rotateRefreshToken(rotation, now);
    const clockIsBehind = result.outcome === "clock_went_back" && clock.now() < result.consumedAt;
    if (result.outcome !== "clock_went_back" || clockIsBehind || attempt === ATTEMPTS) return { result, now };
  }
}
