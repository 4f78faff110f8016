import { counted } from "../fields.ts";
import { jsonTime } from "../json.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";

/** A user before the unlock. Times are ms. */
export interface UserUnlockedView {
  readonly name: string;
  /** False when no attempt had failed. */
  readonly changed: boolean;
  readonly failedAttempts: number;
  readonly lockedUntil: number | null;
}

export function userUnlockedJson({ name, changed, failedAttempts, lockedUntil }: UserUnlockedView) {
  return { name, changed, failed_attempts: failedAttempts, locked_until: jsonTime(lockedUntil) };
}

export function userUnlockedText(view: UserUnlockedView, style: Style): string {
  const name = style.strong(safe(view.name));
  if (!view.changed) return `${name} was not locked; nothing was changed\n`;
  const attempts = counted(view.failedAttempts, "wrong password");
  const what = view.lockedUntil === null ? "was not locked yet" : "can log in at once";
  return `${style.good("unlocked")} ${name}: ${attempts} forgotten, ${what}\n`;
}
