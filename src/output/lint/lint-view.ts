import { wrapAnsi } from "fast-wrap-ansi";
import type { LintFinding, Severity } from "../../core/analysis/lint/rule.ts";
import { SEVERITIES } from "../../core/analysis/lint/rule.ts";
import { objectOf, stringMember } from "../../core/jose/token/content.ts";
import type { InspectedToken } from "../../core/jose/token/inspect.ts";
import { counted } from "../fields.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";

/** The place of a token, or of what should have been one. */
export interface ShownPlace {
  /** The index of the input, from 0. */
  readonly input: number;
  readonly source: string | null;
  /** From 1. */
  readonly line: number;
  readonly name?: string;
}

export interface ShownReview extends ShownPlace {
  readonly token: InspectedToken;
  readonly findings: readonly LintFinding[];
}

export interface ShownUnread extends ShownPlace {
  readonly code: string;
  readonly message: string;
}

export interface ShownReviews {
  readonly reviews: readonly ShownReview[];
  readonly unread: readonly ShownUnread[];
  readonly failOn: Severity | "never";
  readonly failed: boolean;
}

const MARGIN = 2;
const READABLE_WIDTH = 100;

const PAINT = { error: "bad", warning: "doubtful", info: "command" } as const satisfies Record<
  Severity,
  keyof Style
>;
const PLURALS: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "remark" };

/** The findings by rule, the gravest first. @param asked the number of applied rules */
export function reviewsText(shown: ShownReviews, asked: number, style: Style): string {
  const { reviews, unread } = shown;
  const places = [...reviews, ...unread];
  const several = places.length > 1;
  const nameOf = (place: ShownPlace) => (several ? [style.title(placeName(place, places))] : []);
  const blocks = reviews.map((review) => {
    const found = byRule(review.findings).map((findings) => ruleText(findings, style));
    if (several && found.length === 0) found.push(indented(style.good("nothing found"), style));
    return [...nameOf(review), ...found].join("\n\n");
  });
  const missed = unread.map((place) =>
    [...nameOf(place), indented(`${style.bad("not reviewed")}: ${safe(place.message)}`, style)].join("\n\n"),
  );
  const body = [...blocks, ...missed].filter((block) => block !== "").join("\n\n");
  return `${body}${body === "" ? "" : "\n\n"}${summary(shown, asked, style)}\n`;
}

/** Names a place: by its input, and by line and name when the input has several tokens. */
function placeName(place: ShownPlace, places: readonly ShownPlace[]): string {
  const { input, source, line, name } = place;
  const inputName = source ?? `token ${input + 1}`;
  if (places.filter((other) => other.input === input).length === 1) return safe(inputName);
  return safe(`${inputName}, line ${line}${name === undefined ? "" : ` (${name})`}`);
}

/** Groups findings by rule, so that its reason is shown once. */
function byRule(findings: readonly LintFinding[]): readonly (readonly [LintFinding, ...LintFinding[]])[] {
  const groups = new Map<string, [LintFinding, ...LintFinding[]]>();
  for (const finding of findings) {
    const group = groups.get(finding.rule);
    if (group) group.push(finding);
    else groups.set(finding.rule, [finding]);
  }
  return [...groups.values()];
}

function ruleText(findings: readonly [LintFinding, ...LintFinding[]], style: Style): string {
  const [{ rule, severity, why, reference }] = findings;
  const lines = [`${style[PAINT[severity]](severity)} ${style.strong(rule)}`];
  for (const { message, where } of findings) {
    const place = where === "" ? "" : ` ${style.dim(`at ${safe(where)}`)}`;
    lines.push(indented(`${safe(message)}${place}`, style));
  }
  lines.push(indented(style.dim(`${why} (${reference})`), style));
  return lines.join("\n");
}

function indented(text: string, style: Style): string {
  const margin = " ".repeat(MARGIN);
  const width = Math.max(20, Math.min(READABLE_WIDTH, style.columns ?? READABLE_WIDTH) - MARGIN);
  return margin + wrapAnsi(text, width, { hard: true }).replaceAll("\n", `\n${margin}`);
}

function summary({ reviews, unread, failOn, failed }: ShownReviews, asked: number, style: Style): string {
  const findings = reviews.flatMap((review) => review.findings);
  const counts = SEVERITIES.map((severity) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number === 0 ? "" : style[PAINT[severity]](counted(number, PLURALS[severity]));
  });
  const none = `${style.good("nothing found")} by ${counted(asked, "rule")}`;
  const found = findings.length === 0 ? none : counts.filter((count) => count !== "").join(", ");
  const threshold = findings.length === 0 ? "" : ` (--fail-on ${failOn})`;
  if (unread.length > 0) {
    const missed = `${found} in ${counted(reviews.length, "token")}; ${unread.length} could not be reviewed`;
    return `${missed}: ${style.bad("failed")}${failed ? threshold : ""}`;
  }
  if (findings.length === 0) return reviews.length > 1 ? `${none} in ${reviews.length} tokens` : none;
  return `${found}: ${failed ? style.bad("failed") : style.good("passed")}${threshold}`;
}

export function reviewsJson({ reviews, unread, failOn, failed }: ShownReviews) {
  return {
    tokens: reviews.map(({ source, line, token }) => {
      const header = objectOf(token.header.content);
      return {
        source,
        line,
        kind: token.kind,
        alg: stringMember(header, "alg") ?? null,
        typ: stringMember(header, "typ") ?? null,
        kid: stringMember(header, "kid") ?? null,
        length: token.text.length,
      };
    }),
    findings: reviews.flatMap(({ findings }, token) =>
      findings.map(({ rule, severity, message, where, why, reference }) => ({
        token,
        rule,
        severity,
        message,
        where,
        why,
        reference,
      })),
    ),
    unread: unread.map(({ source, line, code, message }) => ({ source, line, code, message })),
    fail_on: failOn,
    failed,
  };
}
