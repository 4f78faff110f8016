import type { Jwk } from "../../jose/jwk.ts";
import type { PrivateMaterial } from "../keys/signing-key.ts";

/** Seals and opens private keys at rest: PBES2-HS512+A256KW with A256GCM. */
export interface KeyVault {
  seal(jwk: Jwk, passphrase: string): Promise<PrivateMaterial>;
  /** Opens a private half. @throws AppError `passphrase_wrong`; `store_corrupt` when the key inside is not `kid` */
  open(material: PrivateMaterial, kid: string, passphrase: string | undefined): Promise<Jwk>;
  /**
   * Whether a public half belongs to its kid: the thumbprint is the kid, and the numbers are a valid key. For an
   * algorithm that the runtime lacks only the thumbprint is compared.
   */
  isPublicHalfOf(jwk: Jwk, kid: string): Promise<boolean>;
}

/** Passwords (argon2id, PHC strings). */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  verify(hash: string, password: string): Promise<boolean>;
  /** Takes the time of a verification, for users that do not exist. */
  verifyNobody(password: string): Promise<void>;
  /** Whether the hash has other parameters than today's. */
  needsRehash(hash: string): boolean;
}

/** What a key derivation costs, and so each guess of whoever has stolen a store or a key file. */
export interface KdfCosts {
  /** argon2id of a password: memory in KiB, and passes over it. */
  readonly memoryCost: number;
  readonly timeCost: number;
  /** PBKDF2 of a passphrase: its iterations. */
  readonly rounds: number;
}

/** Opaque refresh tokens: `jwtctl_rt_` + base62 of 32 random bytes + 6 base62 characters of CRC-32. */
export interface RefreshSecrets {
  create(): string;
  /** The fault in the form of a token; undefined when there is none. */
  fault(token: string): "not_a_refresh_token" | "checksum" | undefined;
  /** SHA-256 of the token's text. */
  hash(token: string): Uint8Array;
  /** Seals the successor under a key derived from the parent (HKDF-SHA-256, AES-256-GCM). */
  seal(parent: string, successor: string): Uint8Array;
  /** Opens a sealed successor. @throws AppError `store_corrupt` when it was not sealed under this parent */
  open(parent: string, sealed: Uint8Array): string;
}
