import { listSessions } from "../../app/sessions/list-sessions.ts";
import { SESSION_STATUSES, type SessionStatus } from "../../core/authority/sessions/session.ts";
import { AppError } from "../../core/base/errors.ts";
import { parseInstant } from "../../core/base/time/instant.ts";
import { sessionListJson, sessionListText } from "../../output/sessions/list-view.ts";
import { defineVerb } from "../command.ts";
import { withoutUndefined } from "../declare.ts";

const SORTS = { created: "created", "last-used": "last_used", ends: "expires" } as const;

export const list = defineVerb({
  options: {
    user: {
      value: "name",
      help: "only this user's; of a user who was removed, what is on record",
      completes: "user",
    },
    clientId: { value: "id", help: "only those for this client" },
    status: { value: "status", choices: SESSION_STATUSES, help: "only those that are" },
    since: {
      value: "time",
      help: "only those that began at or after this time, as in -24h or 2026-03-01",
      parse: parseInstant,
    },
    sort: {
      value: "by",
      choices: ["created", "last-used", "ends"],
      default: "created",
      help: "the latest first, or for ends the next to end first",
    },
    limit: { value: "n", help: "at most so many", parse: parseLimit },
  },
  examples: [
    ["jwtctl tokens list", "every login: whose it is, whether it lives, when it ends"],
    ["jwtctl tokens list --user alice --status active", "where alice is logged in"],
    ["jwtctl tokens list --client-id web", "the logins for one client"],
    ["jwtctl tokens list --since -24h --json", "the logins of the last day, for scripts"],
  ],
  async run(chosen, { terminal, storeAndClock, now }) {
    const filter = { ...withoutUndefined(chosen), sort: SORTS[chosen.sort] };
    const sessions = await listSessions(filter, await storeAndClock());
    if (sessions.length === 0) terminal.note(nothingFound(filter));
    terminal.show({
      json: () => sessionListJson(sessions),
      text: (style) => (sessions.length === 0 ? "" : sessionListText(sessions, now(), style)),
    });
  },
});

interface Wishes {
  readonly user?: string | undefined;
  readonly clientId?: string | undefined;
  readonly status?: SessionStatus | undefined;
  /** ms */
  readonly since?: number | undefined;
  readonly limit?: number | undefined;
}

function nothingFound({ user, clientId, status, since }: Wishes): string {
  return [user, clientId, status, since].every((wish) => wish === undefined)
    ? "nobody has logged in yet; log in with: jwtctl login NAME"
    : "no login is like that; see them all with: jwtctl tokens list";
}

export function parseLimit(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new AppError("usage", `--limit needs a number of logins, not "${text}"`, {
    hints: ["Give it as in --limit 20"],
  });
}
