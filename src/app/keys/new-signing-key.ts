import type { NewSigningKey, PrivateMaterial } from "../../core/authority/keys/signing-key.ts";
import type { KeyVault } from "../../core/authority/ports/crypto.ts";
import type { JwsAlgorithm } from "../../core/jose/algorithms.ts";
import type { Jwk } from "../../core/jose/jwk.ts";
import type { GeneratedKey, KeyTools } from "../../core/jose/ports/crypto.ts";

export interface KeyMakingPorts {
  readonly keyTools: KeyTools;
  readonly keyVault: KeyVault;
}

/** Generates a key for the store, with its private half sealed when there is a passphrase. */
export async function newSigningKey(
  input: { alg: JwsAlgorithm; bits?: number | undefined; passphrase: string | undefined },
  ports: KeyMakingPorts,
): Promise<NewSigningKey> {
  return sealKeyPair(
    await generated(input.alg, input.bits, ports.keyTools),
    input.passphrase,
    ports.keyVault,
  );
}

/** Seals the private half of a generated key for the store. */
export async function sealKeyPair(
  { kid, alg, publicJwk, privateJwk }: GeneratedKey,
  passphrase: string | undefined,
  vault: KeyVault,
): Promise<NewSigningKey> {
  return { kid, alg, publicJwk, privateMaterial: await sealed(privateJwk, passphrase, vault) };
}

/** Generates a key whose kid does not begin with a dash (one thumbprint in 64 does): it would look like an option. */
export async function generated(
  alg: JwsAlgorithm,
  bits: number | undefined,
  keyTools: KeyTools,
): Promise<GeneratedKey> {
  const options = bits === undefined ? {} : { bits };
  for (;;) {
    const key = await keyTools.generate(alg, options);
    if (!key.kid.startsWith("-")) return key;
  }
}

/** A private key in the form the store keeps it. */
export async function sealed(
  jwk: Jwk,
  passphrase: string | undefined,
  vault: KeyVault,
): Promise<PrivateMaterial> {
  return passphrase === undefined ? { form: "plain", jwk } : vault.seal(jwk, passphrase);
}
