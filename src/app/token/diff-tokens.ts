import { compareTokens, type TokenComparison } from "../../core/analysis/compare/compare.ts";
import type { CurrentSessionStore } from "../../core/authority/ports/current-session.ts";
import { AppError } from "../../core/base/errors.ts";
import { type FoundToken, findOneToken } from "./find-token.ts";

export interface DiffInput {
  /** The texts the tokens are in. Of a single one the token is compared with that of the current session. */
  readonly texts: readonly [left: string, right: string] | readonly [right: string];
  /** Of several tokens in a text, the one with this number or name. */
  readonly pick: string | undefined;
  /** Members of header and payload that are left out. */
  readonly ignore: readonly string[];
  /** What counts as now, ms. */
  readonly now: number;
}

export interface Diff {
  readonly comparison: TokenComparison;
  /** What else is in the texts, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Compares two tokens; nothing is verified.
 * @throws AppError `token_malformed`, `token_ambiguous`; `not_logged_in` for a single text without a current session
 */
export async function diffTokens(
  { texts, pick, ignore, now }: DiffInput,
  ports: { currentSession(): Promise<CurrentSessionStore> },
): Promise<Diff> {
  const [first, second] = texts;
  const left = second === undefined ? await currentToken(ports) : findOneToken(first, pick);
  const right = findOneToken(second ?? first, pick);
  return {
    comparison: compareTokens(left.token, right.token, { ignore: new Set(ignore), now }),
    notes: [...left.leftOut, ...right.leftOut],
  };
}

async function currentToken(ports: { currentSession(): Promise<CurrentSessionStore> }): Promise<FoundToken> {
  const session = await (await ports.currentSession()).read();
  if (session !== null) return findOneToken(session.accessToken);
  throw new AppError("not_logged_in", "there is no second token and no current login to compare with", {
    hints: ["Give two tokens, or log in with: jwtctl login NAME"],
  });
}
