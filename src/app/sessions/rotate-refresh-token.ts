import type { RotateRefreshToken, RotationResult } from "../../core/authority/ports/store.ts";
import type { GrantedSession } from "./issue-token-set.ts";
import type { SessionPorts } from "./ports.ts";
import { rotationRefusal } from "./rotation-refusal.ts";

type TradePorts = Pick<SessionPorts, "store" | "secrets" | "clock">;

/**
 * Trades a refresh token for its successor (RFC 9700 section 4.14.2). When it returns, the trade is durable; when it
 * throws a refusal, so is what the refusal brought about.
 *
 * @param successor a new secret
 * @param presentedAt ms: when the token was given, for the reuse window; what came in between may have taken a while
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

/** Nothing waits so often for the store in the same moment. */
const ATTEMPTS = 5;

/**
 * The store knows how long it was waited for, but not how long this process stood still before it asked: its clock then
 * looks as if it had gone back, when another one has traded the token meanwhile. It is read again.
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
