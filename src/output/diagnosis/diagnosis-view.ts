import { CAUSES } from "../../core/analysis/diagnosis/causes.ts";
import type { Diagnosis } from "../../core/jose/verification/report.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";
import { withLabel } from "../wrap.ts";

const LABEL_WIDTH = 5;
const MARGIN = 2 + LABEL_WIDTH + 2;

/** A diagnosis, below the checks: each cause with its evidence and its fix, the most convincing first. */
export function diagnosisText(diagnosis: readonly Diagnosis[], style: Style): string {
  if (diagnosis.length === 0) return "";
  const causes = diagnosis.map((found) => causeText(found, style));
  return `\n${style.title("Diagnosis")}\n${causes.join("\n")}`;
}

function causeText({ cause, evidence, fix }: Diagnosis, style: Style): string {
  const meaning = Object.hasOwn(CAUSES, cause)
    ? CAUSES[cause as keyof typeof CAUSES].replaceAll("`", "")
    : "";
  const title = `${style.strong(safe(meaning))} ${style.dim(`(${safe(cause)})`)}`;
  return [
    line("cause", title, style),
    line("found", safe(evidence), style),
    line("fix", safe(fix), style),
  ].join("");
}

function line(label: string, text: string, style: Style): string {
  const options = { margin: MARGIN, columns: style.columns };
  return withLabel(`  ${style.dim(label.padEnd(LABEL_WIDTH))} `, MARGIN - 1, text, options);
}
