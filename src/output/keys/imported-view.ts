import { formerKid } from "../../core/keys/kids.ts";
import type { PlannedKey } from "../../core/keys/planned-key.ts";
import type { SigningKey } from "../../core/keys/signing-key.ts";
import type { TimeContext } from "../../core/time/instant.ts";
import type { Style } from "../style.ts";
import { headline, keyJson, keyLines, verifiesText } from "./key-words.ts";

export interface ImportedView {
  readonly dryRun: boolean;
  readonly keys: readonly { readonly outcome: "added" | "present"; readonly key: SigningKey | PlannedKey }[];
}

/** `changed` in a dry run: whether it would change something. */
export function importedJson({ dryRun, keys }: ImportedView) {
  return {
    dry_run: dryRun,
    changed: keys.some(({ outcome }) => outcome === "added"),
    keys: keys.map(({ outcome, key }) => ({ outcome, ...keyJson(key), former_kid: formerOf(key) })),
  };
}

export function importedText({ dryRun, keys }: ImportedView, time: TimeContext, style: Style): string {
  const added = keys.filter(({ outcome }) => outcome === "added");
  const present = keys.filter(({ outcome }) => outcome === "present");
  const lines: string[] = [];
  if (added.length > 0) {
    lines.push(headline(dryRun, "imported", "would import", style));
    lines.push(
      ...keyLines(
        added.map(({ key }) => [key.state, key, remark(key, time)]),
        style,
      ),
    );
  }
  if (present.length > 0) {
    lines.push(style.good("in the store already"));
    lines.push(
      ...keyLines(
        present.map(({ key }) => [key.state, key, ""]),
        style,
      ),
    );
  }
  return `${lines.join("\n")}\n`;
}

function remark(key: SigningKey | PlannedKey, time: TimeContext): string {
  if (key.state === "active") return "signs from now on";
  return key.state === "standby" ? "published ahead, signs after a rotation" : verifiesText(key, time);
}

function formerOf(key: SigningKey | PlannedKey): string | null {
  return key.kid === null ? null : (formerKid(key) ?? null);
}
