import { requireCurrentSession } from "../../app/sessions/current-session.ts";
import { changePassword } from "../../app/users/change-password.ts";
import type { Store } from "../../core/authority/ports/store.ts";
import { userNameKey } from "../../core/authority/users/user.ts";
import { AppError } from "../../core/base/errors.ts";
import { passwordChangedJson, passwordChangedText } from "../../output/users/change-view.ts";
import type { Needs } from "../command.ts";
import { defineVerb } from "../command.ts";
import { noteAccessTokens } from "../login/access-token-note.ts";
import { EXCESS_HINT, newPassword, PASSWORD_OPTIONS } from "../password-input.ts";
import { ALLOW_WEAK_PASSWORD, USER } from "./user-options.ts";

export const passwd = defineVerb({
  arguments: { name: USER },
  options: {
    ...PASSWORD_OPTIONS,
    keepCurrent: { help: "the current login of this user goes on; the others end" },
    allowWeakPassword: ALLOW_WEAK_PASSWORD,
  },
  excessHint: EXCESS_HINT,
  examples: [
    ["jwtctl users passwd alice", "asks for a new password twice, and ends alice's logins"],
    ["jwtctl users passwd alice --keep-current", "ends all of alice's logins but the one saved here"],
  ],
  async run(
    { name, keepCurrent, allowWeakPassword, ...chosen },
    { terminal, files, passwordHasher, ...ports },
  ) {
    const current = keepCurrent ? await currentSessionOf(name, ports) : undefined;
    const { store, clock } = await ports.storeAndClock();
    const kept = current === undefined ? undefined : await ifActive(current, store, clock.now());
    const { user, weak, revoked } = await changePassword(
      {
        name,
        allowWeakPassword,
        keepSession: kept,
        password: (found) => newPassword(chosen, found.name, { terminal, files }),
      },
      { store, hasher: await passwordHasher(), clock },
    );
    const view = { name: user.name, weak, revoked, kept };
    terminal.show({
      json: () => passwordChangedJson(view),
      text: (style) => passwordChangedText(view, style),
    });
    await noteAccessTokens(revoked, terminal, store);
  },
});

/** The login, unless it has ended: then there is nothing that could go on. */
async function ifActive(id: string, store: Store, now: number): Promise<string | undefined> {
  const session = await store.findSession(id, now);
  return session?.status === "active" ? session.id : undefined;
}

/** The id of the current login, when it is this user's in this store. */
async function currentSessionOf(
  name: string,
  { currentSession, absoluteStorePath }: Needs<"currentSession" | "absoluteStorePath">,
): Promise<string> {
  const { user, sessionId, db } = await requireCurrentSession(await currentSession());
  if (userNameKey(user) !== userNameKey(name) || db !== (await absoluteStorePath())) {
    throw new AppError("usage", `--keep-current: the current login is of "${user}" in the store ${db}`, {
      hints: ["Leave --keep-current out to end every login of the user"],
    });
  }
  return sessionId;
}
