import type { UserStore, UserSummary } from "../../core/authority/ports/store.ts";
import { AppError } from "../../core/base/errors.ts";

/** Finds a user by name, in any case. @throws AppError `user_not_found` */
export async function requireUser(name: string, store: UserStore, now: number): Promise<UserSummary> {
  const user = await store.findUser(name, now);
  if (user === null) throw userNotFound(name);
  return user;
}

export function userNotFound(name: string): AppError {
  return new AppError("user_not_found", `there is no user "${name}" in this store`, {
    hints: ["List the users with: jwtctl users list"],
  });
}
