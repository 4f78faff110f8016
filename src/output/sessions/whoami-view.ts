import type { CurrentSession } from "../../core/authority/sessions/current-session.ts";
import type { Session } from "../../core/authority/sessions/session.ts";
import type { TimeContext } from "../../core/base/time/instant.ts";
import { type Field, fields } from "../fields.ts";
import { jsonTime } from "../json.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";
import { timeText } from "../time-text.ts";
import { statusText } from "./session-text.ts";
import { lifetimeFields } from "./token-set-view.ts";

export interface WhoAmIView {
  readonly saved: CurrentSession;
  readonly session: Session | null;
  readonly storeFound: boolean;
}

/** The JSON of `whoami`. `status` is null without a store, `unknown` when the session is not in the store. */
export function whoamiJson({ saved, session, storeFound }: WhoAmIView) {
  return {
    user: saved.user,
    session_id: saved.sessionId,
    client_id: saved.clientId,
    status: session?.status ?? (storeFound ? "unknown" : null),
    reason: session?.reason ?? null,
    access_expires_at: jsonTime(saved.accessExpiresAt),
    idle_expires_at: jsonTime(session?.idleExpiresAt ?? saved.idleExpiresAt),
    expires_at: jsonTime(saved.expiresAt),
    db: saved.db,
  };
}

export function whoamiText(view: WhoAmIView, time: TimeContext, style: Style): string {
  const { saved, session } = view;
  const { accessExpiresAt } = saved;
  const access = accessExpiresAt > time.now ? "until" : "expired";
  const rows: Field[] = [
    ["login", `${saved.sessionId}  ${standing(view, style)}`],
    ["access token", `${access} ${timeText(accessExpiresAt, time)}`],
  ];
  if (session === null || session.status === "active") {
    rows.push(...lifetimeFields({ ...saved, idleExpiresAt: (session ?? saved).idleExpiresAt }, time));
  } else if (session.endedAt !== null) {
    rows.push(["ended", timeText(session.endedAt, time)]);
  }
  rows.push(["store", safe(saved.db)]);
  return `${style.strong(safe(saved.user))}\n\n${fields(rows, style)}`;
}

function standing({ session, storeFound }: WhoAmIView, style: Style): string {
  if (session !== null) return statusText(session, style);
  return style.doubtful(storeFound ? "not known to the store" : "not checked: the store is not there");
}
