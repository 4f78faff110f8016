import { objectOf, stringMember } from "./content.ts";
import type { InspectedToken } from "./inspect.ts";

/** One of the five parts of a JWE (RFC 7516 section 7.1). */
export interface JwePart {
  /** Stable, for programs. */
  readonly name: "header" | "encrypted_key" | "iv" | "ciphertext" | "tag";
  readonly title: string;
  readonly bytes: number;
  /** Its meaning in this token: one sentence without its full stop. */
  readonly meaning: string;
}

/** Describes the five parts of a JWE. */
export function jweParts(token: InspectedToken): readonly JwePart[] {
  const [, key = "", iv = "", ciphertext = "", tag = ""] = token.segments;
  const header = objectOf(token.header.content);
  const member = (name: string) => stringMember(header, name) ?? stringMember(token.json?.unprotected, name);
  return [
    {
      name: "header",
      title: "header",
      bytes: token.header.bytes.length,
      meaning: "how the rest is encrypted; it is not encrypted itself",
    },
    { name: "encrypted_key", title: "encrypted key", bytes: size(key), meaning: keyMeaning(member("alg")) },
    {
      name: "iv",
      title: "initialization vector",
      bytes: size(iv),
      meaning: "a number used once, so that equal contents do not look alike",
    },
    {
      name: "ciphertext",
      title: "ciphertext",
      bytes: size(ciphertext),
      meaning: contentMeaning(member("enc")),
    },
    {
      name: "tag",
      title: "authentication tag",
      bytes: size(tag),
      meaning: "proves to the reader that header and content were not changed",
    },
  ];
}

/** The number of bytes that a base64url text decodes to. */
function size(text: string): number {
  return Math.floor((text.length * 3) / 4);
}

/** RFC 7518 section 4.1. */
function keyMeaning(alg: string | undefined): string {
  if (alg === "dir") return "empty: sender and reader share the key of the content";
  if (alg === "ECDH-ES")
    return "empty: the key follows from the reader's key and the ephemeral one in the header (epk)";
  if (alg?.startsWith("ECDH-ES+"))
    return "the key of the content, wrapped for the holder of one elliptic curve key";
  if (alg?.startsWith("RSA")) return "the key of the content, encrypted for the holder of one RSA key";
  if (alg?.startsWith("PBES2")) return "the key of the content, wrapped with a password";
  if (alg !== undefined && /^A\d{3}(?:GCM)?KW$/.test(alg))
    return "the key of the content, wrapped with a key that both sides share";
  return "the key of the content, encrypted for the reader";
}

/** RFC 7518 section 5.1. */
function contentMeaning(enc: string | undefined): string {
  const size = enc === undefined ? undefined : /^A(\d{3})/.exec(enc)?.[1];
  return size === undefined
    ? "the content, encrypted"
    : `the content, encrypted with AES and a key of ${size} bits`;
}
