import { wrapAnsi } from "fast-wrap-ansi";
import type { PlannedKey } from "../../core/authority/keys/planned-key.ts";
import type { SigningKey } from "../../core/authority/keys/signing-key.ts";
import { largest } from "../../core/base/largest.ts";
import type { TimeContext } from "../../core/base/time/instant.ts";
import { jsonTime } from "../json.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";
import { relativeText, timeText } from "../time-text.ts";

/** A key as JSON, the same in every command. */
export function keyJson(key: SigningKey | PlannedKey) {
  return {
    kid: key.kid,
    alg: key.alg,
    state: key.state,
    created_at: jsonTime(key.createdAt),
    activated_at: jsonTime(key.activatedAt),
    retires_at: jsonTime(key.retiresAt),
    max_exp: key.maxExp,
    has_private: key.hasPrivate,
  };
}

/** {@link keyJson}; null stays null. */
export function keyJsonOrNull(key: SigningKey | PlannedKey | null) {
  return key === null ? null : keyJson(key);
}

export function kidText(key: SigningKey | PlannedKey): string {
  return key.kid === null ? "(a new key)" : safe(key.kid);
}

/** Until when a key that no longer signs is accepted. */
export function verifiesText(key: SigningKey | PlannedKey, time: TimeContext): string {
  if (key.retiresAt === null) return "verifies until it is retired by hand";
  const verb = key.retiresAt > time.now ? "verifies until" : "verified until";
  return `${verb} ${timeText(key.retiresAt, time)}`;
}

/** Whether the private half of a key that no longer signs was kept. */
export function privateHalfText(key: SigningKey | PlannedKey): string {
  if (!key.hasPrivate) return "its private half is destroyed";
  return key.publicJwk === null ? "its secret is kept to verify with" : "its private half is kept";
}

/**
 * The state of a key in a few words for a list.
 * @param isNext the key is the one that a rotation promotes
 */
export function stateInWords(key: SigningKey, isNext: boolean, now: number): string {
  const kept = key.hasPrivate ? ", can go back" : "";
  switch (key.state) {
    case "standby":
      return isNext ? "published ahead, signs next" : "published ahead";
    case "active":
      return key.activatedAt === null ? "signs" : `signs, activated ${relativeText(key.activatedAt, now)}`;
    case "retiring":
      return key.retiresAt === null
        ? `verifies until retired by hand${kept}`
        : `verifies, ends ${relativeText(key.retiresAt, now)}${kept}`;
    case "retired":
      return key.retiresAt === null ? "ended" : `ended ${relativeText(key.retiresAt, now)}`;
    case "revoked":
      return key.revokedAt === null ? "revoked" : `revoked ${relativeText(key.revokedAt, now)}`;
  }
}

/** Colours a text by the state of its key. */
export function stateText(text: string, key: SigningKey | PlannedKey, style: Style): string {
  switch (key.state) {
    case "active":
      return style.good(text);
    case "revoked":
      return style.bad(text);
    case "retired":
      return style.dim(text);
    default:
      return text;
  }
}

/** Keys with a remark each, one on a line; a remark that does not fit goes below its key. */
export function keyLines(
  lines: readonly (readonly [part: string, key: SigningKey | PlannedKey, remark: string])[],
  style: Style,
): string[] {
  const partWidth = largest(lines.map(([part]) => part.length));
  const margin = partWidth + 4;
  return lines.flatMap(([part, key, remark]) => {
    const name = `${kidText(key)}  ${key.alg}`;
    const head = `  ${style.dim(part.padEnd(partWidth))}  ${style.strong(kidText(key))}  ${key.alg}`;
    if (remark === "") return [head];
    const { columns = Number.POSITIVE_INFINITY } = style;
    if (margin + name.length + 2 + remark.length <= columns) return [`${head}  ${style.dim(remark)}`];
    return [head, ...below(remark, margin, columns).map((line) => `${" ".repeat(margin)}${style.dim(line)}`)];
  });
}

function below(text: string, margin: number, columns: number): string[] {
  return wrapAnsi(text, Math.max(MIN_WIDTH, columns - margin)).split("\n");
}

/** The least width to wrap to; on a narrower terminal lines are not wrapped. */
const MIN_WIDTH = 20;

/** The first line of a result: `rotated`, or `would rotate (dry run: nothing was changed)`. */
export function headline(dryRun: boolean, done: string, planned: string, style: Style): string {
  return dryRun
    ? `${style.doubtful(planned)} ${style.dim("(dry run: nothing was changed)")}`
    : style.good(done);
}

/** What happens to a key that stops signing. */
export function demotionText(key: SigningKey | PlannedKey, time: TimeContext): string {
  return `${verifiesText(key, time)}; ${privateHalfText(key)}`;
}
