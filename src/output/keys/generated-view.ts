import type { PlannedKey } from "../../core/authority/keys/planned-key.ts";
import type { SigningKey } from "../../core/authority/keys/signing-key.ts";
import type { TimeContext } from "../../core/base/time/instant.ts";
import type { Style } from "../style.ts";
import { demotionText, headline, keyJson, keyJsonOrNull, keyLines } from "./key-text.ts";

export interface GeneratedView {
  readonly dryRun: boolean;
  readonly key: SigningKey | PlannedKey;
  /** The former active key, when the new one took its place. */
  readonly previous: SigningKey | null;
}

/** In a dry run `changed` says whether something would change. */
export function generatedJson({ dryRun, key, previous }: GeneratedView) {
  return { dry_run: dryRun, changed: true, key: keyJson(key), previous: keyJsonOrNull(previous) };
}

export function generatedText(view: GeneratedView, time: TimeContext, style: Style): string {
  const { dryRun, key, previous } = view;
  const remark = key.state === "active" ? "signs from now on" : "published ahead, signs after a rotation";
  const lines = [
    headline(dryRun, "generated", "would generate", style),
    ...keyLines(
      [
        [key.state, key, remark],
        ...(previous ? [["previous", previous, demotionText(previous, time)] as const] : []),
      ],
      style,
    ),
  ];
  return `${lines.join("\n")}\n`;
}
