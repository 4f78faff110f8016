/** What is known about a registered claim or header parameter, for explanations. */
export interface Description {
  /** Its name in words. */
  readonly label: string;
  /** One plain sentence, without its full stop. */
  readonly meaning: string;
  /** Where it is defined. */
  readonly reference: string;
}

/** Rows of one specification, as entries of a map. */
export function rows(
  reference: string,
  list: readonly (readonly [name: string, label: string, meaning: string])[],
): readonly (readonly [string, Description])[] {
  return list.map(([name, label, meaning]) => [name, { label, meaning, reference }]);
}
