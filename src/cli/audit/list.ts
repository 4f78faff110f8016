import { followAudit } from "../../app/audit/follow-audit.ts";
import { type AuditQuery, listAudit } from "../../app/audit/list-audit.ts";
import { AppError } from "../../core/base/errors.ts";
import { parseInstant } from "../../core/base/time/instant.ts";
import { entryLine } from "../../output/audit/entry-text.ts";
import { auditJsonLine, auditListJson, auditListText } from "../../output/audit/list-view.ts";
import type { Context } from "../context.ts";
import { options, type OldVerb as Verb } from "../old-command.ts";
import { collect } from "../options.ts";

interface Options {
  readonly since?: string;
  readonly until?: string;
  readonly user?: string;
  readonly session?: string;
  readonly kid?: string;
  readonly type?: readonly string[];
  readonly limit?: string;
  readonly all?: boolean;
  readonly follow?: boolean;
}

/** So many are shown unless the user says how many: a screen or two, and a few before what is followed. */
const DEFAULT_LIMIT = { list: 50, follow: 10 };

export const list: Verb = {
  configure: (command) =>
    command
      .option("--since <time>", "only what happened at or after this time, as in -24h or 2026-03-01")
      .option("--until <time>", "only what happened before this time")
      .option("--user <name>", "only what is about this user, in any case; those who have gone too")
      .option("--session <id>", "only what is about this session")
      .option("--kid <kid>", "only what is about this key")
      .option("--type <type>", "only this type, or all that begin so, as in key (repeatable)", collect)
      .option("--limit <n>", `the newest so many (default: ${DEFAULT_LIMIT.list})`)
      .option("--all", "all of them")
      .option("-f, --follow", "go on, and show what happens as it happens; with --json a line each"),
  examples: [
    ["jwtctl audit", "what happened last: logins, refusals, rotations, revocations"],
    ["jwtctl audit --since -24h --user alice", "everything about alice since yesterday"],
    ["jwtctl audit --type login_refused --type reuse_detected --json", "attacks, for scripts"],
    ["jwtctl audit --follow", "watch; Ctrl-C ends it"],
  ],
  async run(context, invocation) {
    const chosen = options<Options>(invocation);
    const query = queryOf(chosen, context);
    if (chosen.follow) return follow(context, query);
    const entries = await listAudit(query, { store: await context.store(), now: context.now() });
    if (entries.length === 0) context.note("there are no such entries");
    context.show({
      json: () => auditListJson(entries),
      text: (style) => (entries.length === 0 ? "" : auditListText(entries, context.time(), style)),
    });
    if (entries.length === query.limit && chosen.limit === undefined) {
      context.note(`only the newest ${entries.length} are shown; see all with --all`);
    }
  },
};

/** Never comes to an end by itself: Ctrl-C ends it, or a reader who has gone. */
async function follow(context: Context, query: AuditQuery): Promise<void> {
  const { stdout } = context.runtime;
  const style = context.style(stdout);
  const ports = {
    store: await context.store(),
    now: context.now(),
    pause: (ms: number) => context.runtime.pause(ms),
  };
  for await (const entry of followAudit(query, ports)) {
    stdout.write(context.globals.json ? auditJsonLine(entry) : entryLine(entry, context.time(), style));
  }
}

function queryOf(chosen: Options, context: Context): AuditQuery {
  const { since, until, user, session, kid, type } = chosen;
  const limit = limitOf(chosen);
  const instant = (text: string, flag: string) => parseInstant(text, flag, context.time());
  if (until !== undefined && chosen.follow) {
    throw new AppError("usage", "--follow and --until contradict each other", {
      hints: ["Give one of them"],
    });
  }
  return {
    ...(since === undefined ? {} : { since: instant(since, "--since") }),
    ...(until === undefined ? {} : { until: instant(until, "--until") }),
    ...(user === undefined ? {} : { user }),
    ...(session === undefined ? {} : { session }),
    ...(kid === undefined ? {} : { kid }),
    ...(type === undefined ? {} : { types: type }),
    ...(limit === undefined ? {} : { limit }),
  };
}

function limitOf({ limit, all, follow: following }: Options): number | undefined {
  if (limit !== undefined && all) {
    throw new AppError("usage", "--limit and --all contradict each other", { hints: ["Give one of them"] });
  }
  if (all) return undefined;
  if (limit === undefined) return following ? DEFAULT_LIMIT.follow : DEFAULT_LIMIT.list;
  // 0 shows nothing: it makes sense before what is followed, and nowhere else.
  if (/^[1-9]\d{0,8}$/.test(limit) || (following && limit === "0")) return Number(limit);
  throw new AppError("usage", `--limit needs a number of entries, not "${limit}"`, {
    hints: ["Give it as in --limit 20, or see everything with --all"],
  });
}
