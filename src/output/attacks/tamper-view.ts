import { wrapAnsi } from "fast-wrap-ansi";
import type { Attack, ForgedSignature } from "../../core/analysis/attacks/attack.ts";
import type { Change } from "../../core/analysis/attacks/edits.ts";
import type { ErrorCode } from "../../core/base/errors.ts";
import type { JsonValue } from "../../core/base/json/value.ts";
import { writeJson } from "../../core/base/json/write.ts";
import type { Check } from "../../core/jose/verification/check.ts";
import { safe, safeShort } from "../sanitize.ts";
import type { Style } from "../style.ts";
import { segmentPaint } from "../token/token-text.ts";

/** The verdict on a token, as the views show it. */
export interface ShownVerdict {
  readonly checks: readonly Check[];
  readonly valid: boolean;
  readonly verdict: ErrorCode | undefined;
  readonly stopped: boolean;
}

export interface ShownTampering {
  readonly attack: Attack;
  readonly token: string;
  readonly changed: readonly Change[];
  readonly signature: ForgedSignature["kind"];
  readonly verdict: ShownVerdict | null;
}

const LABEL = 11;
const READABLE_WIDTH = 96;
const LONGEST_VALUE = 60;

const SIGNATURES: Readonly<Record<ForgedSignature["kind"], string>> = {
  kept: "the original one, made for other content",
  removed: "none",
  "made-up": "zeros",
  respelled: "the same bytes, spelled differently",
  hmac: "a right HMAC, under a secret the attacker knows",
  "own-key": "a right one, by a key of the attacker's own",
};

/**
 * The changes of the attack and the verdict on the forged token, for stderr.
 * @param unverified what is missing to verify; shown when there was no key
 */
export function tamperingText(
  shown: ShownTampering,
  original: ShownVerdict | null,
  unverified: string,
  style: Style,
): string {
  const { attack } = shown;
  const lines = [
    `${style.strong(attack.title)} ${style.dim(`(${attack.id})`)}`,
    ...row("attack", attack.how, style),
    ...shown.changed.flatMap((change) => row("changed", changeText(change), style)),
    ...row("signature", SIGNATURES[shown.signature], style),
    "",
    ...verdictLines(shown.verdict, original, unverified, style),
    ...row(shown.verdict?.stopped === false ? "defence" : "because", attack.defence, style),
    ...row("see", attack.reference, style, style.dim),
  ];
  return `${lines.join("\n")}\n`;
}

function verdictLines(
  verdict: ShownVerdict | null,
  original: ShownVerdict | null,
  unverified: string,
  style: Style,
): string[] {
  if (verdict === null) return row("unverified", unverified, style, style.doubtful);
  if (!verdict.stopped) {
    return row("ACCEPTED", acceptance(verdict), style, style.bad);
  }
  const before = failures(original);
  const [first, ...others] = failures(verdict);
  const lines = first === undefined ? [] : row("refused", failureText(first), style, style.good);
  for (const check of others) {
    const already = before.some(({ code }) => code === check.code) ? " (as was the original)" : "";
    lines.push(...row("", `${failureText(check)}${already}`, style));
  }
  if (original !== null && !original.valid) {
    lines.push(...row("note", originalRefused(original), style, style.doubtful));
  }
  return lines;
}

/** The text for an accepted forgery. */
export function acceptance({ valid, checks }: ShownVerdict): string {
  if (valid) return "verification takes it for genuine";
  const left = checks.filter(({ status }) => status === "fail").map(({ code }) => code);
  return `its signature is taken for genuine; what is left (${left.join(", ")}) a forger can write otherwise`;
}

export function originalRefused({ verdict, stopped }: ShownVerdict): string {
  const foreign = stopped ? ": these are not its keys, or it was tampered with before" : "";
  return `the original is refused as well (${verdict})${foreign}`;
}

function failures(verdict: ShownVerdict | null): readonly Check[] {
  const failed = verdict?.checks.filter(({ status }) => status === "fail") ?? [];
  return [...failed].sort((first, second) => rank(second, verdict) - rank(first, verdict));
}

/** Sorts the failure of the verdict first; the others keep their order. */
function rank(check: Check, verdict: ShownVerdict | null): number {
  return check.code === verdict?.verdict ? 1 : 0;
}

function failureText({ code, detail }: Check): string {
  return `${code ?? "refused"}: ${safe(detail)}`;
}

/** The forged token on one line; on a terminal its segments have their three colours. */
export function forgedTokenText(token: string, style: Style): string {
  const segments = token.split(".");
  const shown = style.isTerminal ? segments.map((text, index) => segmentPaint(index, style)(text)) : segments;
  return `${shown.join(".")}\n`;
}

/** `payload role: "reader" → "admin"` */
export function changeText({ where, from, to }: Change): string {
  const [, part = "", ...steps] = where.split("/");
  const name = steps.join("/").replaceAll("~1", "/").replaceAll("~0", "~");
  return `${part} ${safe(name)}: ${from === undefined ? "absent" : shownValue(from)} → ${to === undefined ? "removed" : shownValue(to)}`;
}

function shownValue(value: JsonValue): string {
  return safeShort(writeJson(value), LONGEST_VALUE);
}

/** A label with wrapped text beside it. @param paint colours the label */
function row(
  label: string,
  text: string,
  style: Style,
  paint: (text: string) => string = style.dim,
): string[] {
  const width = Math.max(20, Math.min(READABLE_WIDTH, style.columns ?? READABLE_WIDTH) - LABEL - 1);
  const margin = " ".repeat(LABEL + 1);
  return wrapAnsi(text, width, { hard: true })
    .split("\n")
    .map((line, index) => (index === 0 ? `${paint(label.padEnd(LABEL))} ${line}` : margin + line));
}

export function tamperingJson(shown: ShownTampering, original: ShownVerdict | null) {
  return {
    token: shown.token,
    attack: shown.attack.id,
    changed: shown.changed.map(({ where, from, to }) => ({ where, from, to })),
    signature: shown.signature.replace("-", "_"),
    verification: verdictJson(shown.verdict),
    original: verdictJson(original),
  };
}

export function verdictJson(verdict: ShownVerdict | null) {
  if (verdict === null) return null;
  return {
    valid: verdict.valid,
    code: verdict.verdict ?? null,
    checks: verdict.checks.map(({ name, status, code, detail }) => ({ name, status, code, detail })),
  };
}
