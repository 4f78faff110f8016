import type { JwsAlgorithm } from "../keys/algorithms.ts";
import type { Jwk } from "../keys/jwk.ts";
import type { PrivateMaterial } from "../keys/signing-key.ts";

/** JWS signatures (RFC 7515). */
export interface Jws {
  /**
   * The compact serialisation. `header` is the exact JSON text of the protected header, `payload` the exact bytes.
   * @throws AppError `key_unusable` when the key does not fit, `algorithm_unsupported` when the runtime lacks it.
   */
  sign(input: { header: string; payload: Uint8Array; alg: JwsAlgorithm; key: Jwk }): Promise<string>;
  /** Whether the signature over `signingInput` is this key's. Never throws for a bad signature. */
  verify(question: SignatureQuestion): Promise<boolean>;
}

export interface SignatureQuestion {
  /** ASCII: header.payload */
  readonly signingInput: string;
  readonly signature: Uint8Array;
  readonly alg: JwsAlgorithm;
  readonly key: Jwk;
}

/** {@link Jws.verify} with its answer at once. */
export interface SignatureVerifier {
  verify(question: SignatureQuestion): boolean;
}

export interface GeneratedKey {
  readonly kid: string;
  readonly alg: JwsAlgorithm;
  /** Null for `oct`. With `kid`, `alg` and `use: "sig"`. */
  readonly publicJwk: Jwk | null;
  readonly privateJwk: Jwk;
}

/** How a key file was written. */
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
  | "jwe";

export interface ReadKeys {
  readonly format: KeyFormat;
  /** The usable keys, in file order, as JWKs with the members the file gave (kid, alg, use, key_ops). */
  readonly keys: readonly Jwk[];
  /** What was left out and why ("key 2: an encryption key (use: enc)"). */
  readonly notes: readonly string[];
}

export type KeyEncoding = "pem" | "der" | "jwk";

export interface KeyTools {
  /** @param bits RSA modulus (default 2048) or HMAC secret size (default the hash's). @throws `algorithm_unsupported` */
  generate(alg: JwsAlgorithm, options?: { bits?: number }): Promise<GeneratedKey>;
  /**
   * Recognises a key file by its content.
   * @param passphrase asked for only when the file is encrypted
   * @throws AppError `key_malformed` (not a key), `key_unusable` (a key, but none that can be used for JWS),
   *   `passphrase_wrong`
   */
  read(bytes: Uint8Array, passphrase?: () => Promise<string>): Promise<ReadKeys>;
  /** RFC 7638 thumbprint, base64url SHA-256 (or SHA-384/512). @throws `key_unusable` for a key without the members */
  thumbprint(jwk: Jwk, hash?: "sha256" | "sha384" | "sha512"): Promise<string>;
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

/** Private keys at rest (design section 6): PBES2-HS512+A256KW with A256GCM. */
export interface KeyVault {
  seal(jwk: Jwk, passphrase: string): Promise<PrivateMaterial>;
  /** @throws AppError `passphrase_wrong`; `store_corrupt` when what is inside is not the key named `kid` */
  open(material: PrivateMaterial, kid: string, passphrase: string | undefined): Promise<Jwk>;
  /**
   * Whether a public half is the key that its kid names: its thumbprint is the kid, and its numbers make a key. Of an
   * algorithm that the runtime lacks only the thumbprint is compared.
   */
  isPublicHalfOf(jwk: Jwk, kid: string): Promise<boolean>;
}

/** Passwords (argon2id, PHC strings). */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  verify(hash: string, password: string): Promise<boolean>;
  /** Spends the time of a real verification, for users that do not exist. */
  verifyNobody(password: string): Promise<void>;
  /** True when the hash was made with other parameters than today's. */
  needsRehash(hash: string): boolean;
}

/** Opaque refresh tokens: `jwtctl_rt_` + base62 of 32 random bytes + 6 base62 characters of CRC-32. */
export interface RefreshSecrets {
  create(): string;
  /** Undefined when well formed; else what is wrong with it. */
  fault(token: string): "not_a_refresh_token" | "checksum" | undefined;
  /** SHA-256 of the token's text. */
  hash(token: string): Uint8Array;
  /** Seals the successor under a key derived from the parent (HKDF-SHA-256, AES-256-GCM). */
  seal(parent: string, successor: string): Uint8Array;
  /** @throws AppError `store_corrupt` when it was not sealed under this parent */
  open(parent: string, sealed: Uint8Array): string;
}
