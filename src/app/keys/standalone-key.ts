import type { JwsAlgorithm } from "../../core/jose/algorithms.ts";
import type { KeyEncoding, KeyTools } from "../../core/jose/ports/crypto.ts";
import { generated } from "./new-signing-key.ts";
import type { PassphraseSource } from "./store-passphrase.ts";

export interface StandaloneKeyInput {
  readonly alg: JwsAlgorithm;
  readonly bits: number | undefined;
  readonly encoding: KeyEncoding;
  /** The passphrase for the file; undefined with --no-passphrase. */
  readonly filePassphrase: PassphraseSource;
}

export interface StandaloneKey {
  readonly kid: string;
  readonly alg: JwsAlgorithm;
  readonly encrypted: boolean;
  readonly privateContent: Uint8Array;
  /** Null for a shared secret (oct). */
  readonly publicContent: Uint8Array | null;
}

/** Generates a key pair outside the store. @throws AppError `usage`, `key_too_weak`, `algorithm_unsupported` */
export async function makeStandaloneKey(
  input: StandaloneKeyInput,
  keyTools: KeyTools,
): Promise<StandaloneKey> {
  const { alg, bits, encoding } = input;
  const { kid, publicJwk, privateJwk } = await generated(alg, bits, keyTools);
  const passphrase = await input.filePassphrase();
  return {
    kid,
    alg,
    encrypted: passphrase !== undefined,
    privateContent: await keyTools.writePrivate(privateJwk, encoding, passphrase),
    publicContent: publicJwk && (await keyTools.writePublic(publicJwk, encoding)),
  };
}
