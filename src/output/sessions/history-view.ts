import type { RefreshTokenRecord, Session } from "../../core/authority/sessions/session.ts";
import type { TimeContext } from "../../core/base/time/instant.ts";
import { type Field, fields } from "../fields.ts";
import { jsonTime } from "../json.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";
import { table } from "../table.ts";
import { timeText, wallText } from "../time-text.ts";
import { sessionJson, statusText } from "./session-text.ts";
import { lifetimeFields } from "./token-set-view.ts";

export interface HistoryView {
  readonly session: Session;
  /** Oldest first. */
  readonly tokens: readonly RefreshTokenRecord[];
}

export function historyJson({ session, tokens }: HistoryView) {
  return {
    ...sessionJson(session),
    client_id: session.clientId,
    ended_at: jsonTime(session.endedAt),
    tokens: tokens.map((token) => ({
      seq: token.seq,
      created_at: jsonTime(token.createdAt),
      idle_expires_at: jsonTime(token.idleExpiresAt),
      consumed_at: jsonTime(token.consumedAt),
      reused_at: jsonTime(token.reusedAt),
    })),
  };
}

export function historyText(view: HistoryView, time: TimeContext, style: Style): string {
  const { session, tokens } = view;
  const rows: Field[] = [
    ["user", `${safe(session.userName)}${session.userId === null ? style.dim(" (removed)") : ""}`],
    ["client", safe(session.clientId)],
    ["created", timeText(session.createdAt, time)],
    ["last used", timeText(session.lastUsedAt, time)],
    ...(session.endedAt === null
      ? lifetimeFields(session, time)
      : [["ended", timeText(session.endedAt, time)] satisfies Field]),
  ];
  const head = `${style.strong(safe(session.id))}  ${statusText(session, style)}`;
  return `${head}\n\n${fields(rows, style)}\n${tokenTable(tokens, session, time, style)}`;
}

function tokenTable(
  tokens: readonly RefreshTokenRecord[],
  session: Session,
  time: TimeContext,
  style: Style,
): string {
  return table(
    tokens,
    [
      { title: "TOKEN", cell: ({ seq }) => String(seq), align: "right" },
      { title: "ISSUED", cell: ({ createdAt }) => wallText(createdAt, time) },
      {
        title: "WHAT BECAME OF IT",
        cell: (token) => fateOf(token, session, time),
        paint: (text, { consumedAt, reusedAt }) => {
          if (reusedAt !== null) return style.bad(text);
          return consumedAt === null ? text : style.dim(text);
        },
      },
    ],
    style,
  );
}

/** What became of a refresh token: live, consumed, or used again. */
function fateOf(
  { seq, consumedAt, reusedAt }: RefreshTokenRecord,
  session: Session,
  time: TimeContext,
): string {
  if (reusedAt !== null) return `came back ${wallText(reusedAt, time)}: reuse`;
  if (consumedAt !== null) return `traded for ${seq + 1}`;
  return session.status === "active" ? "in use" : "ended with the login";
}
