import type { PasswordHasher } from "../../core/authority/ports/crypto.ts";
import type { TokenSet } from "../../core/authority/sessions/current-session.ts";
import { acceptClientId, createId } from "../../core/authority/sessions/ids.ts";
import { beginSession } from "../../core/authority/sessions/session.ts";
import { checkCredentials, credentialsRefused, userDisabled } from "./check-credentials.ts";
import { issueTokenSet } from "./issue-token-set.ts";
import type { SessionPorts } from "./ports.ts";

export interface LogInInput {
  readonly userName: string;
  readonly password: string;
  readonly clientId: string;
}

/**
 * Starts a session: checks the password and issues an access token and the first refresh token. All hashing and the
 * opening of the signing key come before the write; the tokens are returned only after it.
 *
 * @throws AppError `credentials_refused`, `login_throttled`, `user_disabled`, `usage`, and what opening the signing key
 *   throws
 */
export async function logIn(
  input: LogInInput,
  ports: SessionPorts & { hasher: PasswordHasher },
): Promise<TokenSet> {
  const { store, secrets, clock } = ports;
  const clientId = acceptClientId(input.clientId);
  const { user, passwordHash } = await checkCredentials(input, ports);
  const settings = await store.readSettings();
  const sign = await ports.accessTokens.prepare();
  const refreshToken = secrets.create();
  const now = clock.now();
  const session = beginSession({ id: createId(ports.random), user, clientId, settings }, now);
  const outcome = await store.createSession(
    {
      id: session.id,
      userId: user.id,
      passwordHash,
      clientId,
      tokenHash: secrets.hash(refreshToken),
      idleExpiresAt: session.idleExpiresAt,
      expiresAt: session.expiresAt,
    },
    now,
  );
  // The user was changed meanwhile: the answer is that of a later attempt.
  if (outcome === "user_disabled") throw userDisabled(user.name);
  if (outcome !== "created") throw credentialsRefused();
  return issueTokenSet({ user, session, refreshToken, settings, now }, sign);
}
