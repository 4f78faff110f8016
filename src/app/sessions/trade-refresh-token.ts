import type { Entitlement } from "./grant.ts";
import type { SessionPorts } from "./ports.ts";
import { rotationRefusal } from "./refusals.ts";

/**
 * Trades a refresh token for its successor (RFC 9700 section 4.14.2). When it returns, the trade is durable; when it
 * throws a refusal, so is what the refusal brought about.
 *
 * @param successor a new secret
 * @throws AppError `refresh_unknown`, `refresh_reused`, `refresh_superseded`, `refresh_revoked`, `refresh_expired`,
 *   `user_disabled`, `clock_went_back`
 */
export async function tradeRefreshToken(
  input: { token: string; successor: string },
  { store, secrets, clock }: Pick<SessionPorts, "store" | "secrets" | "clock">,
): Promise<Entitlement> {
  const { token, successor } = input;
  const settings = await store.readSettings();
  const now = clock.now();
  const result = await store.rotateRefreshToken(
    {
      tokenHash: secrets.hash(token),
      successorHash: secrets.hash(successor),
      sealedSuccessor: secrets.seal(token, successor),
      reuseWindow: settings.reuse_window * 1000,
      idleLifetime: settings.refresh_idle * 1000,
    },
    now,
  );
  if (result.outcome !== "rotated" && result.outcome !== "replayed") throw rotationRefusal(result);
  const { user, login } = result;
  const refreshToken = result.outcome === "rotated" ? successor : secrets.open(token, result.sealedSuccessor);
  return { user, login, refreshToken, settings, now };
}
