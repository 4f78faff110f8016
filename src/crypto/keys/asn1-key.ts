import {
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  type PrivateKeyInput,
  X509Certificate,
} from "node:crypto";
import { AppError } from "../../core/base/errors.ts";
import { JsonObject, jsonFrom } from "../../core/base/json/value.ts";
import type { Jwk } from "../../core/jose/jwk.ts";
import { readDer } from "./der.ts";
import { type DerKind, type DerStructure, derStructure } from "./der-kinds.ts";
import { type KeyPurpose, shapeOf } from "./jwk-shape.ts";
import { requireSound } from "./key-material.ts";
import { askPassphrase, passphraseSpellings, wrongPassphrase } from "./passphrase.ts";
import { type DerivationBudget, requireAffordable } from "./passphrase-cost.ts";
import { malformed, unusable } from "./refusals.ts";

export type AskPassphrase = (() => Promise<string>) | undefined;

/** How an encrypted key is opened. */
export interface Opening {
  /** Asked for the passphrase only when the key is encrypted. */
  readonly ask: AskPassphrase;
  readonly budget: DerivationBudget;
  readonly purpose: KeyPurpose;
}

export type Asn1Format = "spki" | "pkcs8" | "pkcs8-encrypted" | "pkcs1" | "sec1" | "certificate";

/** A key found in a PEM or DER file. */
export interface Asn1Key {
  readonly format: Asn1Format;
  readonly jwk: Jwk;
  readonly certificate?: X509Certificate;
}

/** Key algorithms that cannot sign a JWS of jwtctl, by OpenSSL's name, as the file's reader would call them. */
const UNUSABLE_TYPES: Readonly<Record<string, string>> = {
  "rsa-pss": "an RSA key that is restricted to RSASSA-PSS in its file (OID 1.2.840.113549.1.1.10)",
  dsa: "a DSA key, which JWS has no algorithm for",
  dh: "a Diffie-Hellman key, which cannot sign",
  x25519: "an X25519 key, which agrees on secrets and cannot sign",
  x448: "an X448 key, which agrees on secrets and cannot sign",
};

/** The algorithms that an older OpenSSL cannot even parse (RFC 9881 section 2). */
const ML_DSA_OIDS: Readonly<Record<string, string>> = {
  "2.16.840.1.101.3.4.3.17": "ML-DSA-44",
  "2.16.840.1.101.3.4.3.18": "ML-DSA-65",
  "2.16.840.1.101.3.4.3.19": "ML-DSA-87",
};

const OTHER_STRUCTURES: Partial<Record<DerKind, () => AppError>> = {
  "certificate-request": () =>
    unusable(
      "this is a certificate request, which proves a key but is not one",
      "Give the key it was made with",
    ),
  "dsa-private": () => unusable(`this is ${UNUSABLE_TYPES["dsa"]}`),
  pkcs12: () =>
    unusable(
      "this is a PKCS#12 container (.p12, .pfx)",
      "Take the key out with: openssl pkcs12 -in FILE -nodes -out key.pem",
    ),
  unknown: () => malformed("this is DER, but not of a key or certificate"),
};

/**
 * One key from DER of any kind jwtctl knows.
 * @throws AppError `key_malformed`, `key_unusable`, `passphrase_wrong`, `algorithm_unsupported`, `input_required`
 */
export async function keyFromDer(bytes: Uint8Array, opening: Opening): Promise<Asn1Key> {
  const structure = derStructure(bytes);
  if (structure === undefined) throw damaged(bytes);
  const refusal = OTHER_STRUCTURES[structure.kind];
  if (refusal !== undefined) throw refusal();
  if (structure.kind === "pkcs8-encrypted") return openEncrypted(bytes, opening);
  const der = Buffer.from(bytes);
  try {
    return parsed(structure.kind, der, opening.purpose);
  } catch (error) {
    throw error instanceof AppError ? error : unparsed(structure, error);
  }
}

/** A private key in PEM that is encrypted in the way before PKCS#8 (`Proc-Type: 4,ENCRYPTED`). */
export async function keyFromLegacyPem(pem: string, { ask, purpose }: Opening): Promise<Asn1Key> {
  const key = await unlocked({ key: pem, format: "pem" }, ask);
  return { format: key.asymmetricKeyType === "ec" ? "sec1" : "pkcs1", jwk: jwkFromKeyObject(key, purpose) };
}

function parsed(kind: DerKind, key: Buffer, purpose: KeyPurpose): Asn1Key {
  switch (kind) {
    case "certificate": {
      const certificate = new X509Certificate(key);
      return { format: "certificate", jwk: jwkFromKeyObject(certificate.publicKey, purpose), certificate };
    }
    case "spki":
      return {
        format: "spki",
        jwk: jwkFromKeyObject(createPublicKey({ key, format: "der", type: "spki" }), purpose),
      };
    case "pkcs1-public":
      return {
        format: "pkcs1",
        jwk: jwkFromKeyObject(createPublicKey({ key, format: "der", type: "pkcs1" }), purpose),
      };
    case "pkcs1-private":
      return {
        format: "pkcs1",
        jwk: jwkFromKeyObject(createPrivateKey({ key, format: "der", type: "pkcs1" }), purpose),
      };
    case "sec1":
      return {
        format: "sec1",
        jwk: jwkFromKeyObject(createPrivateKey({ key, format: "der", type: "sec1" }), purpose),
      };
    default:
      return {
        format: "pkcs8",
        jwk: jwkFromKeyObject(createPrivateKey({ key, format: "der", type: "pkcs8" }), purpose),
      };
  }
}

async function openEncrypted(bytes: Uint8Array, { ask, budget, purpose }: Opening): Promise<Asn1Key> {
  requireAffordable(bytes, budget);
  const key = await unlocked({ key: Buffer.from(bytes), format: "der", type: "pkcs8" }, ask);
  return { format: "pkcs8-encrypted", jwk: jwkFromKeyObject(key, purpose) };
}

async function unlocked(locked: PrivateKeyInput, ask: AskPassphrase): Promise<KeyObject> {
  for (const passphrase of passphraseSpellings(await askPassphrase(ask))) {
    try {
      return createPrivateKey({ ...locked, passphrase });
    } catch {
      // Perhaps the next spelling opens it.
    }
  }
  throw wrongPassphrase();
}

function jwkFromKeyObject(key: KeyObject, purpose: KeyPurpose): Jwk {
  const type = key.asymmetricKeyType ?? "unknown";
  const reason = UNUSABLE_TYPES[type];
  if (reason !== undefined && !(purpose === "any" && /^x(?:25519|448)$/.test(type)))
    throw unusable(`this is ${reason}`);
  let exported: object;
  try {
    exported = key.export({ format: "jwk" });
  } catch {
    const curve = key.asymmetricKeyDetails?.namedCurve;
    if (type === "ec") throw unusable(`jwtctl does not know EC keys on the curve ${curve ?? "of their own"}`);
    if (type.startsWith("ml-dsa"))
      throw unusable("this ML-DSA key was stored without its seed, which signing takes");
    throw unusable(`jwtctl does not know keys of the type "${type}"`);
  }
  const object = jsonFrom(exported);
  const { jwk } = shapeOf(object instanceof JsonObject ? object : new JsonObject(), purpose);
  requireSound(jwk);
  return jwk;
}

function unparsed(structure: DerStructure, cause: unknown): AppError {
  const mlDsa = ML_DSA_OIDS[structure.algorithm ?? ""];
  if (mlDsa !== undefined) {
    return new AppError("algorithm_unsupported", `this Node has no ${mlDsa}; Node 24.7 or later has`, {
      hints: ["Run jwtctl with a newer Node"],
      data: { alg: mlDsa },
    });
  }
  const what = structure.algorithm === undefined ? "" : ` (OID ${structure.algorithm})`;
  return new AppError("key_malformed", `the key in this file is damaged or of an unknown kind${what}`, {
    hints: ["Copy the file again, whole"],
    cause,
  });
}

function damaged(bytes: Uint8Array): AppError {
  const reading = readDer(bytes);
  if (reading.ok && reading.end < bytes.length) {
    return malformed(
      `after the key ${bytes.length - reading.end} more bytes follow`,
      "Give a file with one key",
    );
  }
  if (!reading.ok && reading.missing > 0) {
    const missing = `${reading.missing} of ${bytes.length + reading.missing} bytes are missing`;
    return malformed(`the key is cut off: ${missing}`, "Copy the file again, whole");
  }
  return malformed("the DER of this key is damaged", "Copy the file again, whole");
}
