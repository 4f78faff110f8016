import { requireCurrentSession } from "../../app/sessions/current-session.ts";
import { changePassword } from "../../app/users/change-password.ts";
import { userNameKey } from "../../core/authority/users/user.ts";
import { AppError } from "../../core/base/errors.ts";
import { passwordChangedJson, passwordChangedText } from "../../output/users/change-view.ts";
import type { Context } from "../context.ts";
import { noteAccessTokens } from "../login/access-token-note.ts";
import { currentSession } from "../login/current-login.ts";
import { options, type OldVerb as Verb } from "../old-command.ts";
import { EXCESS_HINT, newPassword, type PasswordOptions, passwordOptions } from "../password-input.ts";

interface Options extends PasswordOptions {
  readonly allowWeakPassword?: boolean;
  readonly keepCurrent?: boolean;
}

export const passwd: Verb = {
  configure: (command) =>
    passwordOptions(command.argument("<name>", "the user's name, in any case"))
      .option("--keep-current", "the current login of this user goes on; the others end")
      .option(
        "--allow-weak-password",
        "take a password of fewer than 15 characters, for teaching and testing",
      ),
  excessHint: EXCESS_HINT,
  examples: [
    ["jwtctl users passwd alice", "asks for a new password twice, and ends alice's logins"],
    ["jwtctl users passwd alice --keep-current", "ends all of alice's logins but the one saved here"],
  ],
  async run(context, invocation) {
    const chosen = options<Options>(invocation);
    const name = invocation.args[0] ?? "";
    const current = chosen.keepCurrent ? await currentSessionOf(context, name) : undefined;
    const store = await context.store();
    const kept = current === undefined ? undefined : await ifActive(context, current);
    const { user, weak, revoked } = await changePassword(
      {
        name,
        allowWeakPassword: chosen.allowWeakPassword ?? false,
        keepSession: kept,
        password: (found) => newPassword(context, chosen, found.name),
      },
      { store, hasher: await context.passwordHasher(), clock: context.runtime.clock },
    );
    const view = { name: user.name, weak, revoked, kept };
    context.show({
      json: () => passwordChangedJson(view),
      text: (style) => passwordChangedText(view, style),
    });
    await noteAccessTokens(context, revoked);
  },
};

/** The login, unless it has ended: then there is nothing that could go on. */
async function ifActive(context: Context, id: string): Promise<string | undefined> {
  const sessions = await (await context.store()).findSessions(id, context.now());
  return sessions.find((session) => session.id === id && session.status === "active")?.id;
}

/** The id of the current login, when it is this user's in this store. */
async function currentSessionOf(context: Context, name: string): Promise<string> {
  const { user, sessionId, db } = await requireCurrentSession(await currentSession(context));
  if (userNameKey(user) !== userNameKey(name) || db !== (await context.absoluteStorePath())) {
    throw new AppError("usage", `--keep-current: the current login is of "${user}" in the store ${db}`, {
      hints: ["Leave --keep-current out to end every login of the user"],
    });
  }
  return sessionId;
}
