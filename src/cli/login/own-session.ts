import { requireCurrentSession } from "../../app/sessions/current-session.ts";
import type { CurrentSession } from "../../core/authority/sessions/current-session.ts";
import { userNameKey } from "../../core/authority/users/user.ts";
import { AppError } from "../../core/base/errors.ts";
import type { Needs } from "../command.ts";

/**
 * The current login, when it is this user's in the store of this command.
 *
 * @param flag the option that asks for it, for messages
 * @param user any user when undefined
 * @throws AppError `not_logged_in`; `usage` when it is somebody else's or in another store
 */
export async function ownSession(
  flag: string,
  user: string | undefined,
  { currentSession, absoluteStorePath }: Needs<"currentSession" | "absoluteStorePath">,
): Promise<CurrentSession> {
  const current = await requireCurrentSession(await currentSession());
  const isTheirs = user === undefined || userNameKey(current.user) === userNameKey(user);
  if (isTheirs && current.db === (await absoluteStorePath())) return current;
  throw new AppError(
    "usage",
    `${flag}: the current login is of "${current.user}" in the store ${current.db}`,
    {
      hints: [`Leave ${flag} out to end every login of the user`],
    },
  );
}
