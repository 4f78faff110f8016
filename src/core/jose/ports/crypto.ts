import type { JwsAlgorithm } from "../algorithms.ts";
import type { Jwk } from "../jwk.ts";
import type { Finding } from "../token/finding.ts";

/** JWS signatures (RFC 7515). */
export interface Jws {
  /**
   * Signs and returns the compact serialization. `header` is the exact JSON text, `payload` the exact bytes.
   * @throws AppError `key_unusable` when the key does not fit, `algorithm_unsupported` when the runtime lacks it.
   */
  sign(input: { header: string; payload: Uint8Array; alg: JwsAlgorithm; key: Jwk }): Promise<string>;
  /** Whether the key verifies the signature over `signingInput`. Never throws for an invalid signature. */
  verify(input: SignatureToVerify): Promise<boolean>;
}

export interface SignatureToVerify {
  /** The JWS signing input: `header.payload`, encoded. */
  readonly signingInput: string;
  /** The signing input where it need not be text: an unencoded payload (RFC 7797). Counts instead. */
  readonly signingBytes?: Uint8Array | undefined;
  readonly signature: Uint8Array;
  readonly alg: JwsAlgorithm;
  readonly key: Jwk;
}

/** {@link Jws.verify} without a promise. */
export interface SignatureVerifier {
  verify(input: SignatureToVerify): boolean;
}

export interface GeneratedKey {
  readonly kid: string;
  readonly alg: JwsAlgorithm;
  /** Null for `oct`. With `kid`, `alg` and `use: "sig"`. */
  readonly publicJwk: Jwk | null;
  readonly privateJwk: Jwk;
}

/** The format of a key file. */
export type KeyFormat =
  | "jwk"
  | "jwks"
  | "pem-spki"
  | "pem-pkcs8"
  | "pem-pkcs8-encrypted"
  | "pem-pkcs1"
  | "pem-sec1"
  | "pem-certificate"
  | "der-spki"
  | "der-pkcs8"
  | "der-pkcs8-encrypted"
  | "der-pkcs1"
  | "der-sec1"
  | "der-certificate"
  | "jwe"
  | "openssh"
  | "putty"
  | "xml"
  | "raw";

/** A key of a file that cannot be used: a token may name exactly this one. */
export interface LeftOutKey {
  /** Undefined for a key without one. */
  readonly kid: string | undefined;
  /** As in `an encryption key ("use": "enc")`. */
  readonly reason: string;
}

export interface ReadKeys {
  readonly format: KeyFormat;
  /** The usable keys, in file order, as JWKs with the members the file gave (kid, alg, use, key_ops). */
  readonly keys: readonly Jwk[];
  /** What the user should know: whole sentences, what was left out and why among them. At most `MAX_KEY_NOTES`. */
  readonly notes: readonly string[];
  /** What stood around the key or was mended in its text, in the order it was undone. */
  readonly repairs: readonly Finding[];
  readonly leftOut: readonly LeftOutKey[];
  /** The certificates that keys were taken from, as DER, where there are any. */
  readonly certificates?: readonly Uint8Array[];
}

/** So many remarks about one file are read by nobody, and more are not kept. */
export const MAX_KEY_NOTES = 50;

export type KeyEncoding = "pem" | "der" | "jwk";

export interface KeyTools {
  /**
   * Generates a key.
   *
   * @param options.bits RSA modulus (default 2048) or HMAC secret (default: the size of the hash)
   * @throws AppError `algorithm_unsupported`
   */
  generate(alg: JwsAlgorithm, options?: { bits?: number }): Promise<GeneratedKey>;
  /**
   * Reads a key file, recognised by its content.
   * @param passphrase called only for an encrypted file
   * @param purpose `any`: keys for encryption, too
   * @throws AppError `key_malformed` (not a key), `key_unusable` (a key, but none that can be used for JWS),
   *   `passphrase_wrong`
   */
  read(
    bytes: Uint8Array,
    passphrase?: () => Promise<string>,
    purpose?: "signature" | "any",
  ): Promise<ReadKeys>;
  /** RFC 7638 thumbprint, base64url SHA-256 (or SHA-384/512). @throws `key_unusable` for a key without the members */
  thumbprint(jwk: Jwk, hash?: "sha256" | "sha384" | "sha512"): Promise<string>;
  /** The hash of bytes, as certificates and public keys are named by it. */
  fingerprint(bytes: Uint8Array, hash: "sha1" | "sha256"): Promise<Uint8Array>;
  /** The kid a key gets in a store: its thumbprint, or a random id for `oct`. */
  kidOf(jwk: Jwk): Promise<string>;
  /** The public half without a single private member; null for `oct`. */
  publicOf(jwk: Jwk): Promise<Jwk | null>;
  /** The size in bits of an RSA modulus or an HMAC secret; undefined for keys of a fixed size. */
  sizeOf(jwk: Jwk): number | undefined;
  /** Writes the public half. @returns file content */
  writePublic(jwk: Jwk, encoding: KeyEncoding): Promise<Uint8Array>;
  /** Writes the private half: PKCS#8 (PEM or DER) or JWK; encrypted PKCS#8 PEM or JWE when a passphrase is given. */
  writePrivate(jwk: Jwk, encoding: KeyEncoding, passphrase?: string): Promise<Uint8Array>;
  /** Whether this runtime can use the algorithm. */
  supports(alg: JwsAlgorithm): Promise<boolean>;
}
