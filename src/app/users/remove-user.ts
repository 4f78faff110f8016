import type { UserStore, UserSummary } from "../../core/authority/ports/store.ts";
import type { Clock } from "../../core/base/ports.ts";
import { requireUser, userNotFound } from "./find-user.ts";

export interface RemoveUserInput {
  readonly name: string;
  /** Asks for confirmation; throws to cancel. */
  readonly confirm: (user: UserSummary) => Promise<void>;
}

/**
 * Removes a user and revokes their sessions, which stay on record.
 * @throws AppError `user_not_found`, what `confirm` throws
 */
export async function removeUser(
  input: RemoveUserInput,
  ports: { store: UserStore; clock: Clock },
): Promise<{ readonly user: UserSummary; readonly revoked: readonly string[] }> {
  const { store, clock } = ports;
  const user = await requireUser(input.name, store, clock.now());
  await input.confirm(user);
  const result = await store.removeUser(user.id, clock.now());
  if (result === null) throw userNotFound(input.name);
  return { user, revoked: result.revoked };
}
