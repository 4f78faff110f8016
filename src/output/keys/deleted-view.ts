import type { SigningKey } from "../../core/authority/keys/signing-key.ts";
import type { TimeContext } from "../../core/base/time/instant.ts";
import type { Style } from "../style.ts";
import { timeText } from "../time-text.ts";
import { headline, keyJson, keyLines } from "./key-text.ts";

type Consequence = "tokens_refused" | "nothing_published_ahead" | "revocation_forgotten";

export interface DeletedView {
  readonly dryRun: boolean;
  readonly key: SigningKey;
  readonly consequences: readonly Consequence[];
}

export function deletedJson({ dryRun, key, consequences }: DeletedView) {
  return { dry_run: dryRun, changed: true, key: keyJson(key), consequences };
}

export function deletedText(
  { dryRun, key, consequences }: DeletedView,
  time: TimeContext,
  style: Style,
): string {
  const lines = [
    headline(dryRun, "deleted", "would delete", style),
    ...keyLines([["key", key, `was ${key.state}`]], style),
    ...consequences.map((code) => `  ${style.doubtful("breaks:")} ${MEANINGS[code](key, time)}`),
  ];
  return `${lines.join("\n")}\n`;
}

const MEANINGS: Readonly<Record<Consequence, (key: SigningKey, time: TimeContext) => string>> = {
  tokens_refused: (key, time) =>
    key.maxExp === null || key.signedWithoutExp
      ? "tokens it signed are refused from now on"
      : `tokens it signed are refused from now on; the last would have lived until ${timeText(key.maxExp * 1000, time)}`,
  nothing_published_ahead: () =>
    "no key is published ahead: the next rotation signs with a key that verifiers do not know yet",
  revocation_forgotten: () =>
    "nothing now, but its revocation is forgotten: a copy of it could be imported again",
};
