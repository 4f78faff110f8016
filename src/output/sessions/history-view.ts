import type { Login, RefreshTokenRecord } from "../../core/authority/sessions/session.ts";
import type { TimeContext } from "../../core/base/time/instant.ts";
import { type Field, fields } from "../fields.ts";
import { jsonTime } from "../json.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";
import { table } from "../table.ts";
import { timeText, wallText } from "../time-text.ts";
import { loginJson, statusText } from "./login-words.ts";
import { lifetimeFields } from "./token-set-view.ts";

export interface HistoryView {
  readonly login: Login;
  /** Oldest first. */
  readonly tokens: readonly RefreshTokenRecord[];
}

export function historyJson({ login, tokens }: HistoryView) {
  return {
    ...loginJson(login),
    client_id: login.clientId,
    ended_at: jsonTime(login.endedAt),
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
  const { login, tokens } = view;
  const rows: Field[] = [
    ["user", `${safe(login.userName)}${login.userId === null ? style.dim(" (removed)") : ""}`],
    ["client", safe(login.clientId)],
    ["created", timeText(login.createdAt, time)],
    ["last used", timeText(login.lastUsedAt, time)],
    ...(login.endedAt === null
      ? lifetimeFields(login, time)
      : [["ended", timeText(login.endedAt, time)] satisfies Field]),
  ];
  const head = `${style.strong(safe(login.id))}  ${statusText(login, style)}`;
  return `${head}\n\n${fields(rows, style)}\n${tokenTable(tokens, login, time, style)}`;
}

function tokenTable(
  tokens: readonly RefreshTokenRecord[],
  login: Login,
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
        cell: (token) => fateOf(token, login, time),
        paint: (text, { consumedAt, reusedAt }) => {
          if (reusedAt !== null) return style.bad(text);
          return consumedAt === null ? text : style.dim(text);
        },
      },
    ],
    style,
  );
}

/** When a token was traded is when the next one was issued. */
function fateOf({ seq, consumedAt, reusedAt }: RefreshTokenRecord, login: Login, time: TimeContext): string {
  if (reusedAt !== null) return `came back ${wallText(reusedAt, time)}: reuse`;
  if (consumedAt !== null) return `traded for ${seq + 1}`;
  return login.status === "active" ? "in use" : "ended with the login";
}
