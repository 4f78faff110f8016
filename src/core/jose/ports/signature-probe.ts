import type { JwsAlgorithm } from "../algorithms.ts";
import type { Jwk } from "../jwk.ts";

/** What the padding of an RSASSA-PKCS1-v1_5 signature holds (RFC 8017 section 9.2). */
export interface OpenedSignature {
  /** The hash that was signed with, as in `SHA-256`. */
  readonly hash: string;
  /** Whether the hash inside is that of the content it was held against. */
  readonly overContent: boolean;
}

/**
 * Looks at a signature that has been refused, in ways that no verification may: it decides nothing, and what it finds
 * makes no token valid.
 */
export interface SignatureProbe {
  /**
   * Whether the signature is this key's over `message`. Takes an RSASSA-PSS signature with a salt of any length, where
   * JWS demands that of the hash (RFC 7518 section 3.5).
   * @throws AppError `key_unusable`, `algorithm_unsupported`
   */
  fits(reading: {
    readonly alg: JwsAlgorithm;
    readonly key: Jwk;
    readonly message: Uint8Array;
    readonly signature: Uint8Array;
  }): Promise<boolean>;
  /**
   * What an RSASSA-PKCS1-v1_5 signature holds, when it is this key's. Only the private half makes a signature in which
   * anything can be read: undefined for any other key, other paddings, and noise.
   * @throws AppError `key_unusable`
   */
  open(key: Jwk, signature: Uint8Array, content: Uint8Array): Promise<OpenedSignature | undefined>;
  /** The hash that an algorithm signs with, over these bytes; undefined when it signs without hashing first. */
  hashOf(alg: JwsAlgorithm, bytes: Uint8Array): Uint8Array | undefined;
  /** A public key as RSAPublicKey (RFC 8017 appendix A.1.1) in DER; undefined when it is no RSA key. */
  pkcs1Of(key: Jwk): Uint8Array | undefined;
}
