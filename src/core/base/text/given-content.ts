import { decodeBase64Url } from "../base64url.ts";

/** What a text is that was given where a name is expected. */
export type ContentKind =
  | "a private key"
  | "a public key"
  | "a key set"
  | "JSON"
  | "a token"
  | "a refresh token"
  | "a text of several lines"
  | "a text longer than any name";

/** No file system takes a longer name, or a longer path. */
const LONGEST_NAME = 255;
const LONGEST_PATH = 4096;

/**
 * Recognises content where a name belongs: a key, a key set, a token, or what cannot be a name.
 * @returns undefined for what could be the name of a file
 */
export function contentKind(given: string): ContentKind | undefined {
  const text = given.trim().replace(/^(?:b64:|hex:)?@?/, "");
  const start = text.slice(0, 4000);
  if (/(?:BEGIN|END)[ +%][A-Z0-9 +%]*PRIVATE|^PuTTY-User-Key|<(?:D|InverseQ)>/.test(text))
    return "a private key";
  if (/BEGIN[ +%][A-Z0-9 +%]{2,60}-|^(?:ssh-|ecdsa-sha2-)\S+ AAAA|<RSAKeyValue/.test(start))
    return "a public key";
  if (/^["'`]?[{[]/.test(start)) return jsonKind(text);
  if (/^(?:Bearer )?eyJ[\w-]+\.[\w-]*\.[\w.-]*$/.test(text)) return "a token";
  if (/^jwtctl_rt_\w{20}/.test(start)) return "a refresh token";
  // The base64 of a PEM text: private until it is looked into.
  if (text.startsWith("LS0tLS1CRUdJTi")) return "a private key";
  const der = derKind(start);
  if (der !== undefined) return der;
  if (/[\r\n]/.test(text)) return "a text of several lines";
  const isLong = text.length > LONGEST_PATH || text.split(/[\\/]/).some((name) => name.length > LONGEST_NAME);
  return isLong ? "a text longer than any name" : undefined;
}

/** Characters of base64 that hold the outer structure of a key in DER. */
const OUTER = 48;
/** The identifiers of PKCS#5, with which private keys are encrypted: 1.2.840.113549.1.5. */
const PKCS5 = "2a864886f70d0105";

/** Whether base64 is the DER of a key, and of which half, by its first elements (RFC 5280, 5958, 8017). */
function derKind(text: string): ContentKind | undefined {
  if (!/^M[A-Za-z0-9+/_\s-]{50,}={0,2}\s*$/.test(text)) return undefined;
  const base64 = text.replace(/\s+/g, "").slice(0, OUTER).replaceAll("+", "-").replaceAll("/", "_");
  const { bytes } = decodeBase64Url(base64);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const [, inner] = /^30(?:[0-7].|81..|82.{4})(.*)$/.exec(hex) ?? [];
  if (inner === undefined) return undefined;
  // A version number stands first in private keys alone; a modulus is longer.
  if (/^0201(?:00|01)/.test(inner)) return "a private key";
  if (/^02(?:81|82)/.test(inner)) return "a public key";
  const [, algorithm] = /^30(?:[0-7].|81..|82.{4})(.*)$/.exec(inner) ?? [];
  if (algorithm === undefined || !/^(?:06|a0|02)/.test(algorithm)) return undefined;
  return algorithm.slice(4).startsWith(PKCS5) ? "a private key" : "a public key";
}

const PRIVATE_MEMBER = /\\*"(?:d|k|p|q|dp|dq|qi|priv)\\*"\s*:/;

function jsonKind(text: string): ContentKind {
  const isKey = /\\*"[Kk]ty\\*"\s*:/.test(text);
  if (isKey && PRIVATE_MEMBER.test(text)) return "a private key";
  if (/\\*"private_?[Kk]ey/.test(text)) return "a private key";
  if (/\\*"keys\\*"\s*:/.test(text)) return "a key set";
  return /\\*"kty\\*"\s*:/.test(text) ? "a public key" : "JSON";
}

/** Whether nothing secret is in content of that kind. */
export function isPublicContent(kind: ContentKind): boolean {
  return kind === "a public key" || kind === "a key set";
}

/** The most of anything given that a message repeats, in characters. */
export const QUOTED = 60;

/** What was given, as a message may repeat it: on one line and not long. */
export function shownName(given: string): string {
  const line = given.replace(/\s+/g, " ").trim();
  return line.length > QUOTED ? `${line.slice(0, QUOTED - 1)}…` : line;
}
