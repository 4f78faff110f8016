import type { SigningKey } from "../../core/authority/keys/signing-key.ts";
import type { KeyVault } from "../../core/authority/ports/crypto.ts";
import type { KeyStore, SettingsStore } from "../../core/authority/ports/store.ts";
import { AppError } from "../../core/base/errors.ts";
import type { Clock } from "../../core/base/ports.ts";
import type { KeyMakingPorts } from "./new-signing-key.ts";

/** The ports of the use cases of signing keys. */
export interface KeyPorts extends KeyMakingPorts {
  readonly store: KeyStore & SettingsStore;
  readonly clock: Clock;
}

/** Gives the store's passphrase when it is needed; undefined for a store that keeps its keys in the clear. */
export type PassphraseSource = () => Promise<string | undefined>;

/** A passphrase that has opened a private key of the store. */
export interface VerifiedPassphrase {
  /** Undefined: private halves are kept in the clear. */
  readonly passphrase: string | undefined;
  /** Lets the store refuse the write when the passphrase has changed since. */
  readonly sealingEpoch: number;
}

/**
 * Gets the store's passphrase and opens a private key with it. Otherwise a typing error would seal the next key under a
 * second passphrase, and nobody would notice before that key has to sign.
 *
 * @throws AppError `passphrase_wrong`, `store_corrupt`, and what `source` throws; nothing has changed then
 */
export async function verifiedPassphrase(
  source: PassphraseSource,
  keys: readonly SigningKey[],
  ports: { store: KeyStore & SettingsStore; keyVault: KeyVault },
): Promise<VerifiedPassphrase> {
  const sealingEpoch = await ports.store.readSealingEpoch();
  const passphrase = await source();
  for (const key of proofs(keys)) {
    const material = await ports.store.readPrivateKey(key.kid);
    if (material?.form !== "encrypted") continue;
    if (passphrase === undefined) throw await sealedWithoutPassphrase(key.kid, sealingEpoch, ports.store);
    await ports.keyVault.open(material, key.kid, passphrase);
    break;
  }
  // Without a private half there is nothing to open: this passphrase is the first.
  return { passphrase, sealingEpoch };
}

/**
 * The refusal to keep a new key in the clear beside sealed ones: an attacker who only switched the passphrase off in
 * the file would gain by it.
 */
async function sealedWithoutPassphrase(
  kid: string,
  sealingEpoch: number,
  store: Pick<SettingsStore, "readSealingEpoch">,
): Promise<AppError> {
  return (await store.readSealingEpoch()) === sealingEpoch
    ? keptInWrongForm(kid, "under a passphrase, although the store has none")
    : passphraseChanged();
}

/**
 * The refusal of a private half that is sealed in a store without a passphrase, or the reverse: jwtctl did not do it.
 */
export function keptInWrongForm(kid: string, how: string): AppError {
  return new AppError("store_corrupt", `the private half of the key "${kid}" is kept ${how}`, {
    hints: [
      "Nothing was made or signed: others may have changed the file; see what is wrong with it: jwtctl doctor",
      "Restore the store from a backup: jwtctl restore FILE",
    ],
    data: { kid },
  });
}

/** The refusal when the passphrase was changed between its proof and the write. */
export function passphraseChanged(): AppError {
  return new AppError(
    "passphrase_wrong",
    "another command changed the passphrase meanwhile; nothing was done",
    {
      hints: ["Run it again with the new passphrase"],
    },
  );
}

/** The keys to open for the proof; the standby first, which signs next. */
function proofs(keys: readonly SigningKey[]): readonly SigningKey[] {
  const withPrivate = keys.filter((key) => key.hasPrivate);
  return [
    ...withPrivate.filter((key) => key.state === "standby"),
    ...withPrivate.filter((key) => key.state !== "standby"),
  ];
}
