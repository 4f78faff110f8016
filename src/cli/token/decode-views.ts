import type { TimeContext } from "../../core/base/time/instant.ts";
import type { DecodedToken } from "../../core/jose/token/decoded-token.ts";
import type { Style } from "../../output/style.ts";
import { decodeText } from "../../output/token/decode-view.ts";
import { explainText } from "../../output/token/explain-view.ts";
import { fullJson } from "../../output/token/special-json.ts";
import { SPECIAL } from "../../output/token/special-view.ts";
import { tokenTitle } from "../../output/token/token-text.ts";
import type { View } from "../terminal.ts";

/** Tokens with everything that is special about them; with `all` each under its title, and a JSON array of them. */
export function specialView(
  tokens: readonly DecodedToken[],
  time: TimeContext,
  { all, explain }: { readonly all: boolean; readonly explain: boolean },
): View {
  const text = (shown: DecodedToken, style: Style) =>
    decodeText(shown, time, style, {
      special: SPECIAL,
      explanation: explain ? explainText(shown, style) : "",
    });
  if (!all) {
    return {
      json: () => tokens.map(fullJson)[0],
      text: (style) => tokens.map((shown) => text(shown, style)).join(""),
    };
  }
  return {
    json: () =>
      tokens.map((shown) => ({ where: shown.where ?? null, name: shown.name ?? null, ...fullJson(shown) })),
    text: (style) =>
      tokens
        .map((shown, index) => `${tokenTitle(shown, index + 1, tokens.length, style)}\n${text(shown, style)}`)
        .join("\n"),
  };
}
