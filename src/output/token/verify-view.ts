import type { JsonValue } from "../../core/base/json/value.ts";
import type { Check } from "../../core/jose/verification/check.ts";
import type { VerificationReport } from "../../core/jose/verification/report.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";
import { withLabel } from "../wrap.ts";
import { sdJwtJson, sdJwtText } from "./verify-sd-jwt-view.ts";

/** The document of `verify --json`. */
export function verifyJson(report: VerificationReport) {
  return {
    valid: report.valid,
    header: report.header ?? (null satisfies JsonValue),
    payload: report.payload ?? (null satisfies JsonValue),
    key: report.key ?? null,
    checks: report.checks.map(({ name, status, code, detail }) => ({ name, status, code, detail })),
    ...(report.sdJwt ? { sd_jwt: sdJwtJson(report.sdJwt) } : {}),
    diagnosis: report.diagnosis.map(({ cause, evidence, fix }) => ({ cause, evidence, fix })),
  };
}

const NAME_WIDTH = 12;
const MARGIN = 2 + 4 + 2 + NAME_WIDTH + 2;

/** The verdict on one line, then a line for every check. */
export function verifyText(report: VerificationReport, style: Style): string {
  const checks = report.checks.map((check) => checkText(check, style)).join("");
  const disclosed = report.sdJwt ? sdJwtText(report.sdJwt, style) : "";
  return `${verdictText(report, style)}\n${checks}${disclosed}`;
}

/** The verdict: the gravest failure, or why the token is valid. */
function verdictText({ valid, verdict, checks, key, sdJwt }: VerificationReport, style: Style): string {
  const { columns } = style;
  if (!valid) {
    const decisive = checks.find(({ status, code }) => status === "fail" && code === verdict);
    const label = `${style.bad("REFUSED")} ${style.dim(`(${verdict})`)}`;
    const width = `REFUSED (${verdict})`.length;
    return withLabel(label, width, safe(decisive?.detail ?? ""), { margin: 2, columns });
  }
  const exp = checks.find(({ name }) => name === "exp");
  const until = exp?.status === "pass" ? `; ${exp.detail}` : "";
  const name = key?.kid == null ? `${key?.source}` : `${key.kid} from ${key.source}`;
  const only = sdJwt && !sdJwt.holderProven ? "; of the SD-JWT only its issuer's signature was verified" : "";
  return withLabel(style.good("VALID"), "VALID".length, safe(`signed with ${name}${until}${only}`), {
    margin: 2,
    columns,
  });
}

const WORDS: Readonly<Record<Check["status"], string>> = {
  pass: "pass",
  fail: "FAIL",
  skip: "skip",
  warn: "warn",
};

/** A check with its status as a coloured word. */
function checkText({ name, status, detail }: Check, style: Style): string {
  const paint = { pass: style.good, fail: style.bad, skip: style.dim, warn: style.doubtful }[status];
  const label = `  ${paint(WORDS[status])}  ${style.strong(name.padEnd(NAME_WIDTH))} `;
  const text = status === "skip" ? style.dim(safe(detail)) : safe(detail);
  return withLabel(label, MARGIN - 1, text, { margin: MARGIN, columns: style.columns });
}
