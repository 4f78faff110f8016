import type { SigningKey } from "../../core/keys/signing-key.ts";
import type { KeyVault } from "../../core/ports/crypto.ts";
import type { KeyStore, SettingsStore } from "../../core/ports/store.ts";
import type { Clock } from "../../core/ports/system.ts";
import type { KeyMakingPorts } from "./new-signing-key.ts";

/** What a use case of signing keys works with. */
export interface KeyPorts extends KeyMakingPorts {
  readonly store: KeyStore & SettingsStore;
  readonly clock: Clock;
}

/** Asked only when it is needed; undefined for a store whose keys are kept in the clear. */
export type PassphraseSource = () => Promise<string | undefined>;

/**
 * The store's passphrase, after it has opened a private key of the store: otherwise a typing error would seal the next
 * key under a second passphrase, and nobody would notice before that key has to sign.
 *
 * @throws AppError `passphrase_wrong`, and what `source` throws; nothing has changed then
 */
export async function provenPassphrase(
  source: PassphraseSource,
  keys: readonly SigningKey[],
  ports: { store: KeyStore; keyVault: KeyVault },
): Promise<string | undefined> {
  const passphrase = await source();
  if (passphrase === undefined) return undefined;
  for (const key of proofs(keys)) {
    const material = await ports.store.readPrivateKey(key.kid);
    if (material?.form !== "encrypted") continue;
    await ports.keyVault.open(material, key.kid, passphrase);
    return passphrase;
  }
  // A store without a single private key: this passphrase is the first.
  return passphrase;
}

/** The standby first: it is the key that must open next. */
function proofs(keys: readonly SigningKey[]): readonly SigningKey[] {
  const withPrivate = keys.filter((key) => key.hasPrivate);
  return [
    ...withPrivate.filter((key) => key.state === "standby"),
    ...withPrivate.filter((key) => key.state !== "standby"),
  ];
}
