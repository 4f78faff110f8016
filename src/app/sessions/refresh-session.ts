import type { RotateRefreshToken, RotationResult } from "../../core/authority/ports/store.ts";
import type { CurrentSession, TokenSet } from "../../core/authority/sessions/current-session.ts";
import { AppError } from "../../core/base/errors.ts";
import type { Clock } from "../../core/base/ports.ts";
import { acceptRefreshToken } from "./accept-refresh-token.ts";
import { type CurrentSessionPorts, currentRefreshToken, requireCurrentSession } from "./current-session.ts";
import { type GrantedSession, issueTokenSet } from "./issue-token-set.ts";
import type { SessionPorts } from "./ports.ts";
import { prepareSigning } from "./prepare-signing.ts";
import { rotationRefusal } from "./rotation-refusal.ts";

/** The shortest remaining lifetime of a saved access token that is still handed out, in ms. */
export const ACCESS_TOKEN_MARGIN = 30_000;

/**
 * Refreshes the current session.
 *
 * Safe to be killed at any moment and to be run by several processes at once. What may prompt or fail comes first.
 * Then, one process at a time: read the saved session again, save the successor beside the old token, rotate, sign,
 * save. After a crash the successor is saved if the rotation was committed, and the old token is unused if not.
 *
 * @param input.margin keep a saved access token that lives longer than this (ms); null: refresh in any case
 * @throws AppError `not_logged_in`, and those of {@link rotateRefreshToken}
 */
export async function refreshCurrent(
  { margin }: { margin: number | null },
  ports: CurrentSessionPorts & { clock: Clock },
): Promise<CurrentSession> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const session = await refreshOnce({ margin }, ports);
    if (session !== undefined) return session;
  }
  throw new AppError(
    "not_logged_in",
    "other processes changed the current login each time it was refreshed",
    {
      hints: ["Run the command again"],
    },
  );
}

/** How often a refresh is tried anew after another process took over the lock. */
const ATTEMPTS = 3;

/** @returns undefined when another process took over the lock meanwhile and has saved another session */
async function refreshOnce(
  { margin }: { margin: number | null },
  ports: CurrentSessionPorts & { clock: Clock },
): Promise<CurrentSession | undefined> {
  const { current, clock } = ports;
  const isFresh = (session: CurrentSession) =>
    margin !== null && session.accessExpiresAt - clock.now() >= margin;
  const found = await requireCurrentSession(current);
  if (isFresh(found)) return found;
  const session = await ports.open(found);
  const prepared = await prepareSigning(
    { token: await currentRefreshToken(found, session), presentedAt: clock.now() },
    session,
  );
  return current.exclusively(async () => {
    const saved = await requireCurrentSession(current);
    // Another process was quicker while this one waited, perhaps for a passphrase.
    if (isFresh(saved)) return saved;
    if (saved.db !== found.db) throw replaced();
    const token = await currentRefreshToken(saved, session);
    const presentedAt = clock.now();
    // The token that was saved earlier may have been refused, while this one is not.
    const sign = prepared ?? (await prepareSigning({ token, presentedAt }, session));
    const successor = session.secrets.create();
    await current.write({ ...saved, refreshToken: token, nextRefreshToken: successor });
    // A stopped process loses the lock after a while. Then it must neither present a token that another process has
    // used, nor overwrite what that one has saved.
    const isOurs = async () => (await current.read())?.nextRefreshToken === successor;
    if (!(await isOurs())) return undefined;
    const traded = await rotateRefreshToken({ token, successor, presentedAt }, session);
    const tokens = await issueTokenSet(traded, sign ?? (await session.accessTokens.prepare()));
    if (!(await isOurs())) return undefined;
    const renewed = { ...tokens, db: saved.db, nextRefreshToken: null };
    await current.write(renewed);
    return renewed;
  });
}

function replaced(): AppError {
  return new AppError("not_logged_in", "the current login was replaced by one of another store meanwhile", {
    hints: ["Run the command again"],
  });
}

/**
 * Refreshes the session of a given refresh token: returns an access token and the next refresh token. The same token
 * again gets the same answer within the reuse window.
 *
 * @param text the refresh token, perhaps with white space around it
 * @throws AppError `refresh_malformed`, those of {@link rotateRefreshToken}, and what opening the signing key throws
 */
export async function refreshGiven(text: string, ports: SessionPorts): Promise<TokenSet> {
  const token = acceptRefreshToken(text, ports.secrets);
  const presentedAt = ports.clock.now();
  const sign = await prepareSigning({ token, presentedAt }, ports);
  const traded = await rotateRefreshToken({ token, successor: ports.secrets.create(), presentedAt }, ports);
  return issueTokenSet(traded, sign ?? (await ports.accessTokens.prepare()));
}

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
const CLOCK_READINGS = 5;

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
    if (result.outcome !== "clock_went_back" || clockIsBehind || attempt === CLOCK_READINGS)
      return { result, now };
  }
}
