import { logIn } from "../../app/sessions/log-in.ts";
import { requireSavable, saveNewSession } from "../../app/sessions/save-session.ts";
import type { CurrentSession, TokenSet } from "../../core/authority/sessions/current-session.ts";
import { DEFAULT_CLIENT_ID } from "../../core/authority/sessions/ids.ts";
import { tokenResponseJson, tokensText } from "../../output/sessions/token-set-view.ts";
import type { Context } from "../context.ts";
import { options, type OldVerb as Verb } from "../old-command.ts";
import { EXCESS_HINT, existingPassword, type PasswordOptions, passwordOptions } from "../password-input.ts";
import { currentSession } from "./current-login.ts";
import { sessionPorts } from "./session-ports.ts";

const NEXT = [
  'curl -H "Authorization: Bearer $(jwtctl access-token)" https://…',
  "jwtctl logout ends the login",
];

interface Options extends PasswordOptions {
  readonly clientId: string;
  /** False with --no-save. */
  readonly save: boolean;
}

export const login: Verb = {
  configure: (command) =>
    passwordOptions(command.argument("[user]", "the user's name; asked for when left out"))
      .option("--client-id <id>", "the client_id of the tokens", DEFAULT_CLIENT_ID)
      .option("--no-save", "print the tokens and keep the current login as it is"),
  excessHint: EXCESS_HINT,
  examples: [
    ["jwtctl login alice", "asks for the password; the tokens are saved and stay off the screen"],
    ["jwtctl login alice --json", "the OAuth 2.0 token response, both tokens in it"],
    ["pass show alice | jwtctl login alice --password-stdin", "for scripts: no question"],
  ],
  async run(context, invocation) {
    const chosen = options<Options>(invocation);
    // First what can fail without the user: nobody types a password for nothing.
    await context.store();
    const current = chosen.save ? await currentSession(context) : undefined;
    if (current) await requireSavable(current);
    const userName =
      invocation.args[0] ?? (await context.askText("User name:", "an argument: jwtctl login NAME"));
    const password = await existingPassword(context, chosen, userName);
    const ports = { ...(await sessionPorts(context)), hasher: await context.passwordHasher() };
    const tokens = await logIn({ userName, password, clientId: chosen.clientId }, ports);
    const db = await context.absoluteStorePath();
    const replaced = current ? await saveNewSession(tokens, db, { ...ports, current }) : null;
    await showSession(context, tokens, chosen.save);
    if (replaced) await noteReplaced(context, replaced);
    if (chosen.save) context.next(NEXT);
  },
};

async function showSession(context: Context, tokens: TokenSet, saved: boolean): Promise<void> {
  const savedIn = saved ? await context.credentialsPath() : undefined;
  const shown = { tokens, event: "logged in as", savedIn, withTokens: !saved };
  context.show({
    json: () => tokenResponseJson(tokens),
    text: (style) => tokensText(shown, context.time().utcOffset, style),
  });
}

/** The login saved before is no longer at hand here, but it goes on; most people do not expect that. */
async function noteReplaced(context: Context, { sessionId, user, db }: CurrentSession): Promise<void> {
  if (db !== (await context.absoluteStorePath())) {
    context.note(`the login of ${user} in ${db} was saved here before; it goes on until it ends by itself`);
    return;
  }
  const logins = await (await context.store()).findSessions(sessionId, context.now());
  if (logins.some(({ id, status }) => id === sessionId && status === "active")) {
    context.note(
      `the login of ${user} saved here before goes on; end it with: jwtctl tokens revoke ${sessionId}`,
    );
  }
}
