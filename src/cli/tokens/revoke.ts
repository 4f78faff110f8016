import { type RevokeInput, revokeSessions } from "../../app/sessions/revoke-sessions.ts";
import type { CurrentSession } from "../../core/authority/sessions/current-session.ts";
import { AppError } from "../../core/base/errors.ts";
import { counted } from "../../output/fields.ts";
import { revokedJson, revokedText } from "../../output/sessions/ended-view.ts";
import { defineVerb } from "../command.ts";
import { readRefreshToken, type SecretPorts } from "../input.ts";
import { noteAccessTokens } from "../login/access-token-note.ts";
import { ownSession } from "../login/own-session.ts";

export const revoke = defineVerb({
  arguments: {
    ids: {
      help: "logins, each by any beginning of its id that fits only one",
      optional: true,
      repeatable: true,
      completes: "session",
    },
  },
  options: {
    user: {
      value: "name",
      help: "every login of this user",
      completes: "user",
      conflicts: ["ids", "all", "token"],
    },
    clientId: {
      value: "id",
      help: "every login for this client, of all users or of --user",
      conflicts: ["ids", "all", "token", "exceptCurrent"],
    },
    exceptCurrent: {
      help: "every login of the user who is logged in here, but the one saved here",
      conflicts: ["ids", "all", "token"],
    },
    all: { help: "every login of every user; asks first", conflicts: ["ids", "token"] },
    token: {
      value: "source",
      takesContent: true,
      help: "the login of a refresh token: - (stdin, or asked for), @file or env:NAME",
      conflicts: ["ids"],
    },
    yes: { short: "y", help: "do not ask" },
  },
  examples: [
    ["jwtctl tokens revoke 4k9v", "end one login; its refresh token buys nothing any more"],
    ["jwtctl tokens revoke --user alice", "log alice out everywhere"],
    ["jwtctl tokens revoke --except-current", "log yourself out everywhere but here"],
    ["jwtctl tokens revoke --client-id web", "end what everybody has for one client"],
    [
      "jwtctl tokens revoke --token - < stolen.txt",
      "end the login of a refresh token that was found somewhere",
    ],
    ["jwtctl tokens revoke --all --yes --json", "log everybody out; prints the ids"],
  ],
  async run(chosen, { terminal, files, env, storeAndClock, refreshSecrets, ...session }) {
    requireOne(chosen);
    const kept = chosen.exceptCurrent
      ? await ownSession("--except-current", chosen.user, session)
      : undefined;
    const { store, clock } = await storeAndClock();
    const input = await inputOf({ ...chosen, kept }, { terminal, files, env });
    const ports = { store, secrets: await refreshSecrets(), clock };
    const revoked = await revokeSessions(input, ports);
    terminal.show({ json: () => revokedJson(revoked), text: (style) => revokedText(revoked, style) });
    await noteAccessTokens(revoked, terminal, store);
  },
});

interface Wishes {
  readonly ids: readonly string[];
  readonly user: string | undefined;
  readonly clientId: string | undefined;
  readonly exceptCurrent: boolean;
  readonly all: boolean;
  readonly token: string | undefined;
  readonly yes: boolean;
}

function requireOne({ ids, user, clientId, exceptCurrent, all, token }: Wishes): void {
  if (ids.length > 0 || exceptCurrent || all) return;
  if ([user, clientId, token].some((given) => given !== undefined)) return;
  throw new AppError("usage", "say which logins to revoke", {
    hints: ["Give ids (jwtctl tokens list shows them), or --user NAME, --client-id ID, --token - or --all"],
  });
}

async function inputOf(
  { ids, user, clientId, kept, all, token, yes }: Wishes & { readonly kept: CurrentSession | undefined },
  ports: SecretPorts,
): Promise<RevokeInput> {
  if (kept !== undefined) return { user: kept.user, except: kept.sessionId };
  if (user !== undefined) return { user, clientId };
  if (clientId !== undefined) return { clientId };
  if (token !== undefined) return { token: await readRefreshToken(ports, token, "--token") };
  if (!all) return { ids };
  const confirm = async (active: number) => {
    // A question about nothing would be noise.
    if (yes || active === 0) return;
    await ports.terminal.confirm(`Revoke every login of every user (${counted(active, "active login")})?`);
  };
  return { all: { confirm } };
}
