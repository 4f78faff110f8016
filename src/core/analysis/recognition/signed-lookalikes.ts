import { decodeBase64Url } from "../../base/base64url.ts";
import type { JsonObject } from "../../base/json/value.ts";
import { objectOf, readContent, stringMember } from "../../jose/token/content.ts";
import { dateOf } from "./framework-sessions.ts";
import { ONLY_ITS_ISSUER, type Recognition } from "./recognition.ts";

// Segments with dots between them that are not header, payload and signature.

const READABLE = "Its data can be read by anyone: decode the first part from base64url";
/** The lengths in characters of HMACs with SHA-1, SHA-256 and SHA-512. */
const HMAC_LENGTHS: ReadonlySet<number> = new Set([27, 43, 86]);

/** Something signed in another form than a JWT's, in segments with dots between them. */
export function recogniseSigned(text: string): Recognition | undefined {
  if (!/^[A-Za-z0-9_.=+/%-]+$/.test(text)) return undefined;
  const segments = text.split(".", 6);
  return (
    phoenixToken(segments) ??
    mapboxToken(segments) ??
    discordBot(segments) ??
    itsdangerous(segments) ??
    facebookRequest(segments)
  );
}

/** Flask, Airflow, Superset and others: data, time, HMAC; the data compressed when a dot stands before it. */
function itsdangerous(segments: readonly string[]): Recognition | undefined {
  const compressed = segments[0] === "";
  const [data = "", second = "", third, ...more] = compressed ? segments.slice(1) : segments;
  if (data === "" || more.length > 0 || !isSerialised(data, compressed)) return undefined;
  const what = "a session or token of Flask (itsdangerous), no JWT: its first part is the data";
  const kept = compressed ? ", compressed" : "";
  const hints = [compressed ? `${READABLE}, and inflate it (zlib)` : READABLE] as const;
  if (third === undefined) {
    // Of a JWT the payload and the signature look the same.
    if (["iss", "sub", "exp", "iat"].some((name) => claimsIn(data)?.has(name))) return undefined;
    return HMAC_LENGTHS.has(second.length)
      ? { what: `${what}${kept}, its second an HMAC`, hints }
      : undefined;
  }
  const seconds = secondsIn(second);
  if (seconds === undefined || !isSignature(third)) return undefined;
  return {
    what: `${what}${kept}, its second the time${dateOf(seconds)}, its third an HMAC`,
    hints,
  };
}

/** JSON without a header's `alg`, or what zlib makes of something. */
function isSerialised(data: string, compressed: boolean): boolean {
  const { bytes } = decodeBase64Url(data);
  if (compressed) return bytes[0] === 0x78;
  const content = readContent(bytes);
  return content.kind === "json" && !objectOf(content)?.has("alg");
}

/** A whole HMAC, or one that was cut off or grew by a character. */
function isSignature(text: string): boolean {
  return text.length >= 20 && text.length <= 90;
}

/** Up to six bytes, as a number of seconds since 1970, or since 2011 as older versions count. */
function secondsIn(text: string): number | undefined {
  const { ok, bytes } = decodeBase64Url(text);
  if (!ok || bytes.length < 3 || bytes.length > 6) return undefined;
  const seconds = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  const since2011 = seconds + 1_293_840_000;
  return seconds > 1e9 && seconds < 5e9
    ? seconds
    : bytes.length <= 4 && since2011 < 2e9
      ? since2011
      : undefined;
}

/** Phoenix.Token and Plug.Crypto: the algorithm as text, Erlang's external term format (131), HMAC. */
function phoenixToken([first, second = "", third]: readonly string[]): Recognition | undefined {
  if (!/^SFM(?:yNTY|zODQ|1MTI)$/.test(first ?? "") || third === undefined) return undefined;
  if (decodeBase64Url(second).bytes[0] !== 131) return undefined;
  return {
    what: "a token or session of Phoenix (Elixir), no JWT: its second part is the data in Erlang's own form, its third an HMAC",
    hints: ["Read it in iex with: Plug.Crypto.non_executable_binary_to_term/2, after base64url"],
  };
}

/** `pk.`, `sk.` or `tk.`, claims, signature. */
function mapboxToken([kind = "", second = "", third]: readonly string[]): Recognition | undefined {
  if (!/^[pst]k$/.test(kind) || third === undefined) return undefined;
  const user = stringMember(claimsIn(second), "u");
  if (user === undefined) return undefined;
  return {
    what: "an access token of Mapbox: its second part names the account and the token",
    hints: ["See what it may do with Mapbox's /tokens/v2"],
  };
}

/** Facebook's signed_request: the signature stands first. */
function facebookRequest([first = "", second = "", third]: readonly string[]): Recognition | undefined {
  if (third !== undefined || first.length !== 43) return undefined;
  if (!/^HMAC-/i.test(stringMember(claimsIn(second), "algorithm") ?? "")) return undefined;
  return {
    what: "a signed request of Facebook, no JWT: the signature stands first, the data second",
    hints: [READABLE.replace("first", "second")],
  };
}

/** The account's number in base64, a time, an HMAC. */
function discordBot([first = "", second = "", third = ""]: readonly string[]): Recognition | undefined {
  if (second.length !== 6 || third.length < 27 || third.length > 38) return undefined;
  if (!/^\d{17,20}$/.test(new TextDecoder().decode(decodeBase64Url(first).bytes))) return undefined;
  return {
    what: "a token of a Discord bot: the account's number, a time, an HMAC",
    hints: [ONLY_ITS_ISSUER],
  };
}

function claimsIn(segment: string): JsonObject | undefined {
  return objectOf(readContent(decodeBase64Url(segment).bytes));
}
