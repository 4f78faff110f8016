import { firstForm, type KnownForm, type Recognition, WHOLE_TOKEN } from "./recognition.ts";

const ONLY_JWT = "jwtctl reads JWTs only";
const PASETO = "jwtctl reads JWTs; a PASETO is read with a library of its own";

const PLAIN = (): readonly KnownForm[] => [
  [
    /^\x1f[\x8b\ufffd]\x08/,
    "a file that gzip has compressed, not a token",
    "Unpack it first: gzip -dc FILE | jwtctl decode",
  ],
  [/^PK\x03\x04/, "a ZIP archive, not a token", "Unpack it first: unzip -p FILE | jwtctl decode"],
  [
    /^(?:[OC]:\d{1,4}:"[\w\\]{1,200}"|a:\d{1,6}):(?:\d{1,6}:)?\{/,
    "a value that PHP has serialized, not a token",
    "Take the token out of it before it is serialized: it begins with eyJ",
  ],
  [
    /^jwtctl_rt_/,
    "a refresh token, not a JWT: it is opaque, there is nothing in it to read",
    "See the session it belongs to with: jwtctl tokens list",
  ],
  [
    /^-----BEGIN /,
    "a key or certificate in PEM form, not a token",
    "It can verify one: jwtctl verify TOKEN --key FILE",
  ],
  [/^(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\S+) AAAA/, "a public key of SSH, not a token", WHOLE_TOKEN],
  [
    /^v[1-4]\.local\.[\w-]+/,
    "a PASETO, not a JWT, and it is encrypted: only the holder of the key can read it",
    PASETO,
  ],
  [/^v[1-4]\.public\.[\w-]+/, "a PASETO, not a JWT: it is signed, in another form", PASETO],
  [
    /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i,
    "a UUID, not a token that says anything by itself",
    "What it means only its issuer can tell",
  ],
  [
    /^[A-Z0-9]{26}$/,
    "an identifier (ULID), not a token that says anything by itself",
    "What it means only its issuer can tell",
  ],
  [/^(?:sha(?:1|256|384|512)|md5)[:-][\w+/=-]{16,}$/i, "a hash, not a token", WHOLE_TOKEN],
  [
    /^\$(?:2[aby]|argon2(?:id?|d)|scrypt|pbkdf2-\w+|5|6|y)\$/,
    "the hash of a password, not a token",
    "It is no token and cannot be turned into one",
  ],
  [/^(?:\d{10}|\d{13})$/, "a time in Unix seconds or milliseconds, not a token", WHOLE_TOKEN],
  [/^(?:[0-9a-f]{2}){16,}$/i, "hexadecimal, not a JWT", WHOLE_TOKEN],
];

const MARKUP = (): readonly KnownForm[] => [
  [
    /^\s*<(?=[\s\S]*(?:urn:oasis:names:tc:SAML|<\/?(?:saml2?p?:)?(?:Assertion|Response|AuthnRequest)))/,
    "SAML (XML), not a JWT",
    ONLY_JWT,
  ],
  [
    /^(?:PHNhbWw|PD94bWwg|PHNhbWxwO|PEFzc2VydGlvb|PFJlc3BvbnNl|PG5zM|PHNvYX)/,
    "SAML (XML in base64), not a JWT",
    ONLY_JWT,
  ],
  [
    /(?:^|[?&\s])SAML(?:Request|Response|art)=/,
    "SAML in a form or an address, not a JWT",
    "jwtctl reads JWTs only; a SAMLRequest is deflated XML in base64",
  ],
  [
    /^\s*<(?=[\s\S]*wsse?:BinarySecurityToken|[\s\S]*RequestSecurityTokenResponse)/,
    "an answer of WS-Trust (XML)",
    "A JWT in it stands in BinarySecurityToken, in base64",
  ],
  [
    /^\s*<(?:!doctype|html|\?xml)/i,
    "a web page or XML, and there is no token in it",
    "Perhaps a login or error page was answered in place of the token: look at its text",
  ],
];

/** A document, key or hash that is no token. */
export function recogniseDocument(text: string): Recognition | undefined {
  return firstForm(text, PLAIN()) ?? firstForm(text, MARKUP());
}
