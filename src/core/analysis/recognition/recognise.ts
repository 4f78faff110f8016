import { recogniseBinary } from "./binary-tokens.ts";
import { recogniseDocument } from "./documents.ts";
import { recogniseSession } from "./framework-sessions.ts";
import { recogniseOpaque } from "./opaque-tokens.ts";
import { recognisePlaceholder } from "./placeholders.ts";
import { LOOKED_AT, type Recognition } from "./recognition.ts";
import { recogniseScheme } from "./schemes.ts";
import { recogniseShortened } from "./shortened.ts";
import { recogniseSigned } from "./signed-lookalikes.ts";
import { recogniseVariable } from "./variables.ts";

/** In their order: the particular before the general. */
const RECOGNISERS = [
  recognisePlaceholder,
  recogniseShortened,
  recogniseVariable,
  recogniseOpaque,
  recogniseScheme,
  recogniseSigned,
  recogniseBinary,
  recogniseSession,
  recogniseDocument,
];

/**
 * What a text is that stands where a token should be and is none: a word, the name of a variable, a session of a web
 * framework, a token or document of another kind. Of a long text its beginning decides.
 *
 * @returns undefined when nobody can say
 */
export function recognise(text: string): Recognition | undefined {
  const beginning = text.slice(0, LOOKED_AT).trim();
  if (beginning === "") return undefined;
  for (const recogniser of RECOGNISERS) {
    const found = recogniser(beginning);
    if (found !== undefined) return found;
  }
  return undefined;
}
