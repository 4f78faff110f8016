import type { Jwk } from "../../jose/jwk.ts";
import type { PrivateMaterial } from "../keys/signing-key.ts";

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
