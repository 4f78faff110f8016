import { AppError } from "../errors.ts";
import type { Finding } from "../token/finding.ts";
import { type InspectedToken, inspectNext, inspectToken } from "../token/inspect.ts";
import { inspectForm } from "../token/inspect-form.ts";
import { isBareToken, withoutFinalLineBreak } from "./bare.ts";
import type { TokenForm } from "./candidate.ts";
import { unwrapToken } from "./unwrap.ts";

/** A token that was found in what was pasted, and taken apart. */
export interface PastedToken {
  readonly token: InspectedToken;
  readonly form: TokenForm;
  /** What the text around it calls it. */
  readonly name?: string;
  /** Where it was found; undefined when it was all there was. */
  readonly where?: string;
  /** What was done to get from the input to the token, and then into it. */
  readonly repairs: readonly Finding[];
}

export interface PastedTokens {
  /** The likeliest first. */
  readonly tokens: readonly [PastedToken, ...PastedToken[]];
  /** Where something is that is called a token and cannot be read: an opaque one. */
  readonly opaque: readonly string[];
}

const NONE: readonly string[] = [];

/**
 * Finds every token in a text that can be read, and takes it apart.
 *
 * @throws AppError `token_malformed` when there is none: what the likeliest is instead; `input_too_large`
 */
export function findTokens(text: string): PastedTokens {
  const bare = withoutFinalLineBreak(text);
  const alone = inspectNext(bare) ?? (isBareToken(bare) ? inspectToken(bare) : undefined);
  if (alone !== undefined) {
    const form = { kind: "compact", text: bare } as const;
    return { tokens: [{ token: alone, form, repairs: alone.repairs }], opaque: NONE };
  }
  const found: PastedToken[] = [];
  const opaque: string[] = [];
  let refusal: AppError | undefined;
  for (const { form, repairs, ...place } of unwrapToken(text)) {
    try {
      const token = inspectForm(form);
      found.push({ token, form, ...place, repairs: [...repairs, ...token.repairs] });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      refusal ??= error;
      if (place.where !== undefined) opaque.push(place.where);
    }
  }
  const [first, ...others] = found;
  if (first === undefined) throw refusal;
  return { tokens: [first, ...others], opaque };
}
