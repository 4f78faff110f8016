/** A repair that was made in a token, or an oddity of it. */
export interface Finding {
  /** Stable, in snake_case. */
  readonly code: string;
  /** Begins in lower case, has no final full stop. May quote foreign text, which views escape. */
  readonly message: string;
}
