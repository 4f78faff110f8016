import { createCipheriv, pbkdf2 } from "node:crypto";
import { promisify } from "node:util";
import type { Random } from "../../core/base/ports.ts";
import { TAG, writeDer } from "./der.ts";
import { passphraseBytes } from "./passphrase.ts";

/** What a key is encrypted with beside the passphrase. */
export interface EncryptionMeans {
  readonly random: Random;
  /** Of PBKDF2. */
  readonly rounds: number;
}

// Object identifiers in DER (RFC 8018 appendix C, RFC 8017 appendix B).
const OID = {
  pbes2: hex("06092a864886f70d01050d"),
  pbkdf2: hex("06092a864886f70d01050c"),
  hmacWithSha256: hex("06082a864886f70d0209"),
  aes256Cbc: hex("060960864801650304012a"),
} as const;
const NULL = hex("0500");

/**
 * Encrypts a PKCS#8 private key: EncryptedPrivateKeyInfo (RFC 5958 section 3) with PBES2, PBKDF2-HMAC-SHA-256 and
 * AES-256-CBC (RFC 8018 section 6.2), which OpenSSL and everything built on it opens.
 *
 * Written out here because node:crypto's own export derives with 2,048 rounds, three hundred times too cheap to guess
 * against, and lets nobody raise them.
 */
export async function encryptPkcs8(
  privateKeyInfo: Uint8Array,
  passphrase: string,
  { random, rounds }: EncryptionMeans,
): Promise<Uint8Array> {
  const salt = random.bytes(16);
  const iv = random.bytes(16);
  const key = await promisify(pbkdf2)(passphraseBytes(passphrase), salt, rounds, 32, "sha256");
  const cipher = createCipheriv("aes-256-cbc", key, iv);
  const encrypted = Buffer.concat([cipher.update(privateKeyInfo), cipher.final()]);

  const derivation = sequence(
    OID.pbkdf2,
    sequence(
      writeDer(TAG.octetString, salt),
      writeDer(TAG.integer, integer(rounds)),
      sequence(OID.hmacWithSha256, NULL),
    ),
  );
  const encryption = sequence(OID.aes256Cbc, writeDer(TAG.octetString, iv));
  const algorithm = sequence(OID.pbes2, sequence(derivation, encryption));
  return sequence(algorithm, writeDer(TAG.octetString, encrypted));
}

function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return writeDer(TAG.sequence, ...parts);
}

/** A positive number as the content of a DER integer: as few bytes as can be, the first of them below 0x80. */
function integer(value: number): Uint8Array {
  const digits = value.toString(16);
  if (digits.length % 2 === 1) return hex(`0${digits}`);
  return hex(/^[89a-f]/.test(digits) ? `00${digits}` : digits);
}

function hex(digits: string): Uint8Array {
  return Buffer.from(digits, "hex");
}
