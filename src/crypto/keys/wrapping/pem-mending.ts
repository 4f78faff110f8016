/** Hyphens, and what word processors make of them. */
const DASH = "[-\\u0096\\u0097\\u00ad\\u2010-\\u2015\\u2212\\ufe58\\ufe63\\uff0d\\u2e3a\\u2e3b]";

/** A BEGIN or END line however it is spelled: dashes, their number, case. */
const LOOSE = new RegExp(
  `(${DASH}{0,12})[ \\t]?(BEGIN|END)[ \\t]+([A-Z][A-Z0-9 .#]{1,60}?)[ \\t]?(${DASH}{1,12})`,
  "gi",
);

/** Labels that PEM is known to have; any other "END …" may be prose. */
const LABEL = /(?:KEY|CERTIFICATE|REQUEST|PARAMETERS|CRL|PKCS ?#?7|CMS|MESSAGE|BLOCK|DATA)$/i;

/** One line of armour as it stands in a text. */
export interface Armour {
  readonly kind: "BEGIN" | "END";
  /** In capitals. */
  readonly label: string;
  readonly start: number;
  readonly end: number;
  /** How the line differs from what it should be; undefined when it does not. */
  readonly fault: string | undefined;
}

export function looksLikeLoosePem(text: string): boolean {
  return armourOf(text, 1).length > 0;
}

/** The BEGIN and END lines of a text, in order. @param most stop after so many */
export function armourOf(text: string, most = Number.POSITIVE_INFINITY): readonly Armour[] {
  const found: Armour[] = [];
  for (const match of text.matchAll(LOOSE)) {
    const [whole, before = "", word = "", label = "", after = ""] = match;
    if (
      !LABEL.test(label) ||
      (before === "" && !/^\s*$/.test(text.slice(Math.max(0, match.index - 1), match.index)))
    ) {
      continue;
    }
    const kind = word.toUpperCase() === "BEGIN" ? "BEGIN" : "END";
    found.push({
      ...{ kind, label: label.trim().toUpperCase(), start: match.index, end: match.index + whole.length },
      fault: faultOf(whole, kind, before, after),
    });
    if (found.length >= most) break;
  }
  return found;
}

const FIVE = "-----";

function faultOf(whole: string, kind: string, before: string, after: string): string | undefined {
  if (before === FIVE && after === FIVE) {
    return whole === whole.toUpperCase() && !/- | -/.test(whole)
      ? undefined
      : `the ${kind} line is not in capitals`;
  }
  if (/[^-]/.test(before + after)) {
    return `the hyphens of the ${kind} line have become other dashes, as a word processor makes them`;
  }
  const [count, side] = before === FIVE ? [after.length, "after"] : [before.length, "before"];
  const hyphens = count === 1 ? "1 hyphen" : `${count === 0 ? "no" : `only ${count}`} hyphens`;
  const has = count > 5 ? `${count} hyphens` : hyphens;
  return `the ${kind} line has ${has} ${side} it: it needs five on each side`;
}
