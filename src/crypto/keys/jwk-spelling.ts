import { encodeBase64Url } from "../../core/base/base64url.ts";
import type { AppError } from "../../core/base/errors.ts";
import { malformed, unusable } from "./refusals.ts";

/** Names as the standard has them, by what others write, in small letters. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ...["RSA", "EC", "OKP", "oct", "AKP"].map((name) => [name.toLowerCase(), name] as const),
  ...([
    ["ecdsa", "EC"],
    ["ed25519", "OKP"],
    ["eddsa", "OKP"],
  ] as const),
  // Azure Key Vault says of keys of its hardware that they are there.
  ...([
    ["rsa-hsm", "RSA"],
    ["ec-hsm", "EC"],
    ["oct-hsm", "oct"],
  ] as const),
]);
const CURVES: ReadonlyMap<string, string> = new Map([
  ...(["P-256", "P-384", "P-521", "Ed25519", "Ed448", "secp256k1"].map((name) => [
    name.toLowerCase(),
    name,
  ]) as [string, string][]),
  ...([
    ["p256", "P-256"],
    ["secp256r1", "P-256"],
    ["prime256v1", "P-256"],
    ["nistp256", "P-256"],
  ] as const),
  ...([
    ["p384", "P-384"],
    ["secp384r1", "P-384"],
    ["nistp384", "P-384"],
  ] as const),
  ...([
    ["p521", "P-521"],
    ["p-512", "P-521"],
    ["secp521r1", "P-521"],
    ["nistp521", "P-521"],
  ] as const),
]);

/** The refusal of a type or curve that is only written in another way; undefined for another one. */
export function otherSpelling(name: "kty" | "crv", value: string): AppError | undefined {
  const meant = (name === "kty" ? TYPES : CURVES).get(value.toLowerCase());
  if (meant === undefined || meant === value) return undefined;
  const section = name === "kty" ? "RFC 7518 section 6.1" : "RFC 7518 section 6.2.1.1";
  return unusable(
    `"${name}" is "${value}", where the standard writes "${meant}" (${section})`,
    `Write "${name}": "${meant}"`,
  );
}

/** Members that everybody may read. */
const PUBLIC: ReadonlySet<string> = new Set(["n", "e", "x", "y", "pub"]);

/**
 * The refusal of a number that is written in base64, in hexadecimal or as a number of JSON, with the right value where it
 * is no secret; undefined for anything else.
 * @param size in bytes, where the curve tells
 */
export function otherNotation(name: string, value: string, size: number | undefined): AppError | undefined {
  const digits = value.replace(/^0x/i, "").replaceAll(":", "");
  const isHex = /^(?:[0-9a-fA-F]{2}){16,}$/.test(digits);
  if (isHex && (size === undefined ? digits.length >= 256 : digits.length === 2 * size)) {
    return notation(name, "hexadecimal", Buffer.from(digits, "hex"));
  }
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(value) && /[+/=]/.test(value)) {
    return notation(name, "base64", Buffer.from(value, "base64"));
  }
  if (/^[0-9]{100,}$/.test(value)) return notation(name, "a decimal number", bytesOf(BigInt(value)));
  return undefined;
}

/** The same for an exponent that is a number of JSON, as 65537. */
export function numberOfJson(name: string, value: number): AppError | undefined {
  if (!Number.isSafeInteger(value) || value <= 0 || name !== "e") return undefined;
  return notation(name, `the number ${value}`, bytesOf(BigInt(value)));
}

function bytesOf(number: bigint): Buffer {
  const hex = number.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
}

function notation(name: string, what: string, bytes: Uint8Array): AppError {
  const said = `"${name}" is ${what}, but a JWK holds base64url without padding (RFC 7518 section 2)`;
  const right = PUBLIC.has(name) ? [`Write "${name}": "${encodeBase64Url(bytes)}"`] : [];
  return malformed(
    said,
    ...(right.length > 0 ? right : ["Write it in base64url, as whoever made the key should"]),
  );
}
