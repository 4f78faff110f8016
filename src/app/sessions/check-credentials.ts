import { AppError } from "../../core/errors.ts";
import type { PasswordHasher } from "../../core/ports/crypto.ts";
import type { UserStore, UserSummary } from "../../core/ports/store.ts";
import type { Clock } from "../../core/ports/system.ts";
import { isPossiblePassword, passwordForm } from "../../core/sessions/password-policy.ts";
import { shellWord } from "../../core/shell-word.ts";

export interface CredentialPorts {
  readonly store: UserStore;
  readonly hasher: PasswordHasher;
  readonly clock: Clock;
}

export interface CheckedCredentials {
  readonly user: UserSummary;
  /** The hash that stands for the password now; {@link LoginStore.createLogin} refuses when it has changed. */
  readonly passwordHash: string;
}

/**
 * Finds out whether a password is a user's. Names cannot be collected with it: an unknown name costs the same work and
 * gets the same answer as a wrong password, and that a user is disabled is told only to who knows the password.
 *
 * @throws AppError `credentials_refused`, `user_disabled`
 */
export async function checkCredentials(
  input: { userName: string; password: string },
  ports: CredentialPorts,
): Promise<CheckedCredentials> {
  const { store, hasher } = ports;
  const password = passwordForm(input.password);
  // Nobody has it; and it is no secret how long a password may be.
  if (!isPossiblePassword(password)) throw credentialsRefused();
  const user = await store.findUser(input.userName, ports.clock.now());
  const hash = user === null ? null : await store.readPasswordHash(user.id);
  if (user === null || hash === null) {
    await hasher.verifyNobody(password);
    throw credentialsRefused();
  }
  if (!(await hasher.verify(hash, password))) throw credentialsRefused();
  if (user.status === "disabled") throw userDisabled(user.name);
  return { user, passwordHash: await upToDate(user.id, hash, password, ports) };
}

/** Hashes anew what was hashed with other parameters than today's, now that the password is at hand. */
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

export function userDisabled(name: string): AppError {
  return new AppError("user_disabled", `the user "${name}" is disabled`, {
    hints: [`To let them log in again: jwtctl users enable ${shellWord(name)}`],
    data: { user: name },
  });
}
