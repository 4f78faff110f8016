import type { TimeWords } from "../time/format.ts";

/** What is known about a registered claim or header parameter, for tables and explanations. */
export interface Knowledge {
  /** Its name in words. */
  readonly label: string;
  /** One plain sentence, without its full stop. */
  readonly meaning: string;
  readonly kind:
    | "string"
    | "uri"
    | "audience"
    | "numeric-date"
    | "boolean"
    | "list"
    | "object"
    | "scope"
    | "any";
  /** For dates whose passing means something. */
  readonly words?: TimeWords;
  /** Where it is defined. */
  readonly reference: string;
}

type Row = readonly [
  name: string,
  label: string,
  kind: Knowledge["kind"],
  meaning: string,
  words?: TimeWords,
];

/** Rows of one specification, as entries of a map. */
export function rows(reference: string, list: readonly Row[]): readonly (readonly [string, Knowledge])[] {
  return list.map(([name, label, kind, meaning, words]) => [
    name,
    { label, kind, meaning, reference, ...(words ? { words } : {}) },
  ]);
}
