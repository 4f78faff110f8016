import type { Check } from "../../../core/jose/verification/check.ts";
import { safe } from "../../sanitize.ts";
import type { Style } from "../../style.ts";
import { withLabel } from "../../wrap.ts";

const NAME_WIDTH = 12;
const MARGIN = 2 + 4 + 2 + NAME_WIDTH + 2;

const WORDS: Readonly<Record<Check["status"], string>> = {
  pass: "pass",
  fail: "FAIL",
  skip: "skip",
  warn: "warn",
};

/** Every check on a line of its own. */
export function checksText(checks: readonly Check[], style: Style): string {
  return checks.map((check) => checkText(check, style)).join("");
}

/** A check with its status as a coloured word. */
export function checkText({ name, status, detail }: Check, style: Style): string {
  const paint = { pass: style.good, fail: style.bad, skip: style.dim, warn: style.doubtful }[status];
  const label = `  ${paint(WORDS[status])}  ${style.strong(name.padEnd(NAME_WIDTH))} `;
  const text = status === "skip" ? style.dim(safe(detail)) : safe(detail);
  return withLabel(label, MARGIN - 1, text, { margin: MARGIN, columns: style.columns });
}

/** The checks that say little unless they are asked for: who issued the token, whom it is for, of what type it is. */
const ASKED_FOR = new Set<Check["name"]>(["iss", "aud", "typ"]);

/** Whether a check was left out only because nobody said what to expect. */
export function isNotAsked({ name, status }: Check): boolean {
  return status === "skip" && ASKED_FOR.has(name);
}

/** What passed in one line, and what nobody asked for in another. */
export function foldedText(checks: readonly Check[], style: Style): string {
  const { columns } = style;
  const fine = foldedNames(checks, 3);
  const open = checks.filter(isNotAsked).map(({ name }) => name);
  const fineLine =
    fine === "" ? "" : `everything else is fine: ${fine} ${style.dim("(--checks lists them)")}`;
  return [fineLine, open.length === 0 ? "" : `not checked: ${open.join(", ")}`]
    .filter((line) => line !== "")
    .map((line) => withLabel(" ", 1, line, { margin: 2, columns }))
    .join("");
}

/** Checks that are named before the others, for they say the most. */
const FIRST: readonly Check["name"][] = ["signature", "exp", "iss", "aud", "session", "kind", "algorithm"];
const NAMED = 6;

/**
 * What passed, as `signature, algorithm, exp and 8 more`; empty when nothing did.
 *
 * @param count how many are named
 */
export function foldedNames(checks: readonly Check[], count = NAMED): string {
  const passed = new Set(checks.filter(({ status }) => status === "pass").map(({ name }) => name));
  const inOrder = [...FIRST.filter((name) => passed.delete(name)), ...passed];
  const named = inOrder.slice(0, count);
  const rest = inOrder.length - named.length;
  return `${named.map((name) => name.replaceAll("_", " ")).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
