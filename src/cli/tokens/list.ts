import { Option } from "commander";
import { listSessions } from "../../app/sessions/list-sessions.ts";
import { SESSION_STATUSES, type SessionStatus } from "../../core/authority/sessions/session.ts";
import { AppError } from "../../core/base/errors.ts";
import { parseInstant } from "../../core/base/time/instant.ts";
import { sessionListJson, sessionListText } from "../../output/sessions/list-view.ts";
import type { Context } from "../context.ts";
import { options, type OldVerb as Verb } from "../old-command.ts";

const SORTS = { created: "created", "last-used": "last_used", ends: "expires" } as const;

interface Options {
  readonly user?: string;
  readonly status?: SessionStatus;
  readonly since?: string;
  readonly sort: keyof typeof SORTS;
  readonly limit?: string;
}

export const list: Verb = {
  configure: (command) =>
    command
      .option("--user <name>", "only this user's; of a user who was removed, what is on record")
      .addOption(new Option("--status <status>", "only these").choices(SESSION_STATUSES))
      .option("--since <time>", "only those that began at or after this time, as in -24h or 2026-03-01")
      .addOption(
        new Option("--sort <by>", "created, last-used: the latest first; ends: the next to end first")
          .choices(Object.keys(SORTS))
          .default("created"),
      )
      .option("--limit <n>", "at most so many"),
  examples: [
    ["jwtctl tokens list", "every login: whose it is, whether it lives, when it ends"],
    ["jwtctl tokens list --user alice --status active", "where alice is logged in"],
    ["jwtctl tokens list --since -24h --json", "the logins of the last day, for scripts"],
  ],
  async run(context, invocation) {
    const filter = filterOf(options<Options>(invocation), context);
    const sessions = await listSessions(filter, {
      store: await context.store(),
      clock: context.runtime.clock,
    });
    if (sessions.length === 0) context.note(nothingFound(filter));
    context.show({
      json: () => sessionListJson(sessions),
      text: (style) => (sessions.length === 0 ? "" : sessionListText(sessions, context.now(), style)),
    });
  },
};

function filterOf({ user, status, since, sort, limit }: Options, context: Context) {
  return {
    ...(user === undefined ? {} : { user }),
    ...(status === undefined ? {} : { status }),
    ...(since === undefined ? {} : { since: parseInstant(since, "--since", context.time()) }),
    ...(limit === undefined ? {} : { limit: parseLimit(limit) }),
    sort: SORTS[sort],
  };
}

function nothingFound({ user, status, since }: ReturnType<typeof filterOf>): string {
  return [user, status, since].every((wish) => wish === undefined)
    ? "nobody has logged in yet; log in with: jwtctl login NAME"
    : "no login is like that; see them all with: jwtctl tokens list";
}

function parseLimit(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new AppError("usage", `--limit needs a number of logins, not "${text}"`, {
    hints: ["Give it as in --limit 20"],
  });
}
