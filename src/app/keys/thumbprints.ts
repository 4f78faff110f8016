import type { SigningKey } from "../../core/authority/keys/signing-key.ts";
import { AppError } from "../../core/base/errors.ts";
import type { Jwk } from "../../core/jose/jwk.ts";
import type { KeyTools } from "../../core/jose/ports/crypto.ts";

export const THUMBPRINT_HASHES = ["sha256", "sha384", "sha512"] as const;
export type ThumbprintHash = (typeof THUMBPRINT_HASHES)[number];

export interface KeyThumbprint {
  /** The kid in the key. */
  readonly kid: string | null;
  /** base64url (RFC 7638). */
  readonly thumbprint: string;
  /** As a URN (RFC 9278). */
  readonly uri: string;
}

/** Computes the thumbprints of keys, from their public members alone. @throws AppError `key_unusable` */
export async function thumbprints(
  keys: readonly Jwk[],
  hash: ThumbprintHash,
  keyTools: KeyTools,
): Promise<readonly KeyThumbprint[]> {
  const results: KeyThumbprint[] = [];
  for (const key of keys) {
    const thumbprint = await keyTools.thumbprint(key, hash);
    // RFC 9278 takes the names of the IANA registry "Named Information Hash Algorithm": sha-256.
    const name = hash.replace("sha", "sha-");
    results.push({
      kid: key.kid ?? null,
      thumbprint,
      uri: `urn:ietf:params:oauth:jwk-thumbprint:${name}:${thumbprint}`,
    });
  }
  return results;
}

/**
 * Refuses a stored key whose public half does not have its kid as thumbprint (RFC 7638), before it is published or
 * verifies a token. A shared secret has no public half and passes.
 *
 * @throws AppError `store_corrupt`
 */
export async function requireKidIsThumbprint(
  { kid, publicJwk }: SigningKey,
  tools: Pick<KeyTools, "thumbprint">,
): Promise<void> {
  if (publicJwk === null) return;
  const thumbprint = await tools.thumbprint(publicJwk).catch(() => undefined);
  if (thumbprint === kid) return;
  throw new AppError("store_corrupt", `the public half of the key "${kid}" in the store is damaged`, {
    hints: ["Restore the store from a backup: jwtctl restore FILE"],
    data: { kid },
  });
}
