import { type RevokeInput, revokeSessions } from "../../app/sessions/revoke-sessions.ts";
import { AppError } from "../../core/base/errors.ts";
import { counted } from "../../output/fields.ts";
import { revokedJson, revokedText } from "../../output/sessions/ended-view.ts";
import type { Context } from "../context.ts";
import { readRefreshToken } from "../input.ts";
import { noteAccessTokens } from "../login/access-token-note.ts";
import { options, type OldVerb as Verb } from "../old-command.ts";

interface Options {
  readonly user?: string;
  readonly all?: boolean;
  readonly token?: string;
  readonly yes?: boolean;
}

export const revoke: Verb = {
  configure: (command) =>
    command
      .argument("[ids...]", "logins, each by any beginning of its id that fits only one")
      .option("--user <name>", "every login of this user")
      .option("--all", "every login of every user; asks first")
      .option("--token <source>", "the login of a refresh token: - (stdin, or asked for), @file or env:NAME")
      .option("-y, --yes", "do not ask"),
  examples: [
    ["jwtctl tokens revoke 4k9v", "end one login; its refresh token buys nothing any more"],
    ["jwtctl tokens revoke --user alice", "log alice out everywhere"],
    [
      "jwtctl tokens revoke --token - < stolen.txt",
      "end the login of a refresh token that was found somewhere",
    ],
    ["jwtctl tokens revoke --all --yes --json", "log everybody out; prints the ids"],
  ],
  async run(context, invocation) {
    const ids = invocation.args.filter((id) => id !== undefined);
    const chosen = options<Options>(invocation);
    requireOne(ids, chosen);
    const store = await context.store();
    const input = await inputOf(context, ids, chosen);
    const ports = { store, secrets: await context.refreshSecrets(), clock: context.runtime.clock };
    const revoked = await revokeSessions(input, ports);
    context.show({ json: () => revokedJson(revoked), text: (style) => revokedText(revoked, style) });
    await noteAccessTokens(context, revoked);
  },
};

function requireOne(ids: readonly string[], { user, all, token }: Options): void {
  const ways = [ids.length > 0, user !== undefined, all === true, token !== undefined].filter(Boolean).length;
  if (ways === 1) return;
  const message =
    ways === 0 ? "say which logins to revoke" : "ids, --user, --all and --token exclude one another";
  throw new AppError("usage", message, {
    hints: ["Give ids (jwtctl tokens list shows them), or --user NAME, or --token -, or --all"],
  });
}

async function inputOf(context: Context, ids: readonly string[], chosen: Options): Promise<RevokeInput> {
  const { user, token, all, yes } = chosen;
  if (user !== undefined) return { user };
  if (token !== undefined) return { token: await readRefreshToken(context, token, "--token") };
  if (!all) return { ids };
  const confirm = async (active: number) => {
    // Nobody is asked about nothing.
    if (!yes && active > 0)
      await context.confirm(`Revoke every login of every user (${counted(active, "active login")})?`);
  };
  return { all: { confirm } };
}
