import type { SigningKey } from "./signing-key.ts";

/** No issuer needs a longer key id; a longer one would only fill headers and screens. */
export const MAX_KID_LENGTH = 200;

/**
 * The kid under which an imported key signed before it came here, kept in its public JWK; undefined when there is none.
 * Tokens from then are found by it; from now on the key signs under its own `kid`.
 */
export function formerKid(key: Pick<SigningKey, "kid" | "publicJwk">): string | undefined {
  const named = key.publicJwk?.kid;
  return named === undefined || named === key.kid ? undefined : named;
}

/**
 * The key a token's `kid` means: its own kid first, so that no imported key can take another's name, then former kids.
 */
export function keyByKid(keys: readonly SigningKey[], kid: string): SigningKey | undefined {
  return keys.find((key) => key.kid === kid) ?? keys.find((key) => formerKid(key) === kid);
}
