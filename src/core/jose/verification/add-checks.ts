import { type Check, verdictOf } from "./check.ts";
import type { VerificationReport } from "./report.ts";

/** The report with further checks behind its own: they can refuse a token, never make one good. */
export function withChecks(report: VerificationReport, further: readonly Check[]): VerificationReport {
  const checks = [...report.checks, ...further];
  const verdict = report.verdict === undefined ? verdictOf(further) : (verdictOf(checks) ?? report.verdict);
  const valid = report.valid && further.every(({ status }) => status !== "fail");
  return { ...report, checks, verdict, valid };
}
