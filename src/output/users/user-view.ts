import type { UserSummary } from "../../core/authority/ports/store.ts";
import type { JsonObject } from "../../core/base/json/value.ts";
import { writeJson } from "../../core/base/json/write.ts";
import type { TimeContext } from "../../core/base/time/instant.ts";
import { counted, type Field, fields } from "../fields.ts";
import { jsonTime } from "../json.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";
import { timeText } from "../time-text.ts";

/** A user as JSON, the same in every command. */
export function userJson(user: UserSummary) {
  return {
    name: user.name,
    status: user.status,
    claims: user.claims,
    created_at: jsonTime(user.createdAt),
    last_login_at: jsonTime(user.lastLoginAt),
    active_sessions: user.activeSessions,
    locked_until: jsonTime(user.lockedUntil),
  };
}

/** {@link userJson} with the details of `users show`. */
export function shownUserJson(user: UserSummary) {
  return { ...userJson(user), weak_password: user.weakPassword, failed_attempts: user.failedAttempts };
}

export function shownUserText(user: UserSummary, time: TimeContext, style: Style): string {
  const rows: Field[] = [
    ["created", timeText(user.createdAt, time)],
    ["last login", user.lastLoginAt === null ? "never" : timeText(user.lastLoginAt, time)],
    ["logins", `${user.activeSessions} active`],
  ];
  const attempts = attemptsText(user, time, style);
  if (attempts !== undefined) rows.push(["attempts", attempts]);
  if (user.weakPassword) rows.push(["password", style.doubtful("weak (taken with --allow-weak-password)")]);
  if (user.claims.members.length > 0) rows.push(["claims", claimLines(user.claims).join("\n")]);
  return `${style.strong(safe(user.name))}  ${statusText(statusWords(user), user, style)}\n\n${fields(rows, style)}`;
}

/** Failed attempts and the wait; undefined when there were none. */
function attemptsText(user: UserSummary, time: TimeContext, style: Style): string | undefined {
  if (user.failedAttempts === 0) return undefined;
  const count = `${counted(user.failedAttempts, "wrong password")} since the last right one`;
  if (user.lockedUntil === null) return count;
  return `${style.doubtful(`locked until ${timeText(user.lockedUntil, time)}`)}: ${count}`;
}

export function presentUserText({ name }: UserSummary, style: Style): string {
  return `${style.good("nothing to do:")} there is a user ${style.strong(safe(name))} already, left as it is\n`;
}

export function addedUserText(user: UserSummary, style: Style): string {
  const rows: Field[] = [];
  if (user.weakPassword) rows.push(["password", style.doubtful("weak: for teaching and testing only")]);
  if (user.claims.members.length > 0) rows.push(["claims", claimLines(user.claims).join("\n")]);
  const details = rows.length === 0 ? "" : `\n${fields(rows, style)}`;
  return `${style.good("added")} ${style.strong(safe(user.name))}\n${details}`;
}

/** The status, and whether the user has to wait after wrong passwords. */
export function statusWords({ status, lockedUntil }: UserSummary): string {
  return lockedUntil === null ? status : `${status}, locked`;
}

export function statusText(
  text: string,
  { status, lockedUntil }: Pick<UserSummary, "status" | "lockedUntil">,
  style: Style,
): string {
  return status === "active" && lockedUntil === null ? style.good(text) : style.doubtful(text);
}

/** `role = "reader"`, one line per claim. */
export function claimLines(claims: JsonObject): string[] {
  return claims.members.map(([name, value]) => `${safe(name)} = ${writeJson(value)}`);
}

/** How many sessions ended, or that there was none. */
export function endedText(revoked: readonly string[]): string {
  return revoked.length === 0 ? "no login was active" : `${counted(revoked.length, "login")} ended`;
}
