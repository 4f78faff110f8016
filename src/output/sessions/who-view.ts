import type { CurrentLogin } from "../../core/authority/sessions/current-session.ts";
import type { Login } from "../../core/authority/sessions/session.ts";
import type { TimeContext } from "../../core/base/time/instant.ts";
import { type Field, fields } from "../fields.ts";
import { jsonTime } from "../json.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";
import { timeText } from "../time-text.ts";
import { statusText } from "./login-words.ts";
import { lifetimeFields } from "./token-set-view.ts";

export interface WhoView {
  readonly saved: CurrentLogin;
  readonly login: Login | null;
  readonly storeFound: boolean;
}

/** `status` is null when there is no store to ask, `unknown` when the store does not know the login. */
export function whoJson({ saved, login, storeFound }: WhoView) {
  return {
    user: saved.user,
    session_id: saved.sessionId,
    client_id: saved.clientId,
    status: login?.status ?? (storeFound ? "unknown" : null),
    reason: login?.reason ?? null,
    access_expires_at: jsonTime(saved.accessExpiresAt),
    idle_expires_at: jsonTime(login?.idleExpiresAt ?? saved.idleExpiresAt),
    expires_at: jsonTime(saved.expiresAt),
    db: saved.db,
  };
}

export function whoText(view: WhoView, time: TimeContext, style: Style): string {
  const { saved, login } = view;
  const { accessExpiresAt } = saved;
  const access = accessExpiresAt > time.now ? "until" : "expired";
  const rows: Field[] = [
    ["login", `${saved.sessionId}  ${standing(view, style)}`],
    ["access token", `${access} ${timeText(accessExpiresAt, time)}`],
  ];
  if (login === null || login.status === "active") {
    rows.push(...lifetimeFields({ ...saved, idleExpiresAt: (login ?? saved).idleExpiresAt }, time));
  } else if (login.endedAt !== null) {
    rows.push(["ended", timeText(login.endedAt, time)]);
  }
  rows.push(["store", safe(saved.db)]);
  return `${style.strong(safe(saved.user))}\n\n${fields(rows, style)}`;
}

function standing({ login, storeFound }: WhoView, style: Style): string {
  if (login !== null) return statusText(login, style);
  return style.doubtful(storeFound ? "not known to the store" : "not checked: the store is not there");
}
