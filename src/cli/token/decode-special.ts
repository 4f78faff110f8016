import { decodeToken } from "../../app/token/decode-token.ts";
import { leftOut } from "../../app/token/find-token.ts";
import { listTokens, pickToken } from "../../app/token/pick-token.ts";
import {
  findTokens,
  type PastedToken,
  type PastedTokens,
} from "../../core/analysis/extraction/find-tokens.ts";
import { objectOf, stringMember } from "../../core/jose/token/content.ts";
import type { DecodedToken } from "../../core/jose/token/decoded-token.ts";
import { algOf } from "../../core/jose/token/inspect.ts";
import type { Context } from "../context.ts";

export interface Selection {
  /** Every token, not one of them. */
  readonly all: boolean;
  /** Which one, by number or name. */
  readonly pick: string | undefined;
}

/**
 * Finds the tokens in a text that is not simply a token, and all that is in them. Of several a person at a terminal
 * chooses; a script gets the likeliest, and is told of the others.
 *
 * @param now what counts as now, in ms
 * @throws AppError `usage` for a pick that is not there, `token_malformed`, `input_too_large`
 */
export async function decodeSpecial(
  context: Context,
  text: string,
  now: number,
  selection: Selection,
): Promise<readonly DecodedToken[]> {
  const found = findTokens(text);
  const chosen = await select(context, found, selection);
  const { inflate } = await import("../../runtime/inflate.ts");
  const ports = { digest: await context.textDigest(), inflate };
  return chosen.map((token) => decodeToken(token, now, ports));
}

async function select(
  context: Context,
  { tokens, opaque, unreadable }: PastedTokens,
  { all, pick }: Selection,
): Promise<readonly PastedToken[]> {
  for (const text of leftOut({ opaque, unreadable })) context.note(text);
  if (all) return tokens;
  if (pick !== undefined) return [pickToken(tokens, pick)];
  const [first, ...others] = tokens;
  if (others.length === 0) return [first];
  if (context.canAsk && !context.globals.json) {
    const question = `There are ${tokens.length} tokens in the input. Which one?`;
    const chosen = tokens[await context.choose(question, tokens.map(summary))];
    return [chosen ?? first];
  }
  context.note(
    `the input holds ${tokens.length} tokens, and this is the likeliest; --pick shows another, --all shows all ` +
      `(${listTokens(others, 2)})`,
  );
  return [first];
}

const LONGEST = 60;

/** What tells one token from another: where it is, its algorithm, whom it is about. */
function summary({ token, where = "here" }: PastedToken): string {
  const claims = objectOf(token.payload?.content);
  const words = [
    token.encrypted ? "encrypted" : algOf(token),
    ...["iss", "sub"].map((name) => {
      const value = stringMember(claims, name);
      return value === undefined ? undefined : `${name} ${value.slice(0, LONGEST)}`;
    }),
  ];
  return `${where.slice(0, LONGEST)}: ${words.filter((word) => word !== undefined).join(", ")}`;
}
