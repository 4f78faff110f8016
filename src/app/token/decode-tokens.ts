import type { PastedToken } from "../../core/analysis/extraction/find-tokens.ts";
import { hasTellingSigns } from "../../core/analysis/kinds/telling-signs.ts";
import { sensitiveClaimWarnings } from "../../core/analysis/lint/sensitive-claims.ts";
import { AppError } from "../../core/base/errors.ts";
import type { Unpack } from "../../core/jose/ports/unpack.ts";
import { objectOf } from "../../core/jose/token/content.ts";
import type { DecodedToken } from "../../core/jose/token/decoded-token.ts";
import type { TextDigest } from "../../core/jose/token/disclosures.ts";
import { timesOf } from "../../core/jose/token/times.ts";
import { plainToken } from "./plain-token.ts";

export interface DecodeInput {
  readonly text: string;
  /** What counts as now, ms. */
  readonly now: number;
  /** Every token of the text, not one of them. */
  readonly all: boolean;
  /** Which one, by number or name. */
  readonly pick: string | undefined;
}

export interface DecodePorts {
  textDigest(): Promise<TextDigest>;
  unpack(): Promise<Unpack>;
  /** Lets a person choose one of several tokens; undefined when nobody can be asked. @returns its index */
  readonly choose: ((tokens: readonly PastedToken[]) => Promise<number>) | undefined;
}

export interface Decoded {
  readonly tokens: readonly DecodedToken[];
  /** What else is in the text, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Reads the tokens in a text; no key is needed, and nothing is verified. A compact token with nothing special about it
 * takes the short way: what reads the others is not even loaded.
 *
 * @throws AppError `token_malformed`, `input_too_large`; `usage` for a pick that is not there
 */
export async function decodeTokens(input: DecodeInput, ports: DecodePorts): Promise<Decoded> {
  const decoded = await readTokens(input, ports);
  // Most tokens do not show their kind: only for the others the table of kinds is loaded.
  if (!decoded.tokens.some(({ token }) => hasTellingSigns(token))) return decoded;
  const { identified } = await import("../../core/analysis/kinds/identify.ts");
  return { ...decoded, tokens: decoded.tokens.map(identified) };
}

async function readTokens(input: DecodeInput, ports: DecodePorts): Promise<Decoded> {
  const { text, now, pick } = input;
  const token = pick === undefined ? plainToken(text) : undefined;
  if (token === undefined) {
    return (await import("./decode-special.ts")).decodeSpecial(input, ports);
  }
  const warnings = [...token.warnings(), ...sensitiveClaimWarnings(objectOf(token.payload?.content))];
  return { tokens: [{ token, repairs: token.repairs, times: timesOf(token, now), warnings }], notes: [] };
}

/**
 * Refuses a token of which only a part could be read. To be called when that part has been shown: the damage must not
 * go unnoticed.
 *
 * @param part what was shown, when it was not the whole token
 * @throws AppError `token_malformed`
 */
export function refuseDamaged({ tokens }: Decoded, part?: "header" | "payload" | "signature"): void {
  if (part === "signature") return;
  const shown = part === "header" ? tokens.filter(({ token }) => !objectOf(token.header.content)) : tokens;
  const fault = shown.map(({ token }) => token.fault).find((found) => found !== undefined);
  if (fault === undefined) return;
  throw new AppError("token_malformed", fault.message, {
    hints: ["Copy the whole token: three segments of base64url with two dots between them"],
    data: { fault: fault.code },
  });
}
