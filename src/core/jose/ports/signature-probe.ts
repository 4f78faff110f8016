import type { JwsAlgorithm } from "../algorithms.ts";
import type { Jwk } from "../jwk.ts";

/** The hashes a signer may have used by mistake, as they are written in texts. */
export type HashName = "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";

/** The content of an RSASSA-PKCS1-v1_5 signature (RFC 8017 section 9.2). */
export interface OpenedSignature {
  /** The hash algorithm, as in `SHA-256`. */
  readonly hash: string;
  /** Whether the hash value is that of the given content. */
  readonly overContent: boolean;
  /** Whether the hash value stands alone, without the DigestInfo that names its algorithm. */
  readonly bare: boolean;
}

/**
 * Examines a refused signature in ways that no verification may use. Its results are for diagnosis and make no token
 * valid.
 */
export interface SignatureProbe {
  /**
   * Whether the key verifies the signature over `message`. Accepts an RSASSA-PSS salt of any length, where JWS demands
   * the length of the hash (RFC 7518 section 3.5), and with `hash` another hash than the algorithm's.
   * @throws AppError `key_unusable`, `algorithm_unsupported`
   */
  fits(reading: {
    readonly alg: JwsAlgorithm;
    readonly key: Jwk;
    readonly message: Uint8Array;
    readonly signature: Uint8Array;
    readonly hash?: HashName | undefined;
  }): Promise<boolean>;
  /**
   * Opens an RSASSA-PKCS1-v1_5 signature with the public key whose private half made it; undefined for any other key or
   * padding.
   * @throws AppError `key_unusable`
   */
  open(key: Jwk, signature: Uint8Array, content: Uint8Array): Promise<OpenedSignature | undefined>;
  /** Hashes bytes with the hash of an algorithm; undefined for one that does not hash first. */
  hashOf(alg: JwsAlgorithm, bytes: Uint8Array): Uint8Array | undefined;
  /** MD5, which some issuers make a secret with; undefined where the runtime has it no more. */
  md5Of(bytes: Uint8Array): Uint8Array | undefined;
  /** A public key as RSAPublicKey (RFC 8017 appendix A.1.1) in DER; undefined when it is no RSA key. */
  pkcs1Of(key: Jwk): Uint8Array | undefined;
}
