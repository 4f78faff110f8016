import type { Jwk } from "../../../core/jose/jwk.ts";
import type { ReadKeys } from "../../../core/jose/ports/crypto.ts";
import { foundKeys } from "../found.ts";
import type { KeyReader } from "../key-reader.ts";
import { malformed } from "../refusals.ts";
import { soundKey } from "./sound.ts";
import { pointOf } from "./ssh-wire.ts";

/** Elements of RSAKeyValue (XML Signature section 4.5.2.2) and what .NET adds for the private half, as a JWK has them. */
const RSA_ELEMENTS = {
  ...{ n: "Modulus", e: "Exponent", d: "D", p: "P", q: "Q" },
  ...{ dp: "DP", dq: "DQ", qi: "InverseQ" },
} as const;

const CURVES: Readonly<Record<string, readonly [crv: string, size: number]>> = {
  "1.2.840.10045.3.1.7": ["P-256", 32],
  "1.3.132.0.34": ["P-384", 48],
  "1.3.132.0.35": ["P-521", 66],
};

/** Whether the text is XML with a key in it: of .NET, of XML Signature, or of SAML metadata. */
export function looksLikeXmlKey(text: string): boolean {
  return (
    text.startsWith("<") &&
    /<(?:\w+:)?(?:RSAKeyValue|RSAParameters|ECKeyValue|Modulus|X509Certificate)[\s>]/.test(text)
  );
}

/** @throws AppError `key_malformed`, `key_unusable` */
export async function keysFromXml(text: string, reader: KeyReader): Promise<ReadKeys> {
  const modulus = element(text, "Modulus");
  const exponent = element(text, "Exponent");
  if (modulus !== undefined && exponent !== undefined) return foundKeys("xml", [soundKey(rsaKey(text))]);
  const point = element(text, "PublicKey");
  const curve = CURVES[/urn:oid:([\d.]+)/.exec(text)?.[1] ?? ""];
  if (point !== undefined && curve !== undefined) {
    const bytes = Buffer.from(point, "base64");
    return foundKeys("xml", [soundKey({ kty: "EC", crv: curve[0], ...pointOf(bytes, curve[1]) })]);
  }
  const certificate = element(text, "X509Certificate");
  if (certificate === undefined) throw malformed("this XML holds no whole key", "Copy the file again, whole");
  return { ...(await reader.deeper().text(certificate)), repairs: [], format: "xml" };
}

function rsaKey(text: string): Jwk {
  const members: Record<string, string> = {};
  for (const [name, tag] of Object.entries(RSA_ELEMENTS)) {
    const value = element(text, tag);
    if (value === undefined) continue;
    const bytes = Buffer.from(value, "base64");
    const start = bytes.findIndex((byte) => byte !== 0);
    members[name] = bytes.subarray(Math.max(0, start)).toString("base64url");
  }
  return { kty: "RSA", ...members };
}

/** The text of the first element of a name, in any namespace, without white space. */
function element(text: string, name: string): string | undefined {
  const open = new RegExp(`<(?:\\w{1,40}:)?${name}(?:\\s[^>]{0,400})?>`).exec(text);
  if (open === null) return undefined;
  const start = open.index + open[0].length;
  const end = text.indexOf("</", start);
  return end < 0 ? undefined : text.slice(start, end).replace(/\s+/g, "");
}
