import type { PastedToken, PastedTokens } from "../../core/analysis/extraction/find-tokens.ts";
import { AppError } from "../../core/base/errors.ts";
import { inspectJwsForm } from "../../core/jose/token/inspect-json.ts";

/** `1: id_token; 2: line 7`: how the tokens of an input are told apart. */
function listed(tokens: readonly PastedToken[], from: number): string {
  return tokens
    .map(({ where }, index) => (where === undefined ? `${from + index}` : `${from + index}: ${where}`))
    .join("; ");
}

/** More tokens than this are not listed. */
const MOST_LISTED = 8;

/** {@link listed}, cut to what a reader can take in. */
export function listTokens(tokens: readonly PastedToken[], from = 1): string {
  const left = tokens.length - MOST_LISTED;
  return left > 0 ? `${listed(tokens.slice(0, MOST_LISTED), from)} and ${left} more` : listed(tokens, from);
}

/**
 * The token that --pick means: by its number, or by the name that the text around it gives it.
 *
 * @throws AppError `usage` when there is none
 */
export function pickToken<Token extends PastedToken>(tokens: readonly Token[], which: string): Token {
  const number = /^[1-9]\d*$/.test(which) ? Number(which) : undefined;
  const picked =
    number === undefined
      ? tokens.find(({ name, where }) => name === which || where === which)
      : tokens[number - 1];
  if (picked !== undefined) return picked;
  const [what, have] = number === undefined ? [`called ${which}`, ""] : [`number ${which}`, "only "];
  throw new AppError("usage", `--pick: there is no token ${what} in the input`, {
    hints: [`There ${tokens.length === 1 ? "is" : "are"} ${have}${tokens.length}: ${listTokens(tokens)}`],
  });
}

/**
 * The one token that is to be verified, or the SD-JWT. Where several could be meant nothing is guessed: not among several tokens, and
 * not among several signatures of one.
 *
 * @throws AppError `token_ambiguous` for several and no `pick`; `usage` for a `pick` that means none; `token_not_compact`
 *   for a form that says more than the compact one, which verification would have to leave out
 */
export function tokenToVerify(found: PastedTokens, pick: string | undefined): PastedToken {
  const { tokens } = found;
  // Nothing to choose between, and nothing to convert: so it is with nearly every token.
  if (pick === undefined && tokens.length === 1 && isPlain(tokens[0])) return tokens[0];
  return asCompact(chosen(found, pick));
}

/**
 * {@link tokenToVerify} in whatever form it is. A `pick` chooses among several, and means nothing where there is one.
 *
 * @throws AppError `token_ambiguous` for several and no `pick`; `usage` for a `pick` that means none of several
 */
export function oneToken(found: PastedTokens, pick: string | undefined): PastedToken {
  const single = found.tokens.length === 1 && signaturesOf(found.tokens[0]).length === 1;
  return chosen(found, single ? undefined : pick);
}

function chosen({ tokens }: PastedTokens, pick: string | undefined): PastedToken {
  const choices = tokens.flatMap(signaturesOf);
  // Beside a single token there may be what cannot be verified anyway.
  if (pick === undefined && tokens.length > 1) throw ambiguous(choices, "tokens");
  if (pick === undefined && choices.length > 1) throw ambiguous(choices, "signatures");
  const [first] = choices;
  const picked = pick === undefined ? first : pickToken(choices, pick);
  if (picked === undefined)
    throw new AppError("token_malformed", "there is no signature in the token", {
      hints: ["Copy the whole token"],
    });
  return withItsSignature(picked);
}

/** A compact token with nothing behind it. */
function isPlain({ token }: PastedToken): boolean {
  return token.json === undefined && token.disclosed === undefined;
}

/** At most so many signatures are taken for tokens of their own: for each, all of them are read. */
const MOST_SIGNATURES = 100;

/** A token with each of its signatures as its own. @returns more than there may be: `crowded` */
export function eachSignature(found: PastedToken): { tokens: readonly PastedToken[]; crowded: boolean } {
  const choices = signaturesOf(found);
  return {
    tokens: choices.slice(0, MOST_SIGNATURES).map(withItsSignature),
    crowded: choices.length > MOST_SIGNATURES,
  };
}

/** A token, or one signature of several that it has, counted from 1. */
interface Choice extends PastedToken {
  readonly signature?: number;
}

/** Every signature of a JWS in its general JSON form as a choice of its own. */
function signaturesOf(found: PastedToken): readonly Choice[] {
  const { form, token, where } = found;
  const count = token.json?.signatures.length ?? 0;
  if (form.kind !== "json" || count < 2) return [found];
  return Array.from({ length: count }, (_, index) => {
    const place = `signature ${index + 1}`;
    return { ...found, signature: index + 1, where: where === undefined ? place : `${where}, ${place}` };
  });
}

/** The token with the signature that was chosen as its own: only that one is looked at, of however many there are. */
function withItsSignature(choice: Choice): PastedToken {
  const { form, signature } = choice;
  if (signature === undefined || form.kind !== "json") return choice;
  return { ...choice, token: inspectJwsForm(form.object, signature) };
}

function ambiguous(choices: readonly PastedToken[], what: string): AppError {
  return new AppError(
    "token_ambiguous",
    `the input holds ${choices.length} ${what}, and nothing says which is meant`,
    {
      hints: [`Choose with --pick, by number or name: ${listTokens(choices)}`],
      data: { tokens: choices.length },
    },
  );
}

const CONVERTED = { code: "jws_json_converted", message: "the JSON form of a JWS was written compactly" };

function asCompact(found: PastedToken): PastedToken {
  const { token } = found;
  if (token.json === undefined) return found;
  if (token.encrypted) return found;
  // Disclosures stand in an unprotected header there.
  if (!token.json.lossless || token.disclosed !== undefined) {
    throw new AppError(
      "token_not_compact",
      "verification demands the compact form (RFC 7519 section 1), and this is a JWS in a JSON form that says more than the compact one: an unprotected header, or no header or payload",
      { hints: ["Have it issued in the compact form; jwtctl decode shows what is in it"] },
    );
  }
  return { ...found, repairs: [...found.repairs, CONVERTED] };
}
