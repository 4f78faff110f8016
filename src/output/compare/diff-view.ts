import { wrapAnsi } from "fast-wrap-ansi";
import type { Comparison, TokenComparison } from "../../core/analysis/compare/compare.ts";
import type { JsonValue } from "../../core/base/json/value.ts";
import { writeJson } from "../../core/base/json/write.ts";
import type { TimeContext } from "../../core/base/time/instant.ts";
import { counted } from "../fields.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";
import { type Line, lines } from "./side-by-side.ts";
import { timeLines } from "./time-lines.ts";

/** The names of the two tokens. */
export interface TokenNames {
  readonly left: string;
  readonly right: string;
}

const MARKS = {
  same: { mark: " ", paint: "dim" },
  equivalent: { mark: "≈", paint: "command" },
  changed: { mark: "~", paint: "doubtful" },
  added: { mark: "+", paint: "good" },
  removed: { mark: "-", paint: "bad" },
} as const satisfies Record<Comparison["status"], { mark: string; paint: keyof Style }>;

/** Two tokens side by side, or one under the other on narrow terminals; then the conclusion. */
export function diffText(diff: TokenComparison, names: TokenNames, time: TimeContext, style: Style): string {
  const sections: readonly (readonly [title: string, body: readonly Line[]])[] = [
    ["HEADER", diff.header.map((entry) => memberLine(entry, style))],
    ["PAYLOAD", diff.payload.map((entry) => memberLine(entry, style))],
    ["TIMES", timeLines(diff.times, time, style)],
  ];
  const filled = sections.filter(([, body]) => body.length > 0);
  const shown = { left: safe(names.left), right: safe(names.right) };
  return [...lines(filled, shown, style), ...closing(diff, style)].join("\n");
}

function memberLine({ name, status, left, right, how, significance }: Comparison, style: Style): Line {
  const { mark, paint } = MARKS[status];
  const notes = [...(how === undefined ? [] : [safe(how)]), ...(significance ? [significance.why] : [])];
  return {
    mark,
    name: safe(name === "" ? "(payload)" : name),
    left: left === undefined ? undefined : valueText(left),
    right: right === undefined ? undefined : valueText(right),
    same: status === "same",
    note: notes.join("; "),
    paint: (text) => style[paint](text),
  };
}

function valueText(value: JsonValue): string {
  return safe(writeJson(value));
}

/** The conclusion for different contents under one signature. */
const AT_MOST_ONE = "under one signature: at most one of the tokens verifies";

function closing(diff: TokenComparison, style: Style): string[] {
  return [
    "",
    wrapped(`Signature: ${diff.signature.status}; ${diff.signature.meaning}.`, style),
    wrapped(verdictText(diff, style), style),
    "",
  ];
}

function verdictText(diff: TokenComparison, style: Style): string {
  const entries = [...diff.header, ...diff.payload];
  const { twoContents } = diff.signature;
  if (diff.same) {
    const inForm = entries.some(({ status }) => status === "equivalent");
    if (twoContents)
      return `${style.doubtful("The tokens say the same")}, written differently ${AT_MOST_ONE}.`;
    return style.good(`The tokens say the same${inForm ? ", in different forms" : ""}.`);
  }
  const differing = entries.filter(({ status }) => status !== "same" && status !== "equivalent");
  const differences = style.doubtful(counted(differing.length, "difference"));
  if (twoContents) return `${differences} ${AT_MOST_ONE}, whatever a verifier looks at.`;
  const number = differing.filter(({ significance }) => significance?.verification).length;
  return `${differences}, ${matter(number, differing.length)} for verification.`;
}

function matter(number: number, total: number): string {
  if (total === 1) return number === 1 ? "which matters" : "which does not matter";
  if (number === 0) return "none of which matters";
  if (number === 1) return "one of which matters";
  return number === total ? "all of which matter" : `${number} of which matter`;
}

function wrapped(text: string, style: Style): string {
  return style.columns === undefined ? text : wrapAnsi(text, style.columns);
}

export function diffJson(diff: TokenComparison) {
  return {
    header: diff.header.map(comparisonJson),
    payload: diff.payload.map(comparisonJson),
    signature: { status: diff.signature.status, meaning: diff.signature.meaning },
    same: diff.same,
  };
}

function comparisonJson({ where, status, left, right, how, significance }: Comparison) {
  return {
    where,
    status,
    left,
    right,
    how,
    verification: status === "same" ? undefined : (significance?.verification ?? false),
    why: significance?.why,
  };
}
