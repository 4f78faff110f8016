import { AppError } from "../../base/errors.ts";

const WHOLE_TOKEN = "A JWT is three base64url segments with two dots between them, and begins with eyJ";
const READ_IT = "What it means only its issuer can tell";

type Recognition = readonly [form: RegExp, what: string, ...hints: readonly string[]];

/** Formats that people mistake for a JWT. The first match counts. */
const OTHER_FORMATS: readonly Recognition[] = [
  [
    /^jwtctl_rt_/,
    "this is a refresh token, not a JWT: it is opaque, there is nothing in it to read",
    "See the login it belongs to with: jwtctl tokens list",
  ],
  [/^-----BEGIN /, "this is a key or certificate in PEM form, not a token", WHOLE_TOKEN],
  [
    /^v[1-4]\.local\.[\w-]+/,
    "this is a PASETO, not a JWT, and it is encrypted: only the holder of the key can read it",
    "jwtctl reads JWTs; a PASETO is read with a library of its own",
  ],
  [
    /^v[1-4]\.public\.[\w-]+/,
    "this is a PASETO, not a JWT: it is signed, in another form",
    "jwtctl reads JWTs; a PASETO is read with a library of its own",
  ],
  [
    /^\s*\{(?=[\s\S]*"kty"\s*:)/,
    "this is a key (JWK), or a set of keys, not a token",
    "It can verify one: jwtctl verify TOKEN --key FILE",
  ],
  [/^\s*\{(?=[\s\S]*"error"\s*:)/, "there is no token in this JSON: it tells of an error", WHOLE_TOKEN],
  [/^\s*[{[]/, "there is no token in this JSON", WHOLE_TOKEN],
  [
    /^\s*<(?=[\s\S]*(?:urn:oasis:names:tc:SAML|<\/?(?:saml2?p?:)?(?:Assertion|Response)))/,
    "this is SAML (XML), not a JWT",
    "jwtctl reads JWTs only",
  ],
  [
    /^(?:PHNhbWw|PD94bWwg|PHNhbWxwO|PEFzc2VydGlvb|PFJlc3BvbnNl)/,
    "this is SAML (XML in base64), not a JWT",
    "jwtctl reads JWTs only",
  ],
  [/^\s*<(?:!doctype|html|\?xml)/i, "this is a web page or XML, and there is no token in it", WHOLE_TOKEN],
  [
    /^basic\s+[\w+/=-]+$/i,
    "this is HTTP Basic authentication: a user name and password, not a token",
    "Treat it as the password that it is",
  ],
  [
    /^ya29\./,
    "this is an access token of Google: it is opaque, there is nothing in it to read",
    "Ask for an ID token, or see https://oauth2.googleapis.com/tokeninfo",
  ],
  [
    /^(?:gh[opsur]_|github_pat_)\w+$/,
    "this is a token of GitHub: it is opaque, there is nothing in it to read",
    READ_IT,
  ],
  [
    /^gl(?:pat|dt|ft|rt|ptt|agent|soat|cbt)-[\w-]+$/,
    "this is a token of GitLab: it is opaque, there is nothing in it to read",
    READ_IT,
  ],
  [/^xox[a-z]-[\w-]+$/, "this is a token of Slack: it is opaque, there is nothing in it to read", READ_IT],
  [/^(?:sk|pk|rk)_(?:live|test)_\w+$/, "this is an API key of Stripe, not a token", READ_IT],
  [/^gAAAAA[\w-]+=*$/, "this is a Fernet token, not a JWT: it is encrypted", READ_IT],
  [
    /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i,
    "this is a UUID, not a token that says anything by itself",
    READ_IT,
  ],
  [/^(?:[0-9a-f]{2}){16,}$/i, "this is hexadecimal, not a JWT", WHOLE_TOKEN],
];

/** How many UTF-16 units of a text are matched. */
const LOOKED_AT = 10_000;

/**
 * The refusal of a text that is no token; it names what the text is instead.
 * @param trouble describes the header's fault
 */
export function notAToken(text: string, segments: readonly string[], trouble: () => string): AppError {
  const refuse = (message: string, ...hints: readonly string[]) =>
    new AppError("token_malformed", message, { hints });
  if (text === "") return refuse("the token is empty");
  const beginning = text.slice(0, LOOKED_AT);
  for (const [form, what, ...hints] of OTHER_FORMATS) if (form.test(beginning)) return refuse(what, ...hints);
  if (segments.length === 1) {
    return text.startsWith("eyJ")
      ? refuse("the token is cut off inside its header", WHOLE_TOKEN)
      : refuse(
          "this is not a token: it has no dots",
          /^[\w+/-]{16,}={0,2}$/.test(text)
            ? `${WHOLE_TOKEN}; an opaque token says nothing by itself`
            : WHOLE_TOKEN,
        );
  }
  if (segments.length === 4 || segments.length > 5) {
    const number = segments.length === 4 ? "four" : "more than five";
    return refuse(
      `this is not a token: it has ${number} segments`,
      "A JWS has three segments, a JWE five; check that only one token was copied",
    );
  }
  return refuse(`this is not a token: its header ${trouble()}`, WHOLE_TOKEN);
}
