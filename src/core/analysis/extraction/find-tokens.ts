import { AppError } from "../../base/errors.ts";
import { MAX_TOKENS, type TokenForm } from "../../jose/token/candidate.ts";
import type { Finding } from "../../jose/token/finding.ts";
import {
  algOf,
  type InspectedToken,
  type InspectionCache,
  inspectIfToken,
  inspectWithCachedHeader,
} from "../../jose/token/inspect.ts";
import { inspectForm } from "../../jose/token/inspect-form.ts";
import { recognise } from "../recognition/recognise.ts";
import { isBareToken, withoutFinalLineBreak } from "./bare.ts";
import { withReason } from "./fault-reasons.ts";
import { refusalOf, refusing } from "./refusal.ts";
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

/** What has the form of a token and cannot be read. */
export interface UnreadableToken {
  /** The text of it. */
  readonly text: string;
  /** Undefined when it was all there was. */
  readonly where: string | undefined;
  /** What is wrong with it, in words. */
  readonly message: string;
}

export interface PastedTokens {
  /** The likeliest first. */
  readonly tokens: readonly [PastedToken, ...PastedToken[]];
  /** Where something is that is called a token and is none that can be read: an opaque one. */
  readonly opaque: readonly string[];
  readonly unreadable: readonly UnreadableToken[];
  /** So many were found that no more were looked for. */
  readonly crowded: boolean;
}

const NONE: readonly never[] = [];
/** Not opaque: it should be readable. */
const LIKE_A_TOKEN = /^e[wy][A-Za-z0-9_-]+\.[A-Za-z0-9_-]/;

/**
 * Finds every token in a text that can be read, and takes it apart.
 *
 * @param cache for many texts in a row; undefined: nothing is kept
 * @throws AppError `token_malformed` when there is none: what the likeliest is instead; `input_too_large`
 */
export function findTokens(text: string, cache?: InspectionCache): PastedTokens {
  const bare = withoutFinalLineBreak(text);
  const alone =
    (cache && inspectWithCachedHeader(bare, cache)) ??
    (isBareToken(bare) ? inspectIfToken(bare, cache) : undefined);
  if (alone !== undefined && saysItsAlgorithm(alone)) {
    const form = { kind: "compact", text: bare } as const;
    return {
      tokens: [{ token: alone, form, repairs: alone.repairs }],
      opaque: NONE,
      unreadable: NONE,
      crowded: false,
    };
  }
  const candidates = unwrapToken(text);
  const found: PastedToken[] = [];
  const opaque: string[] = [];
  const unreadable: UnreadableToken[] = [];
  let refusal: AppError | undefined;
  for (const { form, repairs, unreadable: damaged, ...place } of candidates) {
    const token = inspected(form, cache);
    if (!(token instanceof AppError) && !damaged) {
      found.push({ token, form, ...place, repairs: [...repairs, ...token.repairs] });
      continue;
    }
    if (token instanceof AppError) refusal ??= token;
    const { where } = place;
    const message = token instanceof AppError ? token.message : (token.fault?.message ?? "it is damaged");
    if (form.kind === "compact" && LIKE_A_TOKEN.test(form.text))
      unreadable.push({ text: form.text, where, message });
    else if (where !== undefined) opaque.push(where);
  }
  const [first, ...others] = found;
  if (first === undefined) throw refusalOf(text, candidates, refusal);
  const only = others.length === 0 ? { ...first, token: withReason(first.token, text) } : first;
  return { tokens: [only, ...others], opaque, unreadable, crowded: candidates.length >= MAX_TOKENS };
}

/** What says its algorithm is a JWS or JWE; of anything else it has to be asked what it is. */
function saysItsAlgorithm(token: InspectedToken): boolean {
  return algOf(token) !== undefined;
}

function inspected(form: TokenForm, cache: InspectionCache | undefined): InspectedToken | AppError {
  try {
    const token = inspectForm(form, cache);
    if (form.kind === "json" || saysItsAlgorithm(token)) return token;
    const other = recognise(form.text);
    return other === undefined ? token : refusing("this", other);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}
