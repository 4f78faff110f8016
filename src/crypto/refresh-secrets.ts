import { createCipheriv, createDecipheriv, createHash, hkdfSync } from "node:crypto";
import { crc32 } from "node:zlib";
import type { RefreshSecrets } from "../core/authority/ports/crypto.ts";
import { AppError } from "../core/base/errors.ts";
import type { Random } from "../core/base/ports.ts";

const PREFIX = "jwtctl_rt_";
const SECRET_BYTES = 32;
/** Digits of 256 bits and of 32 bits in base 62. */
const SECRET_DIGITS = 43;
const CHECKSUM_DIGITS = 6;
const WELL_FORMED = new RegExp(`^${PREFIX}[0-9A-Za-z]{${SECRET_DIGITS + CHECKSUM_DIGITS}}$`);

const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Binds the derived key to this one use (RFC 5869 section 3.2). */
const PURPOSE = "jwtctl refresh token successor, version 1";

/**
 * Makes and checks opaque refresh tokens: `jwtctl_rt_`, 32 random bytes in base 62, and the CRC-32 of all that in base
 * 62. The checksum is for typing errors and secret scanners; it authenticates nothing.
 */
export function createRefreshSecrets(random: Random): RefreshSecrets {
  return {
    create() {
      const secret = Buffer.from(random.bytes(SECRET_BYTES)).toString("hex");
      const text = PREFIX + base62(BigInt(`0x${secret}`), SECRET_DIGITS);
      return text + checksumOf(text);
    },

    fault(token) {
      if (!token.startsWith(PREFIX)) return "not_a_refresh_token";
      // With the right prefix, a wrong length is a token that was cut or mistyped.
      if (!WELL_FORMED.test(token)) return "checksum";
      const text = token.slice(0, -CHECKSUM_DIGITS);
      return token === text + checksumOf(text) ? undefined : "checksum";
    },

    hash(token) {
      return createHash("sha256").update(token, "utf8").digest();
    },

    seal(parent, successor) {
      const nonce = random.bytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, sealingKey(parent), nonce);
      const sealed = Buffer.concat([cipher.update(successor, "utf8"), cipher.final()]);
      return Buffer.concat([nonce, sealed, cipher.getAuthTag()]);
    },

    open(parent, sealed) {
      const nonce = sealed.subarray(0, NONCE_BYTES);
      const text = sealed.subarray(NONCE_BYTES, Math.max(NONCE_BYTES, sealed.length - TAG_BYTES));
      try {
        const decipher = createDecipheriv(CIPHER, sealingKey(parent), nonce, { authTagLength: TAG_BYTES });
        decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
        return Buffer.concat([decipher.update(text), decipher.final()]).toString("utf8");
      } catch {
        throw new AppError(
          "store_corrupt",
          "the successor kept for this refresh token was not sealed for it",
          {
            hints: ["Log in again with: jwtctl login"],
          },
        );
      }
    },
  };
}

function checksumOf(text: string): string {
  return base62(BigInt(crc32(text)), CHECKSUM_DIGITS);
}

/** The key to seal a successor with. Only the holder of the parent token can derive it; the store has its hash. */
function sealingKey(parent: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", parent, "", PURPOSE, 32));
}

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** A number in base 62, the most significant digit first, padded with zeros to `width` digits. */
export function base62(value: bigint, width: number): string {
  let digits = "";
  for (let rest = value; rest > 0n; rest /= 62n) digits = ALPHABET.charAt(Number(rest % 62n)) + digits;
  return digits.padStart(width, "0");
}
