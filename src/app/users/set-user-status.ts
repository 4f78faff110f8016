import type { UserStore, UserSummary } from "../../core/authority/ports/store.ts";
import type { UserStatus } from "../../core/authority/users/user.ts";
import type { Clock } from "../../core/base/ports.ts";
import { requireUser, userNotFound } from "./find-user.ts";

export interface UserStatusSet {
  readonly user: UserSummary;
  readonly status: UserStatus;
  /** False when the user had this status before. */
  readonly changed: boolean;
  readonly revoked: readonly string[];
}

/** Disables a user and revokes their sessions, or enables a user. @throws AppError `user_not_found` */
export async function setUserStatus(
  input: { name: string; status: UserStatus },
  ports: { store: UserStore; clock: Clock },
): Promise<UserStatusSet> {
  const { store, clock } = ports;
  const now = clock.now();
  const user = await requireUser(input.name, store, now);
  const result = await store.setUserStatus(user.id, input.status, now);
  if (result === null) throw userNotFound(input.name);
  return { user, status: input.status, ...result };
}
