import type { SessionFilter, SessionStore, UserStore } from "../../core/authority/ports/store.ts";
import type { Session } from "../../core/authority/sessions/session.ts";
import { AppError } from "../../core/base/errors.ts";
import type { Clock } from "../../core/base/ports.ts";
import { userNotFound } from "../users/find-user.ts";

export interface ListSessionsInput extends Omit<SessionFilter, "userId" | "removedUserName"> {
  readonly user?: string;
}

/**
 * Lists sessions. A user name means the user who has it now, or else the removed user who had it, whose sessions stay
 * on record. The two are never mixed: they are different accounts.
 *
 * @throws AppError `user_not_found` for a name without user and without recorded sessions; `usage` for a limit below 1
 */
export async function listSessions(
  { user, ...filter }: ListSessionsInput,
  { store, clock }: { store: SessionStore & UserStore; clock: Clock },
): Promise<readonly Session[]> {
  const now = clock.now();
  if (filter.limit !== undefined && filter.limit < 1)
    throw new AppError("usage", "--limit must be 1 or more");
  if (user === undefined) return store.listSessions(filter, now);
  const present = await store.findUser(user, now);
  if (present !== null) return store.listSessions({ ...filter, userId: present.id }, now);
  const onRecord = { removedUserName: user };
  const found = await store.listSessions({ ...filter, ...onRecord }, now);
  if (found.length > 0 || (await store.listSessions({ ...onRecord, limit: 1 }, now)).length > 0) return found;
  throw userNotFound(user);
}
