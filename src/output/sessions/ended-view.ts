import { formatSpan } from "../../core/base/time/format.ts";
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

export interface PrunedView {
  readonly pruned: number;
  readonly dryRun: boolean;
  /** How long past their absolute end they are, in seconds. */
  readonly olderThan: number;
}

/** In a dry run `pruned` says how many it would be. */
export function prunedJson({ pruned, dryRun }: PrunedView) {
  return { dry_run: dryRun, pruned };
}

export function prunedText({ pruned, dryRun, olderThan }: PrunedView, style: Style): string {
  const past = `more than ${formatSpan(olderThan * 1000)} past`;
  if (pruned === 0) return `nothing to prune: no login is ${past} its absolute end\n`;
  const done = dryRun ? style.doubtful("would remove") : style.good("removed");
  return `${done} ${counted(pruned, "login")}, ${past} the absolute end\n`;
}
