import type { AppError } from "../../core/base/errors.ts";
import { malformed } from "./refusals.ts";

interface Recognised {
  readonly pattern: RegExp;
  readonly message: string;
  readonly hint: string;
}

/** What people give for a key by mistake, by the look of its text. The first that fits is named. */
const FOREIGN_TEXTS: readonly Recognised[] = [
  {
    pattern: /^<(?:!doctype|html|\?xml|[a-z])/i,
    message: "this is an HTML or XML page, not a key: perhaps a login or error page was saved in its place",
    hint: "Fetch the key again and look at what comes back",
  },
  {
    pattern: /^(?:Bearer\s+)?eyJ[\w-]*\.[\w-]*\.[\w-]*$/i,
    message: "this is a token (JWT), not a key",
    hint: "Look into it with: jwtctl decode @FILE",
  },
  {
    pattern:
      /^(?:\d{3,5} )?(?:SHA256:[A-Za-z0-9+/]{43}|(?:MD5:)?(?:[0-9a-f]{2}:){15,31}[0-9a-f]{2})(?:=|\s|$)/i,
    message: "this is the fingerprint of a key, not the key",
    hint: "Give the key itself: of a GitHub App, for example, the .pem file that was downloaded when it was made",
  },
  {
    pattern: /^(?:undefined|null|none|nil|nan|true|false|\[object \w+\])$/i,
    message: "this is a word that a program put in place of a key, because its variable had no value",
    hint: "Look at what writes this file: the key was not there when it ran",
  },
  {
    pattern:
      /^(?:\$\{?\w+\}?|\$\(.*\)|%\w+%|\{\{.*\}\}|<%.*%>|<[\w -]+>|(?:your|my|insert|paste|replace|change)[_ -].{0,80})$/i,
    message: "this is a placeholder: what should put the key in its place did not",
    hint: "Give the key itself",
  },
  {
    pattern: /^(?:did:key:)?z[1-9A-HJ-NP-Za-km-z]{40,}$/,
    message: "this is a key as a DID or in multibase (did:key), which is another encoding than JOSE's",
    hint: "Give the key as JWK: the software that made it writes it as publicKeyJwk (JsonWebKey) too",
  },
  {
    pattern: /^(?:#[^\n]*\n)*(?:AGE-SECRET-KEY-1|age1)[A-Za-z0-9]+/,
    message: "this is a key of age, which encrypts files and does not sign",
    hint: "Make a key for JWTs with: jwtctl keys generate --no-store --out key.pem",
  },
  {
    pattern: /^untrusted comment: /,
    message: "this is a key or signature of minisign or signify, which JWTs are not signed with",
    hint: "Make a key for JWTs with: jwtctl keys generate --no-store --out key.pem",
  },
  {
    pattern: /^\[(?:Interface|Peer)\]\s/,
    message: "this is a configuration of WireGuard, whose keys (X25519) do not sign",
    hint: "Make a key for JWTs with: jwtctl keys generate --no-store --out key.pem",
  },
  {
    pattern: /^\$ANSIBLE_VAULT;/,
    message: "this file is encrypted by Ansible Vault",
    hint: "Decrypt it first: ansible-vault view FILE | jwtctl keys thumbprint -",
  },
  {
    pattern: /ENC\[AES256_GCM,data:/,
    message: "this file is encrypted by SOPS",
    hint: "Decrypt it first: sops -d FILE | jwtctl keys thumbprint -",
  },
  {
    pattern: /^(?:[^\n]*\n)*?kind: SealedSecret\b/,
    message: "this is a sealed secret: only its cluster can decrypt it",
    hint: "Take the secret from the cluster: kubectl get secret NAME -o json | jwtctl keys thumbprint -",
  },
  {
    pattern: /^version https:\/\/git-lfs\.github\.com\/spec\//,
    message: "this is a pointer of Git LFS: the file itself was not fetched",
    hint: "Fetch it with: git lfs pull",
  },
  {
    pattern: /^(?:RSA |EC )?(?:Public|Private)-Key: \(\d+ bit(?:, \d+ primes)?\)\s/,
    message: "this is a key as OpenSSL describes it (-text), without the key itself",
    hint: "Write it without -noout: openssl pkey -in FILE -out key.pem (with -pubin for a public key)",
  },
  {
    pattern: /^0{4,8}:? (?:[0-9a-f]{2,4} ){4}/,
    message: "this is a hexadecimal listing of a file (xxd, hexdump)",
    hint: "Turn it back with: xxd -r FILE > key.der",
  },
  {
    pattern: /^https?:\/\/\S+$/i,
    message: "this is an address, not a key",
    hint: "Keys at an address are given with --jwks URL, those of an issuer with --issuer-url URL",
  },
  {
    pattern: /^(?:~|[A-Za-z]:|[\w.-]+)?(?:[\\/][\w. -]+)+\.(?:pem|key|jwks?|json|der|crt|cer|pub|p8)$/i,
    message: "this is the name of a file, not a key",
    hint: "Give that file",
  },
];

const SHARED_SECRET =
  'An HMAC secret belongs in a JWK, as in {"kty":"oct","k":"…"}, or to --secret-file where a command has it';

/** What a text is that people give for a key by mistake; undefined when that is not plain to see. */
export function mistakenForKey(text: string): AppError | undefined {
  const known =
    text.length > LONGEST_MISTAKE ? undefined : FOREIGN_TEXTS.find(({ pattern }) => pattern.test(text));
  return known && malformed(known.message, known.hint);
}

/** Tokens are the longest of these; a pattern need not be held against megabytes. */
const LONGEST_MISTAKE = 64 * 1024;

/** The refusal of a text that is no key in any form. */
export function notAKeyText(): AppError {
  return malformed("this text is not a key: neither a JWK nor PEM nor DER", SHARED_SECRET);
}

/** Containers that keys travel in, by their first bytes in hexadecimal. */
const PACKED: readonly (readonly [start: string, what: string, how: string])[] = [
  ["1f8b", "a gzip file", ": gunzip -c FILE > key.pem"],
  ["504b0304", "a ZIP archive", ": unzip FILE"],
  ["377abcaf", "a 7z archive", ""],
  ["25504446", "a PDF document", ""],
  ["00474954", "a file encrypted by git-crypt", ": git-crypt unlock"],
];

/** The refusal of bytes that are neither text nor DER. */
export function notAKeyBytes(bytes: Uint8Array): AppError {
  const magic = Buffer.from(bytes.subarray(0, 4)).toString("hex");
  if (magic === "feedfeed" || magic === "cececece") {
    return malformed(
      "this is a Java keystore",
      "Convert it with: keytool -importkeystore -srckeystore FILE -destkeystore key.p12 -deststoretype PKCS12",
      "Then take the key out with: openssl pkcs12 -in key.p12 -nodes -out key.pem",
    );
  }
  const packed = PACKED.find(([start]) => magic.startsWith(start));
  if (packed !== undefined) return malformed(`this is ${packed[1]}`, `Take the key out first${packed[2]}`);
  return malformed("these bytes are not a key: neither DER nor text", SHARED_SECRET);
}
