import { decodeBase64Url, encodeBase64Url } from "../../base/base64url.ts";
import type { JsonObject, JsonValue } from "../../base/json/value.ts";

/** Header parameters that name a certificate by its hash (RFC 7515 sections 4.1.7 and 4.1.8), with the hash. */
export const CERTIFICATE_HASHES = [
  { name: "x5t", hash: "SHA-1", bytes: 20 },
  { name: "x5t#S256", hash: "SHA-256", bytes: 32 },
] as const;

export type CertificateHashName = (typeof CERTIFICATE_HASHES)[number]["name"];

/** The hashes of one certificate, in base64url. */
export type CertificateHashes = Readonly<Record<CertificateHashName, string>>;

export interface CertificateHashFault {
  readonly name: CertificateHashName;
  /** As in "x5t is hexadecimal, …; it should be …". */
  readonly message: string;
}

/** What of a header's certificate hashes cannot be one, with what it should be where that can be told. */
export function certificateHashFaults(header: JsonObject): readonly CertificateHashFault[] {
  return CERTIFICATE_HASHES.flatMap((kind) => {
    const value = header.get(kind.name);
    const fault = value === undefined ? undefined : faultOf(value, kind);
    return fault === undefined ? [] : [{ name: kind.name, message: fault }];
  });
}

type Kind = (typeof CERTIFICATE_HASHES)[number];

function faultOf(value: JsonValue, { name, hash, bytes }: Kind): string | undefined {
  if (typeof value !== "string") return `${name} is not a string`;
  const decoded = decodeBase64Url(value);
  if (decoded.ok && decoded.bytes.length === bytes) return undefined;
  const rule = `${name} is the ${bytes} bytes of a ${hash} hash in base64url`;
  const other = CERTIFICATE_HASHES.find((kind) => kind.bytes === decoded.bytes.length && decoded.ok);
  if (other !== undefined) return `${rule}; this is one of ${other.hash}, which belongs into ${other.name}`;
  for (const [how, meant] of readings(value, bytes)) {
    return `${rule}; here it is ${how}: it should be ${encodeBase64Url(meant)}`;
  }
  return `${rule}, and this is none`;
}

/** Other spellings of a hash of that length. */
function readings(value: string, bytes: number): readonly (readonly [how: string, meant: Uint8Array])[] {
  const text = new TextDecoder().decode(decodeBase64Url(value).bytes);
  const base64 = decodeBase64Url(value.replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_"));
  const found: readonly (readonly [string, Uint8Array | undefined])[] = [
    ["hexadecimal", fromHex(value)],
    ["the base64url of hexadecimal text", fromHex(text)],
    ["plain base64", base64.ok ? base64.bytes : undefined],
  ];
  return found.flatMap(([how, meant]) => (meant?.length === bytes ? [[how, meant] as const] : []));
}

function fromHex(text: string): Uint8Array | undefined {
  const digits = text.replace(/[:\s]/g, "");
  if (!/^(?:[0-9a-fA-F]{2})+$/.test(digits)) return undefined;
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Says that a header names another certificate than the one given; undefined when it does not. */
export function otherCertificate(header: JsonObject, given: CertificateHashes): string | undefined {
  for (const { name } of CERTIFICATE_HASHES) {
    const value = header.get(name);
    if (typeof value === "string" && value !== given[name]) {
      return `${name} names another certificate than the one given, which has ${given[name]}`;
    }
  }
  return undefined;
}
