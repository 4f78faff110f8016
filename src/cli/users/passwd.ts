import { changePassword } from "../../app/users/change-password.ts";
import type { Store } from "../../core/authority/ports/store.ts";
import { passwordChangedJson, passwordChangedText } from "../../output/users/change-view.ts";
import { defineVerb } from "../command.ts";
import { noteAccessTokens } from "../login/access-token-note.ts";
import { ownSession } from "../login/own-session.ts";
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
    const current = keepCurrent ? await ownSession("--keep-current", name, ports) : undefined;
    const { store, clock } = await ports.storeAndClock();
    const kept = current === undefined ? undefined : await ifActive(current.sessionId, store, clock.now());
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
