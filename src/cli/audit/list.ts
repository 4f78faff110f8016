import { followAudit } from "../../app/audit/follow-audit.ts";
import { type AuditQuery, listAudit } from "../../app/audit/list-audit.ts";
import { AppError } from "../../core/base/errors.ts";
import { parseInstant } from "../../core/base/time/instant.ts";
import { entryLine } from "../../output/audit/entry-text.ts";
import { auditJsonLine, auditListJson, auditListText } from "../../output/audit/list-view.ts";
import type { Needs } from "../command.ts";
import { defineVerb } from "../command.ts";
import { withoutUndefined } from "../declare.ts";

/** So many are shown unless the user says how many: a screen or two, and a few before what is followed. */
const DEFAULT_LIMIT = { list: 50, follow: 10 };

export const list = defineVerb({
  options: {
    since: {
      value: "time",
      help: "only what happened at or after this time, as in -24h or 2026-03-01",
      parse: parseInstant,
    },
    until: { value: "time", help: "only what happened before this time", parse: parseInstant },
    user: {
      value: "name",
      help: "only what is about this user, in any case; those who have gone too",
      completes: "user",
    },
    session: {
      value: "id",
      help: "only what is about this session",
      completes: "session",
      oldNames: ["login"],
    },
    kid: { value: "kid", help: "only what is about this key", completes: "kid" },
    type: {
      value: "type",
      repeatable: true,
      help: "only this type, or all that begin so, as in key",
      completes: "audit-type",
    },
    limit: {
      value: "n",
      help: "the newest so many",
      defaultHelp: `${DEFAULT_LIMIT.list}`,
      parse: parseLimit,
    },
    all: { help: "all of them", conflicts: ["limit"] },
    follow: {
      short: "f",
      help: "go on, and show what happens as it happens; with --json a line each",
      conflicts: ["until"],
    },
  },
  examples: [
    ["jwtctl audit", "what happened last: logins, refusals, rotations, revocations"],
    ["jwtctl audit --since -24h --user alice", "everything about alice since yesterday"],
    ["jwtctl audit --type login_refused --type reuse_detected --json", "attacks, for scripts"],
    ["jwtctl audit --follow", "watch; Ctrl-C ends it"],
  ],
  async run({ type, all, follow, limit, ...about }, { terminal, store, now, time, pause }) {
    refuseNone(limit, follow);
    const query = withoutUndefined({
      ...about,
      types: type.length === 0 ? undefined : type,
      limit: all ? undefined : (limit ?? (follow ? DEFAULT_LIMIT.follow : DEFAULT_LIMIT.list)),
    });
    if (follow) return showEntries(query, { terminal, store, now, time, pause });
    const entries = await listAudit(query, { store: await store(), now: now() });
    if (entries.length === 0) terminal.note("there are no such entries");
    terminal.show({
      json: () => auditListJson(entries),
      text: (style) => (entries.length === 0 ? "" : auditListText(entries, time(), style)),
    });
    if (entries.length === query.limit && limit === undefined) {
      terminal.note(`only the newest ${entries.length} are shown; see all with --all`);
    }
  },
});

/** Shows what happens as it happens: until Ctrl-C, or until its reader has gone. */
async function showEntries(
  query: AuditQuery,
  { terminal, store, now, time, pause }: Needs<"terminal" | "store" | "now" | "time" | "pause">,
): Promise<void> {
  const { stdout, json } = terminal;
  const style = terminal.style(stdout);
  const ports = { store: await store(), now: now(), pause };
  for await (const entry of followAudit(query, ports)) {
    stdout.write(json ? auditJsonLine(entry) : entryLine(entry, time(), style));
  }
}

function parseLimit(text: string, flag: string): number {
  if (text === "0" || /^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw notANumber(text, flag);
}

/** 0 shows nothing: it makes sense before what is followed, and nowhere else. */
function refuseNone(limit: number | undefined, follow: boolean): void {
  if (limit === 0 && !follow) throw notANumber("0", "--limit");
}

function notANumber(text: string, flag: string): AppError {
  return new AppError("usage", `${flag} needs a number of entries, not "${text}"`, {
    hints: [`Give it as in ${flag} 20, or see everything with --all`],
  });
}
