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
    pattern: /^(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-\S+|sk-\S+) /,
    message: "this is an SSH public key",
    hint: "Convert it with: ssh-keygen -e -m PKCS8 -f FILE",
  },
  {
    pattern: /^---- BEGIN SSH2 /,
    message: "this is an SSH public key (RFC 4716)",
    hint: "Convert it with: ssh-keygen -i -f FILE | ssh-keygen -e -m PKCS8 -f /dev/stdin",
  },
  {
    pattern: /^PuTTY-User-Key-File-/,
    message: "this is a PuTTY key",
    hint: "Export it from PuTTYgen as an OpenSSH key, then convert it with: ssh-keygen -p -m PKCS8 -f COPY",
  },
  {
    pattern: /^(?:Bearer\s+)?eyJ[\w-]*\.[\w-]*\.[\w-]*$/i,
    message: "this is a token (JWT), not a key",
    hint: "Look into it with: jwtctl decode @FILE",
  },
  {
    pattern: /BEGIN [A-Z0-9 ]{0,40}(?:KEY|CERTIFICATE)/,
    message: "the BEGIN line of this PEM text is damaged: it needs five hyphens on each side",
    hint: "Copy the file again, whole",
  },
];

const SHARED_SECRET =
  'An HMAC secret belongs in a JWK, as in {"kty":"oct","k":"…"}, or to --secret-file where a command has it';

/** The refusal of a text that is no key, naming what it is where that is plain to see. */
export function notAKeyText(text: string): AppError {
  const known = FOREIGN_TEXTS.find(({ pattern }) => pattern.test(text));
  if (known !== undefined) return malformed(known.message, known.hint);
  return malformed("this text is not a key: neither a JWK nor PEM nor DER", SHARED_SECRET);
}

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
  return malformed("these bytes are not a key: neither DER nor text", SHARED_SECRET);
}
