import type { PlannedKey } from "../../core/authority/keys/planned-key.ts";
import type { SigningKey } from "../../core/authority/keys/signing-key.ts";
import type { TimeContext } from "../../core/base/time/instant.ts";
import type { Style } from "../style.ts";
import { demotionText, headline, keyJson, keyJsonOrNull, keyLines, verifiesText } from "./key-text.ts";

export interface ImportedView {
  readonly dryRun: boolean;
  readonly keys: readonly { readonly outcome: "added" | "present"; readonly key: SigningKey | PlannedKey }[];
  /** The former active key, when an imported one took its place. */
  readonly previous: SigningKey | null;
}

/** In a dry run `changed` says whether something would change. */
export function importedJson({ dryRun, keys, previous }: ImportedView) {
  return {
    dry_run: dryRun,
    changed: keys.some(({ outcome }) => outcome === "added"),
    keys: keys.map(({ outcome, key }) => ({ outcome, ...keyJson(key), former_kid: key.formerKid ?? null })),
    previous: keyJsonOrNull(previous),
  };
}

export function importedText(view: ImportedView, time: TimeContext, style: Style): string {
  const { dryRun, keys, previous } = view;
  const added = keys.filter(({ outcome }) => outcome === "added");
  const present = keys.filter(({ outcome }) => outcome === "present");
  const lines: string[] = [];
  if (added.length > 0) {
    lines.push(headline(dryRun, "imported", "would import", style));
    lines.push(
      ...keyLines(
        [
          ...added.map(({ key }) => [key.state, key, remark(key, time)] as const),
          ...(previous ? [["previous", previous, demotionText(previous, time)] as const] : []),
        ],
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
