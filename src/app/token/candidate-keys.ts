import { isPublished, type KeyState, type SigningKey } from "../../core/authority/keys/signing-key.ts";
import type { KeyVault } from "../../core/authority/ports/crypto.ts";
import type { KeyStore } from "../../core/authority/ports/key-store.ts";
import type { Jwk } from "../../core/jose/jwk.ts";
import type { KeyTools } from "../../core/jose/ports/crypto.ts";
import type { CandidateKey } from "../../core/jose/verification/key-choice.ts";
import type { PassphraseSource } from "../keys/store-passphrase.ts";
import { requireKidIsThumbprint } from "../keys/thumbprints.ts";

/** The keys of a file, a secret or a JWK Set as candidate keys. @param source how reports name them */
export function givenCandidates(
  keys: readonly Jwk[],
  source: string,
  keyTools: Pick<KeyTools, "sizeOf">,
): readonly CandidateKey[] {
  return keys.map((jwk) => ({ jwk, source, bits: keyTools.sizeOf(jwk) }));
}

export interface StoreKeyPorts {
  readonly store: Pick<KeyStore, "listKeys" | "readPrivateKey">;
  readonly keyTools: Pick<KeyTools, "sizeOf" | "thumbprint">;
  readonly keyVault: Pick<KeyVault, "open">;
  /** Called only for a sealed HMAC secret that may verify the token. */
  readonly passphrase: PassphraseSource;
}

const SOURCE = "the store";

/**
 * The store's keys as candidates for a token: the published ones, and the one the token names in whatever state, to
 * tell a revoked key from an unknown one.
 *
 * @param now ms
 */
export async function storeCandidates(
  { kid, alg }: { kid: string | undefined; alg: string | undefined },
  ports: StoreKeyPorts,
  now: number,
): Promise<readonly CandidateKey[]> {
  const candidates: CandidateKey[] = [];
  for (const key of await ports.store.listKeys(now)) {
    const named = kid !== undefined && (key.kid === kid || key.formerKid === kid);
    if (!named && !isPublished(key, now)) continue;
    const wanted = named || (kid === undefined && alg?.startsWith("HS") === true);
    await requireKidIsThumbprint(key, ports.keyTools);
    const jwk = key.publicJwk ?? (await secretOf(key, wanted, ports));
    if (jwk === undefined) continue;
    // An imported key also verifies the tokens it signed before, under its former kid.
    const shown = named ? { ...jwk, alg: key.alg, kid } : { ...jwk, alg: key.alg, kid: key.kid };
    const isGone = shown.kty === "oct" && jwk["k"] === undefined;
    const bits = isGone ? undefined : ports.keyTools.sizeOf(shown);
    candidates.push({ jwk: shown, source: SOURCE, bits, state: standing(key.state) });
  }
  return candidates;
}

/** The secret of an HMAC key, read only for a token it may have signed; a JWK without `k` when it was destroyed. */
async function secretOf(key: SigningKey, wanted: boolean, ports: StoreKeyPorts): Promise<Jwk | undefined> {
  if (!wanted) return undefined;
  const material = key.hasPrivate ? await ports.store.readPrivateKey(key.kid) : null;
  if (material === null) return { kty: "oct" };
  const passphrase = material.form === "encrypted" ? await ports.passphrase() : undefined;
  return ports.keyVault.open(material, key.kid, passphrase);
}

function standing(state: KeyState): NonNullable<CandidateKey["state"]> {
  return state === "retired" || state === "revoked" ? state : "current";
}
