import type { PlannedKey } from "../../core/authority/keys/planned-key.ts";
import type { SigningKey } from "../../core/authority/keys/signing-key.ts";
import { formatSpan } from "../../core/base/time/format.ts";
import type { TimeContext } from "../../core/base/time/instant.ts";
import type { Style } from "../style.ts";
import { demotionText, headline, keyJson, keyJsonOrNull, keyLines, kidText } from "./key-text.ts";

export type RotationView =
  | {
      readonly outcome: "rotated";
      readonly dryRun: boolean;
      readonly active: SigningKey | PlannedKey;
      readonly standby: SigningKey | PlannedKey;
      readonly previous: SigningKey | null;
    }
  | { readonly outcome: "too_young"; readonly dryRun: boolean; readonly active: SigningKey };

/** In a dry run `changed` says whether something would change. */
export function rotationJson(view: RotationView) {
  if (view.outcome === "too_young") {
    const active = keyJson(view.active);
    return {
      dry_run: view.dryRun,
      changed: false,
      reason: "too_young",
      active,
      previous: null,
      standby: null,
    };
  }
  return {
    dry_run: view.dryRun,
    changed: true,
    reason: null,
    active: keyJson(view.active),
    previous: keyJsonOrNull(view.previous),
    standby: keyJson(view.standby),
  };
}

export function rotationText(view: RotationView, time: TimeContext, style: Style): string {
  if (view.outcome === "too_young") {
    const age = formatSpan(Math.max(0, time.now - (view.active.activatedAt ?? time.now)), Math.floor);
    return `${style.good("nothing to do:")} ${kidText(view.active)} has been active for only ${age}\n`;
  }
  const { dryRun, active, previous, standby } = view;
  const lines = [
    headline(dryRun, "rotated", "would rotate", style),
    ...keyLines(
      [
        ["active", active, "signs from now on"],
        ...(previous ? [["previous", previous, demotionText(previous, time)] as const] : []),
        ["standby", standby, "published ahead of its use"],
      ],
      style,
    ),
  ];
  return `${lines.join("\n")}\n`;
}
