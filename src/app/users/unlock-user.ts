import type { UserStore, UserSummary } from "../../core/authority/ports/store.ts";
import type { Clock } from "../../core/base/ports.ts";
import { requireUser, userNotFound } from "./find-user.ts";

export interface UserUnlocked {
  /** As the user was before: how many attempts had failed, and until when there was a wait. */
  readonly user: UserSummary;
  /** False when no attempt had failed. */
  readonly changed: boolean;
}

/** Forgets the wrong passwords that were tried, and so ends the wait. @throws AppError `user_not_found` */
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
