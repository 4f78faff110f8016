import { logIn } from "../../app/sessions/log-in.ts";
import { requireSavable, saveNewSession } from "../../app/sessions/save-session.ts";
import type { Store } from "../../core/authority/ports/store.ts";
import type { CurrentSession } from "../../core/authority/sessions/current-session.ts";
import { DEFAULT_CLIENT_ID } from "../../core/authority/sessions/ids.ts";
import { tokenResponseJson, tokensText } from "../../output/sessions/token-set-view.ts";
import { defineVerb } from "../command.ts";
import { EXCESS_HINT, existingPassword, PASSWORD_OPTIONS } from "../password-input.ts";
import type { Terminal } from "../terminal.ts";

const NEXT = [
  'curl -H "Authorization: Bearer $(jwtctl access-token)" https://…',
  "jwtctl logout ends the login",
];

export const login = defineVerb({
  arguments: {
    user: { help: "the user's name; asked for when left out", optional: true, completes: "user" },
  },
  options: {
    ...PASSWORD_OPTIONS,
    clientId: { value: "id", help: "the client_id of the tokens", default: DEFAULT_CLIENT_ID },
    noSave: { help: "print the tokens and keep the current login as it is" },
  },
  excessHint: EXCESS_HINT,
  examples: [
    ["jwtctl login alice", "asks for the password; the tokens are saved and stay off the screen"],
    ["jwtctl login alice --json", "the OAuth 2.0 token response, both tokens in it"],
    ["pass show alice | jwtctl login alice --password-stdin", "for scripts: no question"],
  ],
  async run({ user, clientId, noSave, ...chosen }, { terminal, files, passwordHasher, ...ports }) {
    // What can fail without the password comes first: no password is typed in vain.
    const store = await ports.store();
    const current = noSave ? undefined : await ports.currentSession();
    if (current) await requireSavable(current);
    const userName = user ?? (await terminal.askText("User name:", "an argument: jwtctl login NAME"));
    const password = await existingPassword(chosen, userName, { terminal, files });
    const sessions = { ...(await ports.sessionPorts()), hasher: await passwordHasher() };
    const tokens = await logIn({ userName, password, clientId }, sessions);
    const db = await ports.absoluteStorePath();
    const replaced = current ? await saveNewSession(tokens, db, { ...sessions, current }) : null;
    const savedIn = noSave ? undefined : await ports.credentialsPath();
    const shown = { tokens, event: "logged in as", savedIn, withTokens: noSave };
    terminal.show({
      json: () => tokenResponseJson(tokens),
      text: (style) => tokensText(shown, ports.time().utcOffset, style),
    });
    if (replaced) await noteReplaced(replaced, db, { terminal, store, now: ports.now() });
    if (!noSave) terminal.next(NEXT);
  },
});

/** The session saved before is no longer at hand here, but it goes on; most people do not expect that. */
async function noteReplaced(
  { sessionId, user, db }: CurrentSession,
  here: string,
  { terminal, store, now }: { readonly terminal: Terminal; readonly store: Store; readonly now: number },
): Promise<void> {
  if (db !== here) {
    terminal.note(`the login of ${user} in ${db} was saved here before; it goes on until it ends by itself`);
    return;
  }
  const session = await store.findSession(sessionId, now);
  if (session?.status === "active") {
    terminal.note(
      `the login of ${user} saved here before goes on; end it with: jwtctl tokens revoke ${sessionId}`,
    );
  }
}
