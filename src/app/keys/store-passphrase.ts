import type { SigningKey } from "../../core/authority/keys/signing-key.ts";
import type { KeyVault } from "../../core/authority/ports/crypto.ts";
import type { KeyStore, SettingsStore } from "../../core/authority/ports/store.ts";
import { AppError } from "../../core/base/errors.ts";
import type { Clock } from "../../core/base/ports.ts";
import type { KeyMakingPorts } from "./new-signing-key.ts";

/** What a use case of signing keys works with. */
export interface KeyPorts extends KeyMakingPorts {
  readonly store: KeyStore & SettingsStore;
  readonly clock: Clock;
}

/** Asked only when it is needed; undefined for a store whose keys are kept in the clear. */
export type PassphraseSource = () => Promise<string | undefined>;

/** What a new private half is sealed with. */
export interface VerifiedPassphrase {
  /** Undefined: private halves are kept in the clear. */
  readonly passphrase: string | undefined;
  /** For the store to see that the passphrase has not changed since. */
  readonly sealingEpoch: number;
}

/**
 * The store's passphrase, after it has opened a private key of the store: otherwise a typing error would seal the next
 * key under a second passphrase, and nobody would notice before that key has to sign.
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
  // Where no key has a private half, there is nothing to prove: this passphrase is the first.
  return { passphrase, sealingEpoch };
}

/**
 * The refusal to keep the next key in the clear beside sealed ones. Who has turned the passphrase off in the file, and
 * nothing else, waits for just that.
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

/** The refusal of a private half that is not kept as all of the store's are: jwtctl has not put it there. */
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

/** The standby first: it is the key that must open next. */
function proofs(keys: readonly SigningKey[]): readonly SigningKey[] {
  const withPrivate = keys.filter((key) => key.hasPrivate);
  return [
    ...withPrivate.filter((key) => key.state === "standby"),
    ...withPrivate.filter((key) => key.state !== "standby"),
  ];
}
