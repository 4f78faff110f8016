import type { Finding, FindingStatus } from "../../core/analysis/doctor/finding.ts";
import { largest } from "../../core/base/largest.ts";
import { counted } from "../fields.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";
import { wrapText } from "../wrap.ts";

export interface DoctorView {
  /** The store's file. */
  readonly db: string;
  readonly findings: readonly Finding[];
  /** Undefined without --fix. */
  readonly repairs:
    | readonly { readonly id: string; readonly done: boolean; readonly summary: string }[]
    | undefined;
}

export function doctorJson({ db, findings, repairs }: DoctorView) {
  return {
    db,
    healthy: findings.every(({ status }) => status !== "fail"),
    counts: countsOf(findings),
    findings: findings.map(({ id, status, about, summary, fix, fixable }) => ({
      id,
      status,
      about,
      summary,
      fix,
      fixable,
    })),
    repairs: repairs ?? [],
  };
}

export function doctorText({ findings, repairs }: DoctorView, style: Style): string {
  const width = largest(findings.map(({ id }) => id.length));
  const margin = 4 + 2 + width + 2;
  const lines = findings.flatMap(({ id, status, summary, fix }) => {
    const [first = "", ...more] = wrapText(safe(summary), style.columns, margin);
    const head = `${statusText(status, style)}  ${id.padEnd(width)}  ${first}`;
    const rest = more.map((line) => " ".repeat(margin) + line);
    return [head, ...rest, ...(fix === null ? [] : [`      ${style.command("fix:")} ${safe(fix)}`])];
  });
  const done = (repairs ?? []).map((repair) => {
    const word = repair.done ? style.good("repaired") : style.bad("not repaired");
    return `${word}  ${repair.id}: ${safe(repair.summary)}`;
  });
  if (repairs !== undefined && repairs.length === 0)
    done.push("there was nothing that could be repaired safely");
  return [...lines, "", ...done, summaryText(findings, style), ""].join("\n");
}

function statusText(status: FindingStatus, style: Style): string {
  switch (status) {
    case "pass":
      return style.good(status);
    case "warn":
      return style.doubtful(status);
    case "fail":
      return style.bad(status);
    case "skip":
      return style.dim(status);
  }
}

function summaryText(findings: readonly Finding[], style: Style): string {
  const { fail, warn, pass, skip } = countsOf(findings);
  const parts = [
    ...(fail > 0 ? [style.bad(`${fail} failed`)] : []),
    ...(warn > 0 ? [style.doubtful(counted(warn, "warning"))] : []),
    style.good(`${pass} passed`),
    ...(skip > 0 ? [style.dim(`${skip} skipped`)] : []),
  ];
  return parts.join(", ");
}

function countsOf(findings: readonly Finding[]): Record<FindingStatus, number> {
  const counts = { pass: 0, warn: 0, fail: 0, skip: 0 };
  for (const { status } of findings) counts[status]++;
  return counts;
}
