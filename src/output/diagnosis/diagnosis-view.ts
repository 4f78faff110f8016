import { CAUSES } from "../../core/analysis/diagnosis/causes.ts";
import type { Diagnosis } from "../../core/jose/verification/report.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";
import { withLabel } from "../wrap.ts";

const MARGIN = 8;
/** More causes than these would push the verdict off a screen of 24 lines. */
const SHOWN = 2;

/**
 * A diagnosis, below the verdict: each cause with why it is one and its fix, the most convincing last, next to the
 * prompt.
 *
 * @param diagnosis the most convincing first
 */
export function diagnosisText(
  diagnosis: readonly Diagnosis[],
  style: Style,
  { all = false }: { readonly all?: boolean } = {},
): string {
  const shown = all ? diagnosis : diagnosis.slice(0, SHOWN);
  const left = diagnosis.slice(shown.length).map(({ cause }) => safe(cause));
  const more =
    left.length === 0 ? "" : `\n  ${style.dim(`also: ${left.join(", ")} (--checks tells more)`)}\n`;
  return (
    more +
    [...shown]
      .reverse()
      .map((found) => `\n${causeText(found, style)}`)
      .join("")
  );
}

function causeText({ cause, evidence, fix }: Diagnosis, style: Style): string {
  const meaning = Object.hasOwn(CAUSES, cause)
    ? `${CAUSES[cause as keyof typeof CAUSES].replaceAll("`", "")}: `
    : "";
  return [
    line("Why", `${safe(meaning)}${safe(evidence)} ${style.dim(`(${safe(cause)})`)}`, style),
    line("Fix", safe(fix), style),
  ].join("");
}

function line(label: string, text: string, style: Style): string {
  const options = { margin: MARGIN, columns: style.columns };
  return withLabel(`  ${style.strong(label)}  `, MARGIN - 1, text, options);
}
