import {
  findTokens,
  type PastedToken,
  type PastedTokens,
} from "../../core/analysis/extraction/find-tokens.ts";
import { decodeToken } from "./decode-token.ts";
import type { Decoded, DecodeInput, DecodePorts } from "./decode-tokens.ts";
import { leftOut } from "./find-token.ts";
import { listTokens, pickToken } from "./pick-token.ts";

/**
 * Finds the tokens in a text that is not simply a token, and all that is in them. Of several a person chooses; a
 * program gets the likeliest, and a note of the others.
 *
 * @throws AppError `usage` for a pick that is not there, `token_malformed`, `input_too_large`
 */
export async function decodeSpecial(input: DecodeInput, ports: DecodePorts): Promise<Decoded> {
  const found = findTokens(input.text);
  const { chosen, notes } = await select(found, input, ports.choose);
  const readers = { digest: await ports.textDigest(), unpack: await ports.unpack() };
  return {
    tokens: chosen.map((token) => decodeToken(token, input.now, readers)),
    notes: [...leftOut(found), ...notes],
  };
}

interface Selection {
  readonly chosen: readonly PastedToken[];
  readonly notes: readonly string[];
}

async function select(
  { tokens }: PastedTokens,
  { all, pick }: DecodeInput,
  choose: DecodePorts["choose"],
): Promise<Selection> {
  if (all) return { chosen: tokens, notes: [] };
  if (pick !== undefined) return { chosen: [pickToken(tokens, pick)], notes: [] };
  const [first, ...others] = tokens;
  if (others.length === 0) return { chosen: [first], notes: [] };
  if (choose !== undefined) return { chosen: [tokens[await choose(tokens)] ?? first], notes: [] };
  const note =
    `the input holds ${tokens.length} tokens, and this is the likeliest; --pick shows another, --all shows all ` +
    `(${listTokens(others, 2)})`;
  return { chosen: [first], notes: [note] };
}
