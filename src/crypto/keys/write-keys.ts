import { jsonFrom } from "../../core/base/json/value.ts";
import { writeJson } from "../../core/base/json/write.ts";
import type { Jwk } from "../../core/jose/jwk.ts";
import type { KeyEncoding } from "../../core/jose/ports/crypto.ts";
import { describeKey } from "./describe-key.ts";
import { canSign, keyMaterial, METADATA_MEMBERS, pickMembers, publicHalf } from "./jwk-members.ts";
import { privateKeyObject, publicKeyObject } from "./key-material.ts";
import { passphraseBytes } from "./passphrase.ts";
import { type EncryptionMeans, encryptPkcs8 } from "./pkcs8-encryption.ts";
import { unusable } from "./refusals.ts";

/**
 * The public half as a file: JWK, or SubjectPublicKeyInfo (RFC 5280 section 4.1) as PEM or DER.
 * @throws AppError `key_unusable` for an HMAC secret, which has no public half
 */
export async function writePublicKey(jwk: Jwk, encoding: KeyEncoding): Promise<Uint8Array> {
  const half = publicHalf(jwk);
  if (half === null) {
    throw unusable("an HMAC secret has no public half: who can verify with it can also sign");
  }
  if (encoding === "jwk") return jsonFile(half);
  const der = publicKeyObject(half).export({ format: "der", type: "spki" });
  return encoding === "der" ? der : pemFile("PUBLIC KEY", der);
}

/**
 * The private half as a file: JWK, or PKCS#8 (RFC 5958) as PEM or DER. With a passphrase the JWK becomes a JWE
 * (PBES2-HS512+A256KW, A256GCM) and the PKCS#8 an encrypted one (PBES2 with PBKDF2-HMAC-SHA-256 and AES-256-CBC, which
 * does not authenticate: the JWE notices tampering, the PEM may not).
 * @throws AppError `key_unusable` for a public key, and for an HMAC secret as PEM or DER
 */
export async function writePrivateKey(
  jwk: Jwk,
  encoding: KeyEncoding,
  passphrase: string | undefined,
  means: EncryptionMeans,
): Promise<Uint8Array> {
  if (!canSign(jwk))
    throw unusable(`this is only the public half of ${describeKey(jwk)}`, "Give the private key");
  if (encoding === "jwk") return writePrivateJwk(jwk, passphrase, means);
  if (jwk.kty === "oct") throw unusable("an HMAC secret has no PEM or DER form", "Write it as a JWK");
  const plain = privateKeyObject(jwk).export({ format: "der", type: "pkcs8" });
  if (passphrase === undefined) return encoding === "der" ? plain : pemFile("PRIVATE KEY", plain);
  const der = await encryptPkcs8(plain, passphrase, means);
  return encoding === "der" ? der : pemFile("ENCRYPTED PRIVATE KEY", der);
}

async function writePrivateJwk(
  jwk: Jwk,
  passphrase: string | undefined,
  { rounds }: EncryptionMeans,
): Promise<Uint8Array> {
  const material = keyMaterial(jwk);
  const file = jsonFile(pickMembers(jwk, [...Object.keys(material), ...METADATA_MEMBERS]));
  if (passphrase === undefined) return file;
  const { sealJwe } = await import("./pbes2-jwe.ts");
  return Buffer.from(`${await sealJwe(file, passphraseBytes(passphrase), rounds)}\n`);
}

function jsonFile(jwk: Jwk): Uint8Array {
  return Buffer.from(`${writeJson(jsonFrom(jwk), 2)}\n`);
}

function pemFile(label: string, der: Uint8Array): Uint8Array {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return Buffer.from([`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n"));
}
