import type { JsonObject } from "../../core/base/json/value.ts";
import { fields } from "../fields.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";
import { claimLines } from "./user-view.ts";

export interface ClaimsChangedView {
  readonly name: string;
  /** False when the claims were like that before. */
  readonly changed: boolean;
  /** All of them, as they are now. */
  readonly claims: JsonObject;
}

export function claimsChangedJson({ name, changed, claims }: ClaimsChangedView) {
  return { name, changed, claims };
}

export function claimsChangedText({ name, changed, claims }: ClaimsChangedView, style: Style): string {
  const user = style.strong(safe(name));
  const told = changed
    ? `${style.good("changed")} ${user}, from the next access token on\n`
    : `${user} has these claims already; nothing was changed\n`;
  const lines = claimLines(claims);
  return `${told}\n${fields([["claims", lines.length === 0 ? "none" : lines.join("\n")]], style)}`;
}
