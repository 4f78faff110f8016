import { type KeyFinding, severityOf } from "../../core/authority/keys/public-key-file.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";

export interface LintView {
  /** The name of the input. */
  readonly file: string;
  readonly keys: number;
  readonly findings: readonly KeyFinding[];
}

export function lintJson({ file, keys, findings }: LintView) {
  return {
    file,
    keys,
    findings: findings.map(({ code, key, kid, detail }) => ({
      code,
      severity: severityOf(code),
      key,
      kid,
      detail,
    })),
  };
}

export function lintText({ file, keys, findings }: LintView, style: Style): string {
  const count = `${keys} key${keys === 1 ? "" : "s"}`;
  if (findings.length === 0)
    return `${style.good("ok")} ${style.strong(safe(file))}  ${style.dim(`${count}, public only`)}\n`;
  const lines = findings.map((finding) => {
    const severity = severityOf(finding.code);
    const mark = severity === "error" ? style.bad("error  ") : style.doubtful("warning");
    const where = finding.key === null ? "file" : `key ${finding.key}`;
    const kid = finding.kid === null ? "" : ` ${style.dim(`(${safe(finding.kid)})`)}`;
    return `  ${mark} ${finding.code}  ${where}${kid}: ${safe(finding.detail)}`;
  });
  return `${style.strong(safe(file))}  ${style.dim(count)}\n${lines.join("\n")}\n`;
}
