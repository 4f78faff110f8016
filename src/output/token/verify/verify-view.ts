import type { JsonValue } from "../../../core/base/json/value.ts";
import type { Check } from "../../../core/jose/verification/check.ts";
import type { VerificationReport } from "../../../core/jose/verification/report.ts";
import { diagnosisText } from "../../diagnosis/diagnosis-view.ts";
import { safe } from "../../sanitize.ts";
import type { Style } from "../../style.ts";
import { withLabel } from "../../wrap.ts";
import { checksText, checkText, foldedText, isNotAsked } from "./checks-view.ts";
import { sdJwtJson, sdJwtText } from "./sd-jwt.ts";
import { validText } from "./valid-view.ts";

/** The document of `verify --json`. */
export function verifyJson(report: VerificationReport) {
  return {
    valid: report.valid,
    code: report.verdict ?? null,
    message: decisiveOf(report)?.detail ?? null,
    header: report.header ?? (null satisfies JsonValue),
    payload: report.payload ?? (null satisfies JsonValue),
    key: report.key ?? null,
    checks: report.checks.map(({ name, status, code, detail }) => ({ name, status, code, detail })),
    unchecked: report.checks.filter(isNotAsked).map(({ name }) => name),
    ...(report.sdJwt ? { sd_jwt: sdJwtJson(report.sdJwt) } : {}),
    diagnosis: report.diagnosis.map(({ cause, evidence, fix }) => ({ cause, evidence, fix })),
  };
}

/**
 * The verdict and what it rests on. A refusal stands at the end, where the eye is, with its causes; what passed is folded
 * into one line before it.
 *
 * @param shown.allChecks every check on a line of its own, and every cause
 */
export function verifyText(
  report: VerificationReport,
  style: Style,
  { allChecks = false }: { readonly allChecks?: boolean } = {},
): string {
  const disclosed = report.sdJwt ? sdJwtText(report.sdJwt, style) : "";
  if (report.valid) {
    const checks = allChecks ? `\n${checksText(report.checks, style)}` : "";
    return `${validText(report, style, { allChecks })}${checks}${disclosed}`;
  }
  const before = allChecks ? checksText(report.checks, style) : foldedChecks(report, style);
  return `${before}${disclosed}\n${refusalText(report, style)}${diagnosisText(report.diagnosis, style, { all: allChecks })}`;
}

/** The check that decided: the gravest failure. */
function decisiveOf({ verdict, checks }: VerificationReport): Check | undefined {
  return checks.find(({ status, code }) => status === "fail" && code === verdict);
}

/** What passed in one line, what was not asked for in another, and each further failure and warning in its own. */
function foldedChecks(report: VerificationReport, style: Style): string {
  const decisive = decisiveOf(report);
  const further = report.checks.filter(
    (check) => check !== decisive && (check.status === "fail" || check.status === "warn"),
  );
  return foldedText(report.checks, style) + further.map((check) => checkText(check, style)).join("");
}

function refusalText(report: VerificationReport, style: Style): string {
  const { columns } = style;
  const word = style.unicode ? "✗ INVALID" : "INVALID";
  const label = `${style.bad(word)} ${style.dim(`(${report.verdict})`)}`;
  const width = `${word} (${report.verdict})`.length;
  return withLabel(label, width, safe(decisiveOf(report)?.detail ?? ""), { margin: 2, columns });
}
