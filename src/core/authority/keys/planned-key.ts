import type { SigningKey } from "./signing-key.ts";

/** The key that a dry run would generate. It does not exist, and so has no kid. */
export interface PlannedKey extends Omit<SigningKey, "kid"> {
  readonly kid: null;
}

/** A key as a dry run lists it: without a kid when it was made only for that. @param known the keys of the store */
export function planned(key: SigningKey, known: readonly SigningKey[]): SigningKey | PlannedKey {
  return known.some(({ kid }) => kid === key.kid) ? key : { ...key, kid: null, publicJwk: null };
}
