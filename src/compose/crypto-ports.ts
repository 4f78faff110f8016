import type { Sha256 } from "../core/authority/audit/chain.ts";
import type { KeyVault, PasswordHasher, RefreshSecrets } from "../core/authority/ports/crypto.ts";
import type { Jws, KeyTools, SignatureVerifier } from "../core/jose/ports/crypto.ts";
import type { SignatureProbe } from "../core/jose/ports/signature-probe.ts";
import type { TextDigest } from "../core/jose/token/disclosures.ts";
import type { Runtime } from "../runtime/runtime.ts";

/** Cryptography behind the ports of core; each adapter is loaded when it is first used. */
export interface CryptoPorts {
  jws(): Promise<Jws>;
  /** For very many tokens: the same verdicts, sooner. */
  bulkJws(): Promise<SignatureVerifier>;
  /** For diagnoses only: nothing that it finds may come into a verdict. */
  signatureProbe(): Promise<SignatureProbe>;
  keyTools(): Promise<KeyTools>;
  keyVault(): Promise<KeyVault>;
  passwordHasher(): Promise<PasswordHasher>;
  refreshSecrets(): Promise<RefreshSecrets>;
  /** SHA-256 of a text, in hexadecimal digits. */
  sha256(): Promise<Sha256>;
  /** The hashes of disclosures (RFC 9901). */
  textDigest(): Promise<TextDigest>;
}

export function createCryptoPorts({
  random,
  kdfCosts: costs,
}: Pick<Runtime, "random" | "kdfCosts">): CryptoPorts {
  const keyTools = async () => (await import("../crypto/key-tools.ts")).createKeyTools(random, costs);
  return {
    jws: async () => (await import("../crypto/jws.ts")).createJws(),
    bulkJws: async () => (await import("../crypto/jws-bulk.ts")).createBulkJws(),
    signatureProbe: async () => (await import("../crypto/signatures/probe.ts")).createSignatureProbe(),
    keyTools,
    keyVault: async () => (await import("../crypto/key-vault.ts")).createKeyVault(await keyTools(), costs),
    passwordHasher: async () => (await import("../crypto/password.ts")).createPasswordHasher(costs),
    refreshSecrets: async () => (await import("../crypto/refresh-secrets.ts")).createRefreshSecrets(random),
    sha256: async () => (await import("../crypto/digest.ts")).sha256,
    textDigest: async () => (await import("../crypto/digest.ts")).textDigest,
  };
}
