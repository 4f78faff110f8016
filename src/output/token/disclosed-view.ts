import { writeJson } from "../../core/base/json/write.ts";
import { largest } from "../../core/base/largest.ts";
import { counted } from "../../core/base/text/wording.ts";
import type { DecodedToken } from "../../core/jose/token/decoded-token.ts";
import type { Disclosure } from "../../core/jose/token/disclosures.ts";
import { safe, safeShort } from "../sanitize.ts";
import type { Style } from "../style.ts";
import { withLabel } from "../wrap.ts";
import { section } from "./decode-view.ts";
import { jsonText, shortened } from "./token-text.ts";

const LONGEST_PLACE = 32;

/** The disclosures of an SD-JWT with their places, and the claims with them (RFC 9901). */
export function disclosedSections(
  { disclosed }: Pick<DecodedToken, "disclosed">,
  style: Style,
): readonly string[] {
  if (disclosed === undefined) return [];
  const { disclosures, algorithm, hidden, claims } = disclosed;
  const rows = disclosures.map((disclosure) => ({ place: placeOf(disclosure), text: textOf(disclosure) }));
  const width = largest(
    rows.map(({ place }) => place.length),
    6,
  );
  const lines = rows.map(({ place, text }) => {
    const label = `${style.payload(place.padEnd(width))} `;
    return withLabel(label, width + 1, text, { margin: width + 2, columns: style.columns });
  });
  const remains = `${style.dim(`${"hidden".padEnd(width)}  ${counted(hidden, "claim")} or decoy${hidden === 1 ? "" : "s"}, by hash (${safe(algorithm)})`)}\n`;
  const list = section("DISCLOSED", style.payload, lines.join("") + remains, style);
  if (disclosures.every(({ where }) => where === undefined)) return [list];
  return [list, section("CLAIMS AS DISCLOSED", style.payload, jsonText(claims, style.payload), style)];
}

function placeOf({ where, content }: Disclosure): string {
  return safeShort(where ?? content?.name ?? "?", LONGEST_PLACE);
}

function textOf({ content, text, where }: Disclosure): string {
  if (content === undefined) return `not readable: ${shortened(safe(text))}`;
  const value = shortened(safe(writeJson(content.value)));
  return where === undefined ? `${value} (no hash in the token fits)` : value;
}
