import type { KeyEncryption, PrivateMaterial } from "../../core/authority/keys/signing-key.ts";
import { AppError } from "../../core/base/errors.ts";
import { sealed } from "./new-signing-key.ts";
import type { KeyPorts, PassphraseSource } from "./store-passphrase.ts";

export interface ChangePassphraseInput {
  /** The passphrase the store has now; undefined for a store without one. */
  readonly current: PassphraseSource;
  /** The new passphrase; undefined: private halves are kept in the clear from now on. */
  readonly next: PassphraseSource;
  readonly dryRun: boolean;
}

export interface PassphraseChange {
  readonly dryRun: boolean;
  /** False when the store had no passphrase and gets none. */
  readonly changed: boolean;
  readonly before: KeyEncryption;
  readonly after: KeyEncryption;
  /** The number of private halves. */
  readonly keys: number;
}

/** How often sealing is repeated when the keys change meanwhile; each round costs seconds of key derivation. */
const MAX_ROUNDS = 5;

/**
 * Seals every private half of the store under another passphrase, or none. All take effect in one transaction, so that
 * two keys are never under different passphrases.
 *
 * @throws AppError `passphrase_wrong`, `store_busy` when keys kept changing meanwhile; nothing has changed then
 */
export async function changePassphrase(
  input: ChangePassphraseInput,
  ports: KeyPorts,
): Promise<PassphraseChange> {
  const { store, clock } = ports;
  const before = await store.readEncryption();
  const current = await input.current();
  // The present passphrase is verified before the user is asked for a new one.
  let present = await openKeys(current, ports);
  const next = await input.next();
  const after: KeyEncryption = next === undefined ? "none" : "passphrase";
  const answer = { dryRun: input.dryRun, before, after, keys: present.keys.length };
  if (before === "none" && after === "none") return { ...answer, changed: false };
  if (input.dryRun) return { ...answer, changed: true };
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { keys, sealingEpoch } = present;
    const materials: { kid: string; material: PrivateMaterial }[] = [];
    for (const { kid, jwk } of keys)
      materials.push({ kid, material: await sealed(jwk, next, ports.keyVault) });
    const outcome = await store.resealKeys({ sealingEpoch, encryption: after, materials }, clock.now());
    if (outcome === "resealed") return { ...answer, changed: true, keys: keys.length };
    present = await openKeys(current, ports);
  }
  throw new AppError("store_busy", "other commands kept changing the keys; the passphrase was not changed", {
    hints: ["Run it again when nothing else rotates or imports keys"],
  });
}

async function openKeys(passphrase: string | undefined, { store, keyVault, clock }: KeyPorts) {
  const sealingEpoch = await store.readSealingEpoch();
  const keys = [];
  for (const { kid, hasPrivate } of await store.listKeys(clock.now())) {
    const material = hasPrivate ? await store.readPrivateKey(kid) : null;
    if (material) keys.push({ kid, jwk: await keyVault.open(material, kid, passphrase) });
  }
  return { sealingEpoch, keys };
}
