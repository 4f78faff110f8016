import type { DecodedToken } from "../../core/jose/token/decoded-token.ts";
import { safeShort } from "../sanitize.ts";
import type { Style } from "../style.ts";

const LONGEST_PLACE = 80;

/** The line above each of several tokens. */
export function tokenTitle({ where }: DecodedToken, number: number, count: number, style: Style): string {
  const place = where === undefined ? "" : `: ${safeShort(where, LONGEST_PLACE)}`;
  return `${style.title(`TOKEN ${number} OF ${count}${place}`)}\n`;
}
