import { encodeBase64Url } from "../../core/base/base64url.ts";
import { AppError } from "../../core/base/errors.ts";
import type { Jwk } from "../../core/jose/jwk.ts";
import type { KeyTools, ReadKeys } from "../../core/jose/ports/crypto.ts";
import type { CertificateHashes } from "../../core/jose/token/certificate-hash.ts";

/** The thumbprints of certificates, as headers name them. @throws AppError `key_unusable` when there is none */
export async function certificateThumbprints(
  { certificates = [] }: Pick<ReadKeys, "certificates">,
  keyTools: Pick<KeyTools, "fingerprint">,
): Promise<readonly CertificateHashes[]> {
  if (certificates.length === 0) {
    throw new AppError("key_unusable", "there is no certificate, and x5t is the thumbprint of one", {
      hints: ["Give the certificate; for the thumbprint of the key leave --x5t out"],
    });
  }
  const results: CertificateHashes[] = [];
  for (const der of certificates) {
    results.push({
      x5t: encodeBase64Url(await keyTools.fingerprint(der, "sha1")),
      "x5t#S256": encodeBase64Url(await keyTools.fingerprint(der, "sha256")),
    });
  }
  return results;
}

export interface KeyFingerprint {
  readonly kid: string | null;
  /** `SHA256:` and the base64 of the hash of the SubjectPublicKeyInfo, as GitHub and Snowflake show it. */
  readonly fingerprint: string;
}

/** The fingerprints of public keys as DER (RFC 5280 section 4.1). @throws AppError `key_unusable` for a shared secret */
export async function spkiFingerprints(
  keys: readonly Jwk[],
  keyTools: Pick<KeyTools, "fingerprint" | "writePublic">,
): Promise<readonly KeyFingerprint[]> {
  const results: KeyFingerprint[] = [];
  for (const key of keys) {
    const hash = await keyTools.fingerprint(await keyTools.writePublic(key, "der"), "sha256");
    const text = encodeBase64Url(hash).replaceAll("-", "+").replaceAll("_", "/");
    results.push({ kid: key.kid ?? null, fingerprint: `SHA256:${text}=` });
  }
  return results;
}
