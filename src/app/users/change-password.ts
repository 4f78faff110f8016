import type { PasswordHasher } from "../../core/authority/ports/crypto.ts";
import type { UserStore, UserSummary } from "../../core/authority/ports/store.ts";
import type { Clock } from "../../core/base/ports.ts";
import { requireUser, userNotFound } from "./find-user.ts";
import { type PasswordSource, requestPassword } from "./request-password.ts";

export interface ChangePasswordInput {
  readonly name: string;
  /** Called when the user was found. */
  readonly password: (user: UserSummary) => PasswordSource;
  readonly allowWeakPassword: boolean;
  /** The id of the user's session to keep; all others are revoked. */
  readonly keepSession: string | undefined;
}

export interface PasswordChanged {
  readonly user: UserSummary;
  readonly weak: boolean;
  /** The ids of the revoked sessions. */
  readonly revoked: readonly string[];
}

/**
 * Changes a user's password and revokes the user's sessions.
 * @throws AppError `user_not_found`, `password_rejected`
 */
export async function changePassword(
  input: ChangePasswordInput,
  ports: { store: UserStore; hasher: PasswordHasher; clock: Clock },
): Promise<PasswordChanged> {
  const { store, clock } = ports;
  const user = await requireUser(input.name, store, clock.now());
  const { password, weak } = await requestPassword(input.password(user), {
    userName: user.name,
    allowWeak: input.allowWeakPassword,
  });
  const change = {
    userId: user.id,
    passwordHash: await ports.hasher.hash(password),
    weakPassword: weak,
    ...(input.keepSession === undefined ? {} : { keepSession: input.keepSession }),
  };
  const changed = await store.changePassword(change, clock.now());
  if (changed === null) throw userNotFound(input.name);
  return { user, weak, revoked: changed.revoked };
}
