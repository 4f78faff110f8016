import type { SigningKey } from "../../core/authority/keys/signing-key.ts";
import { AppError } from "../../core/base/errors.ts";
import type { KeyTools } from "../../core/jose/ports/crypto.ts";

/**
 * Makes sure that the public half of a stored key is the one its kid names: the kid of a key pair is its thumbprint
 * (RFC 7638). A damaged one is neither published nor believed. A shared secret has no public half, and passes.
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
