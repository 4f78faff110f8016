import { firstForm, type KnownForm, LOOKED_AT, type Recognition, WHOLE_TOKEN } from "./recognition.ts";

const NO_TOKEN = "JSON with no token in it";

const FORMS = (): readonly KnownForm[] => [
  [
    /^\s*\{(?=[\s\S]*"kty"\s*:)/,
    "a key (JWK), or a set of keys, not a token",
    "It can verify one: jwtctl verify TOKEN --key FILE",
  ],
  [
    /^\s*\{(?=[\s\S]*"(?:jwks_uri|authorization_endpoint)"\s*:)/,
    "the metadata of an issuer, not a token",
    "They can verify one: jwtctl verify TOKEN --issuer-url ISSUER",
  ],
  [
    /^\s*\{(?=[\s\S]*"type"\s*:\s*"service_account")/,
    "the key file of a Google service account, not a token",
    "It can sign one: jwtctl mint CLAIMS --key FILE",
  ],
  [
    /^\s*\{(?=[\s\S]*"(?:error|error_description|errors|errorCode)"\s*:)/,
    `${NO_TOKEN}: it tells of an error`,
    "Read what it says; the token endpoint gave an error in place of a token",
  ],
  [
    /^\s*\{(?=[\s\S]*"refresh_token"\s*:)/,
    `${NO_TOKEN} that can be read: its refresh token is opaque`,
    WHOLE_TOKEN,
  ],
  [
    /^\s*\{(?=[\s\S]*"(?:alg|typ)"\s*:\s*")/,
    "a token's header or claims as JSON, not a token",
    "To make a token of claims there is: jwtctl mint",
  ],
  [
    /^\s*\{(?=[\s\S]*"(?:iss|sub|exp|iat)"\s*:)/,
    "claims as JSON, not a token",
    "To make a token of them there is: jwtctl mint",
  ],
  [/^\s*(?:\{\s*["}]|\[\s*(?:["{[\]\d]|true|false|null))/, NO_TOKEN, WHOLE_TOKEN],
];

/** JSON without a token in it. */
export function recogniseJsonText(text: string): Recognition | undefined {
  return firstForm(text.slice(0, LOOKED_AT), FORMS());
}
