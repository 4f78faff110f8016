import { isBareToken, withoutFinalLineBreak } from "../../core/analysis/extraction/bare.ts";
import { type InspectedToken, inspectIfToken } from "../../core/jose/token/inspect.ts";
import { isPlainJws } from "../../core/jose/token/inspect-form.ts";

/**
 * The token that a text is, when it is a compact JWS with nothing special about it and nothing around it, as nearly every
 * text is. For those, what finds and reads the others is not even loaded.
 *
 * @returns undefined for every other text
 */
export function plainToken(text: string): InspectedToken | undefined {
  const bare = withoutFinalLineBreak(text);
  const token = isBareToken(bare) ? inspectIfToken(bare) : undefined;
  return token !== undefined && isPlainJws(token) ? token : undefined;
}
