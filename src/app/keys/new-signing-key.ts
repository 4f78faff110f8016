import type { JwsAlgorithm } from "../../core/keys/algorithms.ts";
import type { Jwk } from "../../core/keys/jwk.ts";
import type { NewSigningKey, PrivateMaterial } from "../../core/keys/signing-key.ts";
import type { KeyTools, KeyVault } from "../../core/ports/crypto.ts";

export interface KeyMakingPorts {
  readonly keyTools: KeyTools;
  readonly keyVault: KeyVault;
}

/** Makes a key pair ready for the store, its private half sealed when there is a passphrase. */
export async function newSigningKey(
  input: { alg: JwsAlgorithm; bits?: number | undefined; passphrase: string | undefined },
  ports: KeyMakingPorts,
): Promise<NewSigningKey> {
  const options = input.bits === undefined ? {} : { bits: input.bits };
  const { kid, alg, publicJwk, privateJwk } = await ports.keyTools.generate(input.alg, options);
  return { kid, alg, publicJwk, privateMaterial: await sealed(privateJwk, input.passphrase, ports.keyVault) };
}

/** A private key as the store keeps it. */
export async function sealed(
  jwk: Jwk,
  passphrase: string | undefined,
  vault: KeyVault,
): Promise<PrivateMaterial> {
  return passphrase === undefined ? { form: "plain", jwk } : vault.seal(jwk, passphrase);
}
