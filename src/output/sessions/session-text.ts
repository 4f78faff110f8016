import type { Session } from "../../core/authority/sessions/session.ts";
import { jsonTime } from "../json.ts";
import type { Style } from "../style.ts";

/** A session as JSON, the same in every command. */
export function sessionJson(session: Session) {
  return {
    id: session.id,
    user: session.userName,
    status: session.status,
    reason: session.reason,
    created_at: jsonTime(session.createdAt),
    last_used_at: jsonTime(session.lastUsedAt),
    idle_expires_at: jsonTime(session.idleExpiresAt),
    expires_at: jsonTime(session.expiresAt),
    rotations: session.rotations,
  };
}

const REASONS: Readonly<Record<NonNullable<Session["reason"]>, string>> = {
  reuse_detected: "token reused",
  logout: "logged out",
  revoked: "by a command",
  password_changed: "password changed",
  user_disabled: "user disabled",
  user_removed: "user removed",
  key_compromised: "key compromised",
  idle: "not used",
  absolute: "reached its end",
};

/** The status with its reason: `active`, `revoked: token reused`, `expired: not used`. */
export function statusInWords({ status, reason }: Pick<Session, "status" | "reason">): string {
  return reason === null ? status : `${status}: ${REASONS[reason]}`;
}

/** Colours a text by the status of its session. */
export function paintStatus(text: string, { status, reason }: Session, style: Style): string {
  if (status === "active") return style.good(text);
  if (reason === "reuse_detected" || reason === "key_compromised") return style.bad(text);
  return style.dim(text);
}

export function statusText(session: Session, style: Style): string {
  return paintStatus(statusInWords(session), session, style);
}
