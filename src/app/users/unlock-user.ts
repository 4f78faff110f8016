import type { UserStore, UserSummary } from "../../core/authority/ports/store.ts";
import type { Clock } from "../../core/base/ports.ts";
import { requireUser, userNotFound } from "./find-user.ts";

export interface UserUnlocked {
  /** The user before: with the number of failed attempts and the end of the wait. */
  readonly user: UserSummary;
  /** False when no attempt had failed. */
  readonly changed: boolean;
}

/** Resets the count of failed attempts, which ends the wait. @throws AppError `user_not_found` */
export async function unlockUser(
  name: string,
  { store, clock }: { store: UserStore; clock: Clock },
): Promise<UserUnlocked> {
  const now = clock.now();
  const user = await requireUser(name, store, now);
  const result = await store.unlockUser(user.id, now);
  if (result === null) throw userNotFound(name);
  return { user, changed: result.changed };
}
