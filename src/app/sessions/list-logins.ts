import { AppError } from "../../core/errors.ts";
import type { LoginFilter, LoginStore, UserStore } from "../../core/ports/store.ts";
import type { Clock } from "../../core/ports/system.ts";
import type { Login } from "../../core/sessions/login.ts";
import { requireUser } from "../users/find-user.ts";

export interface ListLoginsInput extends Omit<LoginFilter, "userId"> {
  readonly user?: string;
}

/** @throws AppError `user_not_found`, `usage` for a limit below 1 */
export async function listLogins(
  { user, ...filter }: ListLoginsInput,
  { store, clock }: { store: LoginStore & UserStore; clock: Clock },
): Promise<readonly Login[]> {
  const now = clock.now();
  if (filter.limit !== undefined && filter.limit < 1)
    throw new AppError("usage", "--limit must be 1 or more");
  if (user === undefined) return store.listLogins(filter, now);
  const { id } = await requireUser(user, store, now);
  return store.listLogins({ ...filter, userId: id }, now);
}
