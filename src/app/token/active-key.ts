import type { KeyVault } from "../../core/authority/ports/crypto.ts";
import type { KeyStore, MintNote } from "../../core/authority/ports/key-store.ts";
import type { SettingsStore } from "../../core/authority/ports/store.ts";
import { AppError } from "../../core/base/errors.ts";
import type { Clock } from "../../core/base/ports.ts";
import type { JwsAlgorithm } from "../../core/jose/algorithms.ts";
import type { Jwk } from "../../core/jose/jwk.ts";
import type { Jws } from "../../core/jose/ports/crypto.ts";
import { keptInWrongForm, type PassphraseSource } from "../keys/store-passphrase.ts";

/** The active key with its private half. */
export interface ActiveKey {
  readonly kid: string;
  readonly alg: JwsAlgorithm;
  readonly privateJwk: Jwk;
}

export interface SigningPorts {
  readonly store: Pick<KeyStore, "listKeys" | "readPrivateKey" | "reserveSignature"> &
    Pick<SettingsStore, "readEncryption">;
  readonly keyVault: Pick<KeyVault, "open">;
  readonly jws: Pick<Jws, "sign">;
  readonly clock: Clock;
  /** Called when the key is sealed with the store's passphrase. */
  readonly passphrase: PassphraseSource;
}

/** A token before it is signed. It is composed for one key, which its header names. */
export interface UnsignedToken {
  /** JSON text. */
  readonly header: string;
  readonly payload: Uint8Array;
  /** NumericDate; null for a token without one. */
  readonly exp: number | null;
  /** The entry in the audit log of a token outside a session. */
  readonly minted?: MintNote;
}

/**
 * How often signing is tried anew after a rotation came in between. Of many rotations at once, all may win against one
 * signature.
 */
const ATTEMPTS = 50;

/**
 * Opens the store's active key.
 * @throws AppError `key_not_found` when there is none, `passphrase_wrong`, `store_corrupt`
 */
export async function openActiveKey(ports: Omit<SigningPorts, "jws">): Promise<ActiveKey> {
  let planted: string | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const active = (await ports.store.listKeys(ports.clock.now())).find((key) => key.state === "active");
    if (active === undefined) {
      throw new AppError("key_not_found", "the store has no active key to sign with", {
        hints: ["Make the standby active with: jwtctl keys rotate"],
      });
    }
    const material = await ports.store.readPrivateKey(active.kid);
    // A rotation has destroyed the private half since the list was read: another key is active now.
    if (material === null) continue;
    if (material.form === "plain" && (await ports.store.readEncryption()) === "passphrase") {
      // Perhaps the passphrase was set after the key was read: then the next attempt finds it sealed.
      planted = active.kid;
      continue;
    }
    const passphrase = material.form === "encrypted" ? await ports.passphrase() : undefined;
    const privateJwk = await ports.keyVault.open(material, active.kid, passphrase);
    return { kid: active.kid, alg: active.alg, privateJwk };
  }
  if (planted !== undefined)
    throw keptInWrongForm(planted, "in the clear, although the store has a passphrase");
  throw keyKeepsChanging();
}

/**
 * Signs with the active key. The signature is reserved first; after a rotation in between, the token is composed anew
 * for the new active key.
 *
 * @returns the compact token and the key that signed it
 * @throws AppError as {@link openActiveKey}
 */
export async function signWithActiveKey(
  opened: ActiveKey,
  draft: (key: ActiveKey) => UnsignedToken,
  ports: SigningPorts,
): Promise<{ readonly token: string; readonly key: ActiveKey }> {
  let key = opened;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { header, payload, exp, minted } = draft(key);
    const now = ports.clock.now();
    if ((await ports.store.reserveSignature(key.kid, exp, now, minted)) === "reserved") {
      const token = await ports.jws.sign({ header, payload, alg: key.alg, key: key.privateJwk });
      return { token, key };
    }
    key = await openActiveKey(ports);
  }
  throw keyKeepsChanging();
}

function keyKeepsChanging(): AppError {
  return new AppError("store_busy", "the signing key was replaced each time it was to be used", {
    hints: ["Try again; if it stays so, something rotates the keys without end"],
  });
}

/**
 * Opens the active key and reserves a signature with it.
 *
 * @param ttl how long the token will live, in seconds
 * @returns the key, and the time (ms) from which the lifetime is reserved: such a token needs no further write
 * @throws AppError as {@link openActiveKey}
 */
export async function reserveActiveKey(
  ttl: number,
  ports: Omit<SigningPorts, "jws">,
): Promise<{ readonly key: ActiveKey; readonly reservedAt: number }> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const key = await openActiveKey(ports);
    const now = ports.clock.now();
    const exp = Math.floor(now / 1000) + ttl;
    if ((await ports.store.reserveSignature(key.kid, exp, now)) === "reserved")
      return { key, reservedAt: now };
  }
  throw keyKeepsChanging();
}

/** Wraps a source so that it is called once, however often a key is opened. */
export function askOnce(source: PassphraseSource): PassphraseSource {
  let answer: Promise<string | undefined> | undefined;
  return () => {
    answer ??= source();
    return answer;
  };
}
