import { wrapAnsi } from "fast-wrap-ansi";
import type { LintFinding, Severity } from "../../core/lint/rule.ts";
import { SEVERITIES } from "../../core/lint/rule.ts";
import { objectOf, stringMember } from "../../core/token/content.ts";
import type { InspectedToken } from "../../core/token/inspect.ts";
import { counted } from "../fields.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";

export interface ShownReview {
  readonly source: string | null;
  readonly token: InspectedToken;
  readonly findings: readonly LintFinding[];
}

export interface ShownReviews {
  readonly reviews: readonly ShownReview[];
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

/** What was found, by rule, the gravest first. @param asked how many rules were asked */
export function reviewsText({ reviews, failOn, failed }: ShownReviews, asked: number, style: Style): string {
  const several = reviews.length > 1;
  const blocks = reviews.map((review, index) => {
    const name = several ? [style.title(safe(review.source ?? `token ${index + 1}`))] : [];
    const found = byRule(review.findings).map((findings) => ruleText(findings, style));
    if (several && found.length === 0) found.push(indented(style.good("nothing found"), style));
    return [...name, ...found].join("\n\n");
  });
  const body = blocks.filter((block) => block !== "").join("\n\n");
  const findings = reviews.flatMap((review) => review.findings);
  return `${body}${body === "" ? "" : "\n\n"}${summary(findings, { asked, failOn, failed }, style)}\n`;
}

/** The findings of one rule together, so that its reason is told once. */
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

function summary(
  findings: readonly LintFinding[],
  { asked, failOn, failed }: { asked: number; failOn: Severity | "never"; failed: boolean },
  style: Style,
): string {
  if (findings.length === 0) return `${style.good("nothing found")} by ${counted(asked, "rule")}`;
  const counts = SEVERITIES.map((severity) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number === 0 ? "" : style[PAINT[severity]](counted(number, PLURALS[severity]));
  });
  const said = counts.filter((count) => count !== "").join(", ");
  return failed
    ? `${said}: ${style.bad("failed")} (--fail-on ${failOn})`
    : `${said}: ${style.good("passed")} (--fail-on ${failOn})`;
}

export function reviewsJson({ reviews, failOn, failed }: ShownReviews) {
  return {
    tokens: reviews.map(({ source, token }) => {
      const header = objectOf(token.header.content);
      return {
        source,
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
    fail_on: failOn,
    failed,
  };
}
