import type { Login } from "../../core/authority/sessions/session.ts";
import { jsonTime } from "../json.ts";
import type { Style } from "../style.ts";

/** A login as `tokens list --json` shows it. */
export function loginJson(login: Login) {
  return {
    id: login.id,
    user: login.userName,
    status: login.status,
    reason: login.reason,
    created_at: jsonTime(login.createdAt),
    last_used_at: jsonTime(login.lastUsedAt),
    idle_expires_at: jsonTime(login.idleExpiresAt),
    expires_at: jsonTime(login.expiresAt),
    rotations: login.rotations,
  };
}

const REASONS: Readonly<Record<NonNullable<Login["reason"]>, string>> = {
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

/** `active`, `revoked: token reused`, `expired: not used`. */
export function standingOf({ status, reason }: Pick<Login, "status" | "reason">): string {
  return reason === null ? status : `${status}: ${REASONS[reason]}`;
}

/** In the colour of its meaning; the words say it too. */
export function paintStanding(text: string, { status, reason }: Login, style: Style): string {
  if (status === "active") return style.good(text);
  if (reason === "reuse_detected" || reason === "key_compromised") return style.bad(text);
  return style.dim(text);
}

export function statusText(login: Login, style: Style): string {
  return paintStanding(standingOf(login), login, style);
}
