import { counted } from "../fields.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";

export interface LoggedOutView {
  readonly sessionId: string;
  readonly user: string;
  /** False when the session had ended before. */
  readonly revoked: boolean;
}

export function loggedOutJson({ sessionId, user, revoked }: LoggedOutView) {
  return { session_id: sessionId, user, revoked: revoked ? [sessionId] : [] };
}

export function loggedOutText({ sessionId, user, revoked }: LoggedOutView, style: Style): string {
  const what = revoked ? "has ended" : "had ended before";
  return `${style.good("logged out")} ${style.strong(safe(user))}: login ${safe(sessionId)} ${what}\n`;
}

export function revokedJson(revoked: readonly string[]) {
  return { revoked };
}

export function revokedText(revoked: readonly string[], style: Style): string {
  if (revoked.length === 0) return "nothing to revoke: no such login is active\n";
  return revoked.map((id) => `${style.good("revoked")} ${style.strong(safe(id))}\n`).join("");
}

export function prunedJson(pruned: number) {
  return { pruned };
}

export function prunedText(pruned: number, style: Style): string {
  if (pruned === 0) return "nothing to prune: no login is more than 30 days past its absolute end\n";
  return `${style.good("removed")} ${counted(pruned, "login")}, more than 30 days past the absolute end\n`;
}
