import type { UserStatus } from "../../core/authority/users/user.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";
import { endedText } from "./user-view.ts";

export interface PasswordChangedView {
  readonly name: string;
  readonly weak: boolean;
  readonly revoked: readonly string[];
  /** The session kept by --keep-current. */
  readonly kept: string | undefined;
}

export function passwordChangedJson({ name, weak, revoked, kept }: PasswordChangedView) {
  return { name, weak_password: weak, revoked, kept: kept ?? null };
}

export function passwordChangedText(view: PasswordChangedView, style: Style): string {
  const weak = view.weak ? ` ${style.doubtful("(weak: for teaching and testing only)")}` : "";
  const kept = view.kept === undefined ? "" : `, ${view.kept} goes on`;
  const head = `${style.good("changed")} the password of ${style.strong(safe(view.name))}${weak}`;
  return `${head}; ${endedText(view.revoked)}${kept}\n`;
}

export interface StatusChangedView {
  readonly name: string;
  readonly status: UserStatus;
  /** False when the user had this status before. */
  readonly changed: boolean;
  readonly revoked: readonly string[];
}

export function statusChangedJson({ name, status, changed, revoked }: StatusChangedView) {
  return { name, status, changed, revoked };
}

export function statusChangedText(view: StatusChangedView, style: Style): string {
  const word = view.status === "active" ? "enabled" : "disabled";
  const name = style.strong(safe(view.name));
  if (!view.changed) return `${name} was ${word} already; nothing was changed\n`;
  const ended = view.status === "disabled" ? `; ${endedText(view.revoked)}` : "";
  return `${style.good(word)} ${name}${ended}\n`;
}

export interface UserRemovedView {
  readonly name: string;
  readonly revoked: readonly string[];
}

export function userRemovedJson({ name, revoked }: UserRemovedView) {
  return { name, removed: true, revoked };
}

export function userRemovedText({ name, revoked }: UserRemovedView, style: Style): string {
  return `${style.good("removed")} ${style.strong(safe(name))}; ${endedText(revoked)}\n`;
}
