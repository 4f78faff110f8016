/** What a text is that stands where a token should be. */
export interface Recognition {
  /** Goes on after "this is": a noun, and what it means, without a final full stop. */
  readonly what: string;
  /** What to do, or where to look. At least one. */
  readonly hints: readonly [string, ...string[]];
  /** The text itself, where `what` repeats it: a word or a name, never what may be a secret. */
  readonly named?: string;
}

// Tables of forms are functions: their hundreds of expressions are made when a text is refused, not at every start.

/** A form that is told by a pattern, and what it is. The pattern sees at most {@link LOOKED_AT} characters. */
export type KnownForm = readonly [form: RegExp, what: string, ...hints: [string, ...string[]]];

/** Longer texts are looked at in their beginning. */
export const LOOKED_AT = 10_000;

export const WHOLE_TOKEN =
  "A JWT is three base64url segments with two dots between them, and begins with eyJ";
export const ONLY_ITS_ISSUER = "What it means only its issuer can tell";
export const IT_IS_A_SECRET =
  "It is a secret by itself: replace it if others could read it here, and never paste it elsewhere";

/** The first of the forms that a text has. */
export function firstForm(text: string, forms: readonly KnownForm[]): Recognition | undefined {
  for (const [form, what, ...hints] of forms) if (form.test(text)) return { what, hints };
  return undefined;
}

/** More of a foreign text is not repeated in a message. */
const LONGEST_QUOTE = 60;

/** A text in quotes, cut to what a message may repeat. Only for what cannot be a secret: words, names of variables. */
export function shortQuote(text: string): string {
  const shown = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE - 1)}…` : text;
  return `"${shown}"`;
}
