import type { SessionFilter, SessionStore, UserStore } from "../../core/authority/ports/store.ts";
import type { Session } from "../../core/authority/sessions/session.ts";
import { AppError } from "../../core/base/errors.ts";
import type { Clock } from "../../core/base/ports.ts";
import { userNotFound } from "../users/find-user.ts";

export interface ListSessionsInput extends Omit<SessionFilter, "userId" | "removedUserName"> {
  readonly user?: string;
}

/**
 * A name means the user who has it now. When nobody has it, it means whoever had it last: sessions stay on record under
 * the name of a user who was removed. Both are never mixed, for they are not the same account.
 *
 * @throws AppError `user_not_found` when nobody ever had it, or no session is on record; `usage` for a limit below 1
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
