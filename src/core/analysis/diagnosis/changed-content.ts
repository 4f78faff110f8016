import {
  type Explanation,
  type FailedVerification,
  fixForIssuer,
  fixForVerifier,
} from "./failed-verification.ts";
import { nameOf } from "./trusted-keys.ts";

/**
 * Cause: header or payload was changed after signing. An RSA signature that a key can open was made by it, over the
 * content whose hash is inside; ECDSA and HMAC signatures do not show that.
 */
export function explainChangedContent({ alg, facts }: FailedVerification): readonly Explanation[] {
  for (const [candidate, { hash, overContent, bare }] of facts.opened) {
    const really = `RS${hash.slice(4)}`;
    if (overContent && bare) return [withoutDigestInfo(nameOf(candidate), hash, alg)];
    if (overContent) {
      // The hashes that JWS has were tried before; SHA-1 is none of them.
      if (hash === "SHA-1") return [olderHash(nameOf(candidate), alg)];
      continue;
    }
    const name = hash === "SHA-1" ? "RSA with SHA-1" : really;
    return [
      {
        cause: "content_changed",
        evidence: `${nameOf(candidate)} did make this signature (${name}, its padding is whole), but the hash inside is not that of this header and payload`,
        fix: `${fixForVerifier(
          "do not accept the token: its content was changed after signing, or the signature taken from another token",
        )}. ${fixForIssuer("if it is your own, compare it with the token as it was issued (jwtctl diff)")}`,
      },
    ];
  }
  return [];
}

function withoutDigestInfo(name: string, hash: string, alg: string | undefined): Explanation {
  return {
    cause: "digest_info_missing",
    evidence: `${name} did make this signature, over the ${hash} hash of this very content; but the hash stands in it alone, without the DigestInfo that names its algorithm`,
    fix: fixForIssuer(
      `put DigestInfo before the hash (RFC 8017 section 9.2), or let the library hash and sign in one call for ${alg} ` +
        "(Java: SHA256withRSA, not NONEwithRSA; OpenSSL: EVP_DigestSign, not RSA_private_encrypt)",
    ),
  };
}

function olderHash(name: string, alg: string | undefined): Explanation {
  return {
    cause: "hash_mixed_up",
    evidence: `the header says ${alg}, but the signature is one of ${name} with SHA-1, which JWS does not know`,
    fix: fixForIssuer(`really sign with ${alg}: SHA-1 is broken`),
  };
}
