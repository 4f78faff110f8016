/** A registered claim or header parameter in words, for `--explain`. */
export interface Description {
  /** Its name in words. */
  readonly label: string;
  /** One sentence without its full stop. */
  readonly meaning: string;
  /** The specification that defines it. */
  readonly reference: string;
}

/** The claims of one specification, as entries of a map. */
export function rows(
  reference: string,
  list: readonly (readonly [name: string, label: string, meaning: string])[],
): readonly (readonly [string, Description])[] {
  return list.map(([name, label, meaning]) => [name, { label, meaning, reference }]);
}
