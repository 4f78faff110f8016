import type { Finding } from "../../jose/token/finding.ts";

/** Takes one wrapping off, or answers undefined when the text does not have it. */
export type Step = (text: string) => { readonly text: string; readonly repair: Finding } | undefined;

/** The first step that changes the text. */
export function peel(text: string, steps: readonly Step[]): ReturnType<Step> {
  for (const step of steps) {
    const next = step(text);
    if (next !== undefined && next.text !== text) return next;
  }
  return undefined;
}

/** A repair, as it is told. */
export function repair(code: string, message: string): Finding {
  return { code, message };
}

/**
 * The source of a pattern for what may stand before a token: nothing that could be a part of it, but the end of an escape:
 * `%22`, `%2522`, `=3D` (quoted-printable), `\\n`, `\\x22`, `\\u0022`, or a terminal's colour, as in `\\u001b[33m`; and the word
 * Bearer. Without it a long run would be looked at from each of its characters.
 */
export const BEFORE_TOKEN =
  "(?:(?<=%[0-9A-Fa-f]{2}|%25[0-9A-Fa-f]{2}|=3D|\\\\[nrt]|\\\\x[0-9A-Fa-f]{2}|\\\\u[0-9A-Fa-f]{4}|\\[[0-9;]{0,20}m|(?<![A-Za-z0-9_.~-])[Bb](?:earer|EARER)[_.-]?)" +
  "|(?<![A-Za-z0-9_.~-]))";
