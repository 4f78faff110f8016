import { publicJwk } from "../../core/authority/keys/published-jwks.ts";
import type { SigningKey } from "../../core/authority/keys/signing-key.ts";
import { AppError } from "../../core/base/errors.ts";
import type { Jwk } from "../../core/jose/jwk.ts";
import type { KeyEncoding } from "../../core/jose/ports/crypto.ts";
import { findKey } from "./find-key.ts";
import { type EncodingChoice, encodingFor } from "./key-encoding.ts";
import type { KeyPorts, PassphraseSource } from "./store-passphrase.ts";

export interface ExportKeyInput {
  /** A kid or its beginning. */
  readonly given: string;
  readonly half: "public" | "private";
  readonly encoding: EncodingChoice;
  /** The passphrase of the store, to open the private half. */
  readonly passphrase: PassphraseSource;
  /** The passphrase for the file; undefined with --no-passphrase. */
  readonly filePassphrase: PassphraseSource;
}

export interface KeyExported {
  readonly key: SigningKey;
  readonly half: "public" | "private";
  readonly encoding: KeyEncoding;
  readonly encrypted: boolean;
  /** The content of the file. */
  readonly content: Uint8Array;
}

/**
 * Exports one half of a key.
 * @throws AppError `usage`, `key_not_found`, `key_unusable`, `key_state_conflict`, `passphrase_wrong`
 */
export async function exportKey(input: ExportKeyInput, ports: KeyPorts): Promise<KeyExported> {
  const key = findKey(await ports.store.listKeys(ports.clock.now()), input.given);
  const { half } = input;
  if (half === "public") {
    const encoding = encodingFor(input.encoding, false);
    const content = await ports.keyTools.writePublic(publicHalf(key), encoding);
    return { key, half, encoding, encrypted: false, content };
  }
  const encoding = encodingFor(input.encoding, key.publicJwk === null);
  const jwk = await privateHalf(key, input.passphrase, ports);
  const filePassphrase = await input.filePassphrase();
  const content = await ports.keyTools.writePrivate(jwk, encoding, filePassphrase);
  return { key, half, encoding, encrypted: filePassphrase !== undefined, content };
}

/** The public half as a plain JWK with only public members. @throws AppError `key_unusable` for a shared secret */
export function publicHalf(key: SigningKey): Jwk {
  if (key.publicJwk === null) {
    throw new AppError(
      "key_unusable",
      `the key "${key.kid}" is a shared secret (oct): it has no public half`,
      {
        hints: ["Only those who may sign may have it; to export the secret itself: --private --format jwk"],
      },
    );
  }
  return Object.fromEntries(publicJwk(key).members) as unknown as Jwk;
}

async function privateHalf(key: SigningKey, passphrase: PassphraseSource, ports: KeyPorts): Promise<Jwk> {
  const material = await ports.store.readPrivateKey(key.kid);
  if (material === null) {
    throw new AppError("key_state_conflict", `the store has no private half of the key "${key.kid}"`, {
      hints: ["It is destroyed when a key stops signing; rotate with --keep-private to keep it"],
      data: { kid: key.kid, state: key.state },
    });
  }
  const jwk = await ports.keyVault.open(
    material,
    key.kid,
    material.form === "encrypted" ? await passphrase() : undefined,
  );
  return { ...jwk, kid: key.kid, alg: key.alg, use: "sig" };
}
