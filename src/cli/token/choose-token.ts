import type { PastedToken } from "../../core/analysis/extraction/find-tokens.ts";
import { objectOf, stringMember } from "../../core/jose/token/content.ts";
import { algOf } from "../../core/jose/token/inspect.ts";
import type { Terminal } from "../terminal.ts";

/** Lets a person choose one of several tokens. @returns its index */
export function chooseToken(tokens: readonly PastedToken[], terminal: Terminal): Promise<number> {
  const question = `There are ${tokens.length} tokens in the input. Which one?`;
  return terminal.choose(question, tokens.map(summary));
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
