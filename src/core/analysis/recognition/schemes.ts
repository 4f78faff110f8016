import { firstForm, IT_IS_A_SECRET, type KnownForm, type Recognition } from "./recognition.ts";

const NAME = "(?:(?:proxy-)?authorization\\s*[:=]\\s*)?";
const BASIC = "HTTP Basic authentication: a user name and password, not a token";

/** How else than with a token a request can say who it is from. */
const SCHEMES = (): readonly KnownForm[] => [
  [new RegExp(`^${NAME}basic\\s+[\\w+/=-]+$`, "i"), BASIC, "Treat it as the password that it is"],
  [
    new RegExp(`^${NAME}AWS4-(?:HMAC-SHA256|ECDSA-P256-SHA256)\\b`, "i"),
    "a signature of AWS (Signature Version 4) over one request, not a token",
    "There is no token in it: the key id stands in Credential=, the signed headers in SignedHeaders=",
  ],
  [
    /^AWS \w{16,}:[\w+/=]+$/,
    "a signature of AWS (Signature Version 2) over one request, not a token",
    IT_IS_A_SECRET,
  ],
  [
    /[?&]X-(?:Amz|Goog)-Signature=[0-9a-f]+/i,
    "a presigned address of a cloud store (AWS Signature Version 4), not a token",
    "Whoever has the address may use it until X-Amz-Date and X-Amz-Expires end it",
  ],
  [
    /^(?:SharedAccessSignature\s.*|\??(?=.{0,2000}\bsig=)(?=.{0,2000}\bs[ver]=).{1,3000})$/i,
    "a shared access signature of Azure (SAS), not a token",
    "Its rights and its end stand in it as text: sp= and se=",
  ],
  [
    new RegExp(`^${NAME}(?:negotiate|kerberos)\\s+(?:YI|oY|TlRMT)[\\w+/=-]*$`, "i"),
    "a ticket of Kerberos or NTLM (Negotiate), not a JWT",
    "Only the service that it is for can read it; see the tickets you have with: klist",
  ],
  [
    new RegExp(`^(?:${NAME}ntlm\\s+)?TlRMTVNTUA[\\w+/=-]*$`, "i"),
    "a message of NTLM, not a token",
    IT_IS_A_SECRET,
  ],
  [
    /^YII[\w+/=-]{100,}$/,
    "a ticket of Kerberos (SPNEGO), not a JWT",
    "Only the service that it is for can read it; see the tickets you have with: klist",
  ],
  [
    new RegExp(`^${NAME}digest\\s+\\w+=`, "i"),
    "HTTP Digest authentication: a hash of a password, not a token",
    "Ask the server for a token instead",
  ],
  [
    new RegExp(`^${NAME}oauth\\s+(?:realm=|oauth_)`, "i"),
    "a signature of OAuth 1 over one request, not a token",
    "Its token is opaque and stands in oauth_token=",
  ],
  [
    new RegExp(`^${NAME}hawk\\s+\\w+=`, "i"),
    "a signature of Hawk over one request, not a token",
    "There is no token in it",
  ],
  [
    new RegExp(`^${NAME}signature\\s+keyId=`, "i"),
    "a signature over one request (HTTP Signatures), not a token",
    "There is no token in it: keyId= names the key",
  ],
  [
    new RegExp(`^${NAME}(?:SCRAM|Mutual|vapid|GNAP|PrivateToken)\\b[\\w-]*\\s+\\w+=`, "i"),
    "another scheme of HTTP authentication, not a bearer token",
    "What belongs to it stands behind its names, as in t= or token=",
  ],
];

/** Another way to say who a request is from. */
export function recogniseScheme(text: string): Recognition | undefined {
  return firstForm(text, SCHEMES());
}
