import type { PastedToken, PastedTokens } from "../../core/analysis/extraction/find-tokens.ts";
import { AppError } from "../../core/base/errors.ts";
import { readJwsForm } from "../../core/jose/token/inspect-json.ts";

/** Lists the tokens of an input by number and name: `1: id_token; 2: line 7`. */
function listed(tokens: readonly PastedToken[], from: number): string {
  return tokens
    .map(({ where }, index) => (where === undefined ? `${from + index}` : `${from + index}: ${where}`))
    .join("; ");
}

/** How many tokens are listed. */
const MOST_LISTED = 8;

/** {@link listed}, cut to {@link MOST_LISTED} tokens. */
export function listTokens(tokens: readonly PastedToken[], from = 1): string {
  const left = tokens.length - MOST_LISTED;
  return left > 0 ? `${listed(tokens.slice(0, MOST_LISTED), from)} and ${left} more` : listed(tokens, from);
}

/**
 * Picks the token of --pick, by its number or by the name the surrounding text gives it.
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

/** Which token of an input is to be verified, and in which form. */
export interface Wanted {
  /** Which of several tokens or signatures, by number or name. */
  readonly pick?: string | undefined;
  /** Take a JWS in JSON serialization as well (`--json-form`). */
  readonly jsonForm?: boolean | undefined;
}

/**
 * Picks the one token to verify, in its compact form. It guesses nothing: of several tokens, or several signatures of
 * one, one has to be picked.
 *
 * @throws AppError `token_ambiguous` for several and no `pick`; `usage` for a `pick` that means none;
 *   `token_not_compact` for the JSON form unless it is taken, and for one that says more than the compact form
 */
export function tokenToVerify(found: PastedTokens, { pick, jsonForm = false }: Wanted): PastedToken {
  const { tokens } = found;
  // Nearly every token: nothing to choose and nothing to convert.
  if (pick === undefined && tokens.length === 1 && isPlain(tokens[0])) return tokens[0];
  // Said before a choice is asked for: a JSON form with several signatures is refused whichever is picked.
  if (tokens.length === 1 && !jsonForm) refuseJsonForm(tokens[0], jsonForm);
  const picked = chosen(found, pick);
  refuseJsonForm(picked, jsonForm);
  return asCompact(picked);
}

/**
 * Picks the one token, in whatever form it is. `pick` is ignored when there is only one.
 *
 * @throws AppError `token_ambiguous` for several and no `pick`; `usage` for a `pick` that means none of several
 */
export function oneToken(found: PastedTokens, pick: string | undefined): PastedToken {
  const single = found.tokens.length === 1 && signaturesOf(found.tokens[0]).length === 1;
  return chosen(found, single ? undefined : pick);
}

function chosen({ tokens }: PastedTokens, pick: string | undefined): PastedToken {
  const choices = tokens.flatMap(signaturesOf);
  // Opaque and unreadable tokens beside it cannot be picked and do not count.
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

/** Whether a token is in compact form without disclosures. */
function isPlain({ token }: PastedToken): boolean {
  return token.json === undefined && token.disclosed === undefined;
}

/** How many signatures of a token are used at most. */
const MOST_SIGNATURES = 100;
/** Each signature is over the whole payload: so many characters are gone through for all of them. */
const MOST_SIGNED = 8 * 1024 * 1024;

/** One token for each signature of a token; `crowded` when there are more signatures than are used. */
export function eachSignature(found: PastedToken): { tokens: readonly PastedToken[]; crowded: boolean } {
  const choices = signaturesOf(found);
  const { form, token } = found;
  const most = Math.max(1, Math.min(MOST_SIGNATURES, Math.floor(MOST_SIGNED / token.text.length)));
  const read = form.kind === "json" && choices.length > 1 ? readJwsForm(form.object) : undefined;
  return {
    tokens: choices.slice(0, most).map((choice) => withItsSignature(choice, read)),
    crowded: choices.length > most,
  };
}

/** A token, or one of its several signatures, counted from 1. */
interface Choice extends PastedToken {
  readonly signature?: number;
}

/** The choices of a token: one for each signature of a JWS in general JSON serialization. */
function signaturesOf(found: PastedToken): readonly Choice[] {
  const { form, token, where } = found;
  const count = token.json?.signatures.length ?? 0;
  if (form.kind !== "json" || count < 2) return [found];
  return Array.from({ length: count }, (_, index) => {
    const place = `signature ${index + 1}`;
    return { ...found, signature: index + 1, where: where === undefined ? place : `${where}, ${place}` };
  });
}

/** The token with the chosen signature as its only one. */
function withItsSignature(choice: Choice, read?: ReturnType<typeof readJwsForm>): PastedToken {
  const { form, signature } = choice;
  if (signature === undefined || form.kind !== "json") return choice;
  return { ...choice, token: (read ?? readJwsForm(form.object))(signature) };
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
  return found.token.json === undefined || found.token.encrypted
    ? found
    : { ...found, repairs: [...found.repairs, CONVERTED] };
}

/**
 * Refuses what no verifier of JWTs may take: a library that takes both forms can be led to check one and to read the
 * other.
 */
function refuseJsonForm({ token }: PastedToken, jsonForm: boolean): void {
  if (token.json === undefined || token.encrypted) return;
  // In JSON serialization disclosures are in an unprotected header.
  if (!token.json.lossless || token.disclosed !== undefined) {
    throw new AppError(
      "token_not_compact",
      "this JWS is in a JSON form that says more than the compact one: it has an unprotected header, or no header or payload",
      { hints: ["Have it issued in the compact form; jwtctl decode shows what is in it"] },
    );
  }
  if (jsonForm) return;
  throw new AppError(
    "token_not_compact",
    "this is a JWS in the JSON form, and a JWT is always in the compact one (RFC 7519 section 1, RFC 8725bis)",
    { hints: ["If you mean to accept the JSON form, say so: --json-form"] },
  );
}
