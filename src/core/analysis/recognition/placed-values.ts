import { LOOKED_AT } from "./recognition.ts";

/** What stands where a text would have a token. */
export interface PlacedValue {
  /** What the text calls it: the name of a header, member, variable or parameter. */
  readonly name: string;
  readonly value: string;
}

/** Names that tokens have. */
const NAMES = "(?:proxy-)?authorization|[\\w.-]{0,40}(?:token|jwt|bearer|auth|session|sid|cookie)";
/** In quotes, in brackets of a template, or up to what ends a word. */
const VALUES =
  "\\$?\\{\\{[^}\\n]{0,200}\\}\\}\\}?|\\$\\{[^}\\n]{0,200}\\}|\\$[([][^)\\]\\n]{0,200}[)\\]]|<[^>\\n]{0,100}>|\\[[^\\]\\n]{0,100}\\]|" +
  "[^\"'`\\s;&,]{0,300}";
const PLACED = new RegExp(
  `(?<![A-Za-z0-9_-])(${NAMES})\\\\?["'\`]?[ \\t]{0,4}[:=][ \\t]{0,4}\\\\?["'\`]?((?:(?:bearer|dpop|jwt|token)(?:\\s{1,4}|(?=["'\`])))?(?:${VALUES}))`,
  "gi",
);
const MOST = 50;

/** The values in a text that stand under the name of a token, in their order. Only its beginning is looked at. */
export function placedValues(text: string): readonly PlacedValue[] {
  const found: PlacedValue[] = [];
  for (const [all, name = "", value = ""] of text.slice(0, LOOKED_AT).matchAll(PLACED)) {
    // In YAML what follows a name alone in its line is below it.
    if (value === "" && all.trimEnd().endsWith(":") && !/authorization$/i.test(name)) continue;
    // What closes the object around it is no part of a bare word.
    found.push({ name, value: /^[\w\s]*[)}\]]+$/.test(value) ? value.replace(/[)}\]]+$/, "") : value });
    if (found.length >= MOST) break;
  }
  return found;
}

/** `Authorization: Bearer x` without its name and scheme. */
export function withoutScheme(value: string): string {
  return value.replace(
    /^(?:(?:proxy-)?authorization\s*[:=]\s*)?(?:bearer|dpop|jwt|token)(?:\s|\+|%20)+(?=\S)/i,
    "",
  );
}
