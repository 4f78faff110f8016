/** Something worth telling about a token: what was repaired in it, or what is odd about it. */
export interface Finding {
  /** Stable, for programs: snake_case. */
  readonly code: string;
  /** For people: lower case start, no final full stop. May quote foreign text, which views escape. */
  readonly message: string;
}
