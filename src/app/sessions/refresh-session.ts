import type { CurrentSession, TokenSet } from "../../core/authority/sessions/current-session.ts";
import { AppError } from "../../core/base/errors.ts";
import type { Clock } from "../../core/base/ports.ts";
import { acceptRefreshToken } from "./accept-refresh-token.ts";
import { type CurrentSessionPorts, currentRefreshToken, requireCurrentSession } from "./current-session.ts";
import { issueTokenSet } from "./issue-token-set.ts";
import type { SessionPorts } from "./ports.ts";
import { prepareSigning } from "./prepare-signing.ts";
import { rotateRefreshToken } from "./rotate-refresh-token.ts";

/** An access token with less than this (ms) before it expires is not handed out any more. */
export const ACCESS_TOKEN_MARGIN = 30_000;

/**
 * Refreshes the current session.
 *
 * The order makes it safe to be killed at any moment and to be run twice at once. Everything that may need a person or
 * may fail comes first. Then, one process at a time: read again what is saved, write down the successor beside the old
 * token, trade, sign, save. A crash after the trade finds the successor saved; a crash before it finds the old token
 * unused.
 *
 * @param input.margin ms: the saved access token is kept when it lives longer than this; null to refresh in any case
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

/** A process that stood still so long that another took its place, and that more than once, is not left to itself. */
const ATTEMPTS = 3;

/** @returns undefined when another process took this one's place meanwhile: what it saved is to be looked at anew */
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
    // The token that was saved before may have bought nothing, and this one does.
    const sign = prepared ?? (await prepareSigning({ token, presentedAt }, session));
    const successor = session.secrets.create();
    await current.write({ ...saved, refreshToken: token, nextRefreshToken: successor });
    // A process that is stopped loses the lock after a while: a token that another has used meanwhile must not be
    // presented again, and what it has saved must not be overwritten.
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
 * A refresh token for an access token and the next refresh token. Whoever loses the answer gets the same one again
 * with the same token, within the reuse window.
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
