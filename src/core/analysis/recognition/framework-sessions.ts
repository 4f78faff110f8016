import { decodeBase64Url } from "../../base/base64url.ts";
import { readJson } from "../../base/json/read.ts";
import { JsonObject } from "../../base/json/value.ts";
import { withoutEnding } from "../../base/text/wording.ts";
import { formatInstant } from "../../base/time/format.ts";
import { firstForm, type KnownForm, ONLY_ITS_ISSUER, type Recognition } from "./recognition.ts";

// Sessions and cookies of web frameworks. Many are signed JSON, and begin as a JWT does.

const ITS_SECRET =
  "Only the application can verify it, with its own secret key; its data can be read by anyone";
const ONLY_THE_APPLICATION = "Only the application that made it can read it, with its own key";
const ON_THE_SERVER = "It only points to data on the server; ask there";

const FORMS = (): readonly KnownForm[] => [
  [
    /^00D\w{12,15}!/,
    "a session of Salesforce: it is opaque, there is nothing in it to read",
    "See whose it is with Salesforce's /services/oauth2/userinfo",
  ],
  [
    /^s(?::|%3A)[^.]{8,200}\.[A-Za-z0-9+/%=_-]{40,}$/i,
    "a signed cookie of Express (s:VALUE.SIGNATURE): the session's id and an HMAC of it",
    ON_THE_SERVER,
  ],
  [
    /^s(?::|%3A)[\w-]{16,}$/i,
    "a cookie of Express that was cut off: its signature is missing",
    ON_THE_SERVER,
  ],
  [/^Fe26\.2\*/, "a sealed session of iron (iron-session, hapi): it is encrypted", ONLY_THE_APPLICATION],
  [
    /^CfDJ8[\w-]*/,
    "data of ASP.NET Core Data Protection (a cookie or antiforgery token): it is encrypted",
    ONLY_THE_APPLICATION,
  ],
  [
    /^2\|1:\d\|\d+:\d+\|\d+:/,
    "a signed cookie of Tornado: its value is in base64 between the bars",
    ITS_SECRET,
  ],
  [/^![\w+/=-]{20,}\?[\w+/=-]+$/, "a signed cookie of Bottle", ITS_SECRET],
  [
    /^[0-9a-f]{40}-[\w.%-]+=/,
    "a session of Play (before it used JWTs): an HMAC, and the data as a form",
    ITS_SECRET,
  ],
  [
    /^BAh[\w+/%=]+--[0-9a-f]{40}$/,
    "a signed session of Rails (Ruby's Marshal and an HMAC)",
    "Never load it with Marshal: it can run code. The HMAC is made with the application's secret_key_base",
  ],
  [/^Q2FrZQ==?\./, "an encrypted cookie of CakePHP", ONLY_THE_APPLICATION],
  [
    /^(?:QTEyOEdDTQ|QTI1NkdDTQ|XCP)\.[\w-]*\.?[\w.-]+$/,
    "an encrypted session of Phoenix (Plug)",
    ONLY_THE_APPLICATION,
  ],
  [
    /^(?:connect\.sid|PHPSESSID|JSESSIONID|ASP\.NET_SessionId)=[\w,.-]{16,}$/i,
    "the id of a session: it is opaque, there is nothing in it to read",
    ON_THE_SERVER,
  ],
  [
    /^(?:[A-F0-9]{32}|[a-z0-9,-]{26}|[0-9a-f]{32})(?:\.[\w-]{1,20})?$/,
    "the id of a session, or another random value: there is nothing in it to read",
    ON_THE_SERVER,
  ],
  [
    /^[\w.-]{1,60}\|\d{10}\|\w{43}\|[0-9a-f]{64}$/,
    "a login cookie of WordPress: name, end, token and HMAC",
    ITS_SECRET,
  ],
];

/** A session or cookie of a web framework. */
export function recogniseSession(text: string): Recognition | undefined {
  return firstForm(text, FORMS()) ?? railsMessage(text) ?? djangoSigned(text) ?? encodedSession(text);
}

/** Rails: `data--signature`, or `data--iv--tag` when it is encrypted (AES-GCM). */
function railsMessage(text: string): Recognition | undefined {
  if (!text.includes("--") || !/^[\w+/=%-]+$/.test(text)) return undefined;
  const parts = text.replace(/%3D/gi, "=").replace(/%2B/gi, "+").replace(/%2F/gi, "/").split("--");
  const [data = "", second = "", third] = parts;
  const base64 = /^[A-Za-z0-9+/_-]+={0,2}$/;
  if (!base64.test(data)) return undefined;
  if (parts.length === 3 && base64.test(second) && bytesIn(second) === 12 && bytesIn(third ?? "") === 16)
    return {
      what: "an encrypted session or cookie of Rails (data--iv--tag, AES-GCM)",
      hints: [ONLY_THE_APPLICATION],
    };
  if (parts.length !== 2 || !/^[0-9a-f]{40}$|^[0-9a-f]{64}$|^[0-9a-f]{128}$/.test(second)) return undefined;
  const encrypted = /--/.test(new TextDecoder().decode(bytesOf(data)));
  return encrypted
    ? { what: "an encrypted session or cookie of Rails (AES-CBC and an HMAC)", hints: [ONLY_THE_APPLICATION] }
    : {
        what: "a signed message or cookie of Rails (data--HMAC): its first part is the data in base64",
        hints: [ITS_SECRET],
      };
}

const DJANGO = /^(\.?[\w-]+|[^\s:]{1,200}):([0-9A-Za-z]{6}):([\w-]{27}|[\w-]{43})$/;
const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Django: `value:time:signature`, the value in base64url when it is JSON, with a dot before it when it is compressed. */
function djangoSigned(text: string): Recognition | undefined {
  const [, value = "", time = ""] = DJANGO.exec(text) ?? [];
  if (value === "") return undefined;
  let seconds = 0;
  for (const character of time) seconds = seconds * 62 + BASE62.indexOf(character);
  const date = dateOf(seconds);
  const data = value.startsWith(".") ? "the data, compressed" : "the data";
  return {
    what: `a signed value of Django (a cookie, session or link), no JWT: its first part is ${data}, its second the time${date}, its third an HMAC`,
    hints: [ITS_SECRET],
  };
}

/** ` (2024-11-02)`; nothing for a time that no token is of. @param seconds since 1970 */
export function dateOf(seconds: number): string {
  if (!(seconds > 1e9 && seconds < 5e9)) return "";
  return ` (${formatInstant(seconds * 1000, () => 0)?.slice(0, 10)})`;
}

/** Sessions that are one base64 text: Laravel's JSON, gorilla's `time|data|mac`, Erlang's and PHP's own forms. */
function encodedSession(text: string): Recognition | undefined {
  const plain = text.replace(/%3D/gi, "=").replace(/%2B/gi, "+").replace(/%2F/gi, "/");
  if (plain.length < 16 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(plain)) return undefined;
  const decoded = new TextDecoder().decode(bytesOf(plain));
  if (/^\d{10}\|/.test(decoded))
    return {
      what: `a session of Go's securecookie (gorilla): the time${dateOf(Number(decoded.slice(0, 10)))}, the data, and an HMAC`,
      hints: [ITS_SECRET],
    };
  if (/^[aOCis]:\d+:/.test(decoded))
    return {
      what: "a value of PHP (serialize) in base64, no token",
      hints: ["Never load it with unserialize: it can run code"],
    };
  if (!decoded.startsWith("{")) return undefined;
  const reading = readJson(decoded);
  return reading.ok && reading.value instanceof JsonObject ? jsonSession(reading.value) : undefined;
}

function jsonSession(object: JsonObject): Recognition | undefined {
  if (object.has("iv") && object.has("value") && (object.has("mac") || object.has("tag")))
    return {
      what: "an encrypted cookie or session of Laravel (base64 of JSON: iv, value and mac)",
      hints: ["Only the application can read it, with its APP_KEY"],
    };
  if (object.has("_rails"))
    return {
      what: "a message of Rails without its signature: it was cut off at --",
      hints: ["Copy it whole, with the -- and what follows"],
    };
  if (object.has("payload") && object.has("datakey"))
    return { what: "a password of Amazon ECR: it is encrypted", hints: [ONLY_ITS_ISSUER] };
  if (object.has("passport") || object.has("flash") || object.has("csrfToken") || object.has("csrfSecret"))
    return {
      what: "a session of cookie-session (Express): base64 of JSON, its signature stands in the cookie NAME.sig",
      hints: [ITS_SECRET],
    };
  return undefined;
}

function bytesIn(base64: string): number {
  return bytesOf(base64).length;
}

/** The bytes of base64 in either alphabet, as far as it can be read. */
export function bytesOf(text: string): Uint8Array {
  return decodeBase64Url(withoutEnding(text.replaceAll("+", "-").replaceAll("/", "_"), "=")).bytes;
}
