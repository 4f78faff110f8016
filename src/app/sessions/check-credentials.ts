import type { PasswordHasher } from "../../core/authority/ports/crypto.ts";
import type { EndPasswordAttempt, UserStore } from "../../core/authority/ports/store.ts";
import { isPossiblePassword, passwordForm } from "../../core/authority/users/password-policy.ts";
import type { User } from "../../core/authority/users/user.ts";
import { AppError } from "../../core/base/errors.ts";
import type { Clock } from "../../core/base/ports.ts";
import { shellWord } from "../../core/base/text/wording.ts";
import { formatSpan, isoInstant } from "../../core/base/time/format.ts";

export interface CredentialPorts {
  readonly store: UserStore;
  readonly hasher: PasswordHasher;
  readonly clock: Clock;
}

export interface CheckedCredentials {
  readonly user: User;
  /** The stored hash of the password; {@link SessionStore.createSession} refuses when it has changed. */
  readonly passwordHash: string;
}

/**
 * Verifies a user's password. It does not reveal which names exist: an unknown name costs the same work and gets the
 * same answers as a wrong password, and that a user is disabled is said only after the right password. The attempt is
 * counted before the password is hashed, so that parallel guesses cannot pass the throttle
 * (core/authority/users/throttle.ts).
 *
 * @throws AppError `credentials_refused`, `login_throttled`, `user_disabled`
 */
export async function checkCredentials(
  input: { userName: string; password: string },
  ports: CredentialPorts,
): Promise<CheckedCredentials> {
  const { store, hasher, clock } = ports;
  const password = passwordForm(input.password);
  // No user has such a password. The limit is no secret.
  if (!isPossiblePassword(password)) throw credentialsRefused();
  const attempt = await store.beginPasswordAttempt(input.userName, clock.now());
  if (attempt.outcome === "throttled") throw throttled(input.userName, attempt.retryAt, clock.now());
  const { user, passwordHash } = attempt;
  const ended = (result: EndPasswordAttempt["result"]) =>
    store.endPasswordAttempt({ userId: user?.id ?? null, result }, clock.now());
  if (user === null || passwordHash === null) {
    await hasher.verifyNobody(password);
    await ended("wrong");
    throw credentialsRefused();
  }
  if (!(await hasher.verify(passwordHash, password))) {
    await ended("wrong");
    throw credentialsRefused();
  }
  await ended(user.status === "disabled" ? "disabled" : "right");
  if (user.status === "disabled") throw userDisabled(user.name);
  return { user, passwordHash: await upToDate(user.id, passwordHash, password, ports) };
}

/** Hashes the password anew when its hash has other parameters than today's. */
async function upToDate(
  userId: string,
  hash: string,
  password: string,
  { store, hasher, clock }: CredentialPorts,
): Promise<string> {
  if (!hasher.needsRehash(hash)) return hash;
  const to = await hasher.hash(password);
  if ((await store.rehashPassword({ userId, from: hash, to }, clock.now())) === "replaced") return to;
  // Another login was quicker, or the password was changed while this one was checked.
  const present = await store.readPasswordHash(userId);
  if (present !== null && (await hasher.verify(present, password))) return present;
  throw credentialsRefused();
}

export function credentialsRefused(): AppError {
  return new AppError("credentials_refused", "user name or password is wrong", {
    hints: ["Check both; they are told apart nowhere, so that nobody can find out who has an account"],
  });
}

/** The refusal while the throttle waits; the same for an unknown name. */
function throttled(userName: string, retryAt: number, now: number): AppError {
  // Rounded up to a full second, so that the wait is over then.
  const until = Math.ceil(retryAt / 1000) * 1000;
  const left = Math.max(1000, until - now);
  const wait = formatSpan(left, Math.ceil);
  return new AppError(
    "login_throttled",
    `too many wrong passwords for this user: nobody can log in before ${isoInstant(until)}`,
    {
      hints: [
        `Try again in ${wait}, or have an operator end the wait: jwtctl users unlock ${shellWord(userName)}`,
      ],
      data: { retry_at: isoInstant(until), retry_after: Math.ceil(left / 1000) },
    },
  );
}

export function userDisabled(name: string): AppError {
  return new AppError("user_disabled", `the user "${name}" is disabled`, {
    hints: [`To let them log in again: jwtctl users enable ${shellWord(name)}`],
    data: { user: name },
  });
}
