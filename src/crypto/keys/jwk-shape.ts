import { decodeBase64Url, encodeBase64Url } from "../../core/base/base64url.ts";
import type { AppError } from "../../core/base/errors.ts";
import { ExactNumber, JsonObject, type JsonValue } from "../../core/base/json/value.ts";
import { shownName } from "../../core/base/text/given-content.ts";
import { isJwsAlgorithm, pinnedAlgorithm } from "../../core/jose/algorithms.ts";
import { type Jwk, PUBLIC_JWK_MEMBERS } from "../../core/jose/jwk.ts";
import { describeKey } from "./describe-key.ts";
import { canSign, PRIVATE_MEMBERS } from "./jwk-members.ts";
import { numberOfJson, otherNotation, otherSpelling } from "./jwk-spelling.ts";
import { misfit, textForNumber } from "./member-fault.ts";
import { malformed, unusable } from "./refusals.ts";

/** What a key is wanted for: JWS signatures, or whatever it is for (its thumbprint, another form of it). */
export type KeyPurpose = "signature" | "any";

export interface ShapedJwk {
  /** The members jwtctl knows, and no other. */
  readonly jwk: Jwk;
  readonly notes: readonly string[];
}

/** The sizes of members that have one, in bytes (RFC 7518 section 6.2, RFC 8037 section 2, RFC 9964 section 3). */
const MEMBER_BYTES: ReadonlyMap<string, Readonly<Record<string, number>>> = new Map<
  string,
  Record<string, number>
>([
  ["P-256", { x: 32, y: 32, d: 32 }],
  ["P-384", { x: 48, y: 48, d: 48 }],
  ["P-521", { x: 66, y: 66, d: 66 }],
  ["secp256k1", { x: 32, y: 32, d: 32 }],
  ["Ed25519", { x: 32, d: 32 }],
  ["Ed448", { x: 57, d: 57 }],
  ["X25519", { x: 32, d: 32 }],
  ["X448", { x: 56, d: 56 }],
  ["ML-DSA-44", { pub: 1312, priv: 32 }],
  ["ML-DSA-65", { pub: 1952, priv: 32 }],
  ["ML-DSA-87", { pub: 2592, priv: 32 }],
]);

/** Curves that are known but make no signature jwtctl offers, and why. */
const NOT_FOR_SIGNING: ReadonlyMap<string, string> = new Map([
  ["X25519", "X25519 keys agree on secrets, they cannot sign"],
  ["X448", "X448 keys agree on secrets, they cannot sign"],
  ["P-256K", 'the curve of ES256K is called "secp256k1" (RFC 8812 section 3), not "P-256K"'],
]);

/**
 * A JWK by its form: type, members, sizes and purpose (RFC 7517 section 4, RFC 7518 section 6). Whether the numbers
 * make a key is {@link requireSound}'s question.
 * @throws AppError `key_malformed`; `key_unusable` for an unknown type, and for a key that is not for the purpose
 */
export function shapeOf(given: JsonObject, purpose: KeyPurpose = "signature"): ShapedJwk {
  const notes: string[] = [];
  const object = withoutEmptyMembers(given, notes);
  const kty = text(object, "kty");
  if (kty === undefined) throw malformed('this JSON object is not a JWK: it has no "kty"');
  const publicNames = PUBLIC_JWK_MEMBERS.get(kty);
  const privateNames = PRIVATE_MEMBERS.get(kty);
  if (publicNames === undefined || privateNames === undefined) {
    throw otherSpelling("kty", kty) ?? unusable(`jwtctl does not know keys of the type "${shownName(kty)}"`);
  }
  const metadata = metadataOf(object);
  requireCurve(kty, text(object, "crv"), metadata.alg, purpose);
  const present = privateNames.filter((name) => object.has(name));
  if (present.length > 0 && present.length < privateNames.length) throw incomplete(privateNames, present);
  if (kty === "RSA" && object.has("oth"))
    throw unusable("jwtctl does not know RSA keys of more than two primes");

  const jwk: Record<string, unknown> = { kty };
  const named = kty === "AKP" ? metadata.alg : text(object, "crv");
  for (const name of [...publicNames, ...present, ...(kty === "oct" ? privateNames : [])]) {
    jwk[name] = name === "crv" ? named : material(object, name, { kty, named, notes });
  }
  const whole = { ...jwk, ...metadata, kty };
  if (purpose === "signature") requirePurpose(whole);
  return { jwk: whole, notes };
}

/** Members that serialisers write although they have no value; `k` of a secret is judged, empty or not. */
const MAY_BE_EMPTY: ReadonlySet<string> = new Set([
  ...["kid", "alg", "use", "key_ops", "crv", "x", "y", "n", "e", "pub", "oth"],
  ...["d", "p", "q", "dp", "dq", "qi", "priv"],
]);

/** Without what counts as absent: null, and the empty text or list, as .NET and others write what a key has not. */
function withoutEmptyMembers(object: JsonObject, notes: string[]): JsonObject {
  const isEmpty = ([name, value]: readonly [string, JsonValue]) =>
    (value === null && (MAY_BE_EMPTY.has(name) || name === "k")) ||
    (MAY_BE_EMPTY.has(name) && (value === "" || (Array.isArray(value) && value.length === 0)));
  const empty = object.members.filter(isEmpty).map(([name]) => `"${name}"`);
  if (empty.length === 0) return object;
  notes.push(
    `${empty.join(", ")} ${empty.length === 1 ? "is" : "are"} null or empty and ${empty.length === 1 ? "counts" : "count"} as absent`,
  );
  return new JsonObject(object.members.filter((member) => !isEmpty(member)));
}

interface Metadata {
  kid?: string;
  alg?: string;
  use?: string;
  key_ops?: readonly string[];
}

function metadataOf(object: JsonObject): Metadata {
  const metadata: Metadata = {};
  for (const name of ["kid", "alg", "use"] as const) {
    const value = text(object, name);
    if (value !== undefined) metadata[name] = value;
  }
  const operations = object.get("key_ops");
  if (operations !== undefined) {
    if (!isTextList(operations)) throw malformed('"key_ops" must be an array of strings');
    metadata.key_ops = operations;
  }
  return metadata;
}

function isTextList(value: JsonValue): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function text(object: JsonObject, name: string): string | undefined {
  const value = object.get(name);
  if (value === undefined || typeof value === "string") return value;
  throw (
    (typeof value === "number" ? numberOfJson(name, value) : undefined) ??
    malformed(`"${name}" must be a string`, ...hintForNumber(name, value))
  );
}

/** A name that a program wrote as a number is that number as text; an inexact one keeps its digits. */
function hintForNumber(name: string, value: JsonValue): readonly string[] {
  const digits = value instanceof ExactNumber ? value.text : typeof value === "number" ? `${value}` : "";
  return name === "kid" && digits !== "" ? [`Write it as text, in quotes: "kid": "${digits}"`] : [];
}

function requireCurve(
  kty: string,
  crv: string | undefined,
  alg: string | undefined,
  purpose: KeyPurpose,
): void {
  if (kty === "AKP") {
    if (alg === undefined) throw malformed('a key of the type AKP needs "alg" (RFC 9964 section 3)');
    if (!MEMBER_BYTES.has(alg)) throw unusable(`jwtctl does not know the algorithm "${shownName(alg)}"`);
  }
  if (kty !== "EC" && kty !== "OKP") return;
  if (crv === undefined) throw malformed(`a key of the type ${kty} needs "crv"`);
  if (purpose === "any" && kty === "OKP" && NOT_FOR_SIGNING.has(crv)) return;
  const fits = kty === "EC" ? crv.startsWith("P-") || crv === "secp256k1" : crv.startsWith("Ed");
  if (!MEMBER_BYTES.has(crv) || !fits) {
    const reason =
      NOT_FOR_SIGNING.get(crv) ?? `jwtctl does not know ${kty} keys on the curve "${shownName(crv)}"`;
    throw otherSpelling("crv", crv) ?? unusable(reason);
  }
}

function incomplete(names: readonly string[], present: readonly string[]): AppError {
  const missing = names.filter((name) => !present.includes(name)).map((name) => `"${name}"`);
  return unusable(
    `the private half is incomplete: ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing`,
    "Export the key again with all members of RFC 7518 section 6.3.2",
  );
}

/** A base64url member in its one right spelling. */
function material(
  object: JsonObject,
  name: string,
  key: { kty: string; named: string | undefined; notes: string[] },
): string {
  const value = text(object, name);
  if (value === undefined) throw malformed(`this ${key.kty} key has no "${name}"`);
  const decoding = decodeBase64Url(value);
  const size = key.named === undefined ? undefined : MEMBER_BYTES.get(key.named)?.[name];
  const other = key.kty === "oct" ? undefined : otherNotation(name, value, size);
  if (other !== undefined) throw other;
  if (!decoding.ok) {
    if (size !== undefined && decoding.fault.kind !== "character") {
      throw misfit({ object, name, value, bytes: decoding.bytes, named: key.named ?? "", size });
    }
    if (decoding.fault.kind === "length") {
      throw malformed(
        `"${name}" has ${value.length} characters, which no whole number of bytes makes: at least one was lost`,
        "Copy the key again, whole",
      );
    }
    const base64 = decoding.fault.kind === "character" && /[=+/]/.test(value[decoding.fault.position] ?? "");
    throw malformed(
      base64
        ? `"${name}" is base64, but a JWK holds base64url without padding (RFC 7515 section 2)`
        : `"${name}" is not whole base64url`,
      "Check that the key was copied whole",
    );
  }
  if (key.kty === "RSA") {
    const text = name === "n" ? textForNumber(name, decoding.bytes) : undefined;
    if (text !== undefined) throw text;
    return withoutLeadingZeros(name, value, decoding.bytes, key.notes);
  }
  if (size !== undefined && decoding.bytes.length !== size) {
    throw misfit({ object, name, value, bytes: decoding.bytes, named: key.named ?? "", size });
  }
  if (decoding.bytes.length === 0) throw unusable(`"${name}" is empty`);
  return value;
}

/** Some libraries write a zero byte before a number whose highest bit is set; it is not part of it (RFC 7518 section 2). */
function withoutLeadingZeros(name: string, value: string, bytes: Uint8Array, notes: string[]): string {
  const start = bytes.findIndex((byte) => byte !== 0);
  if (start === 0) return value;
  if (start < 0) throw malformed(`"${name}" is zero`);
  notes.push(`"${name}" began with a zero byte, which is not part of the number (RFC 7518 section 2)`);
  return encodeBase64Url(bytes.subarray(start));
}

function requirePurpose(jwk: Jwk): void {
  const { use, alg, key_ops: operations } = jwk;
  if (use !== undefined && use !== "sig") {
    throw unusable(
      use === "enc" ? 'an encryption key ("use": "enc")' : `its "use" is "${shownName(use)}", not "sig"`,
    );
  }
  if (
    operations !== undefined &&
    !operations.includes("verify") &&
    !(operations.includes("sign") && canSign(jwk))
  ) {
    throw unusable(
      operations.includes("sign")
        ? 'its "key_ops" allow "sign" alone, and it is the public half, which can only verify'
        : 'its "key_ops" allow neither "sign" nor "verify"',
    );
  }
  if (alg === undefined || pinnedAlgorithm(jwk) !== undefined) return;
  if (isJwsAlgorithm(alg)) throw unusable(`its "alg" is ${alg}, but it is ${describeKey(jwk)}`);
  throw unusable(`its "alg" is "${shownName(alg)}", which is not a signature algorithm jwtctl knows`);
}
