import { readJson } from "../json/read.ts";
import { JsonObject, type JsonValue } from "../json/value.ts";
import { stringMember } from "./content.ts";
import type { Finding } from "./finding.ts";

/** A token picked out of a larger text. */
export interface Pick {
  readonly token: string;
  readonly where: string;
  readonly repair: Finding;
}

/**
 * Finds tokens in a text that is more than a token: first as JSON, then anywhere in it. The likeliest first.
 * Nothing found, or nothing but the token itself: empty.
 */
export function pickTokens(text: string): readonly Pick[] {
  if (text.startsWith("{") || text.startsWith("[")) {
    const reading = readJson(text);
    if (reading.ok) return fromJson(reading.value);
  }
  return fromText(text);
}

/** Members of token responses (RFC 6749 section 5.1, OpenID Connect) and of what tools print. */
const TOKEN_MEMBERS = [
  "access_token",
  "id_token",
  "token",
  "jwt",
  "assertion",
  "client_assertion",
  "logout_token",
];

function fromJson(value: JsonValue): readonly Pick[] {
  if (!(value instanceof JsonObject)) return [];
  const serialised = fromJwsJson(value);
  if (serialised.length > 0) return serialised;
  const named = TOKEN_MEMBERS.filter((name) => stringMember(value, name) !== undefined);
  const others = value.members
    .filter(
      ([name, member]) => !named.includes(name) && typeof member === "string" && FULL_TOKEN.test(member),
    )
    .map(([name]) => name);
  const names = [...named, ...new Set(others)];
  return names.map((name) => ({
    token: stringMember(value, name) ?? "",
    where: name,
    repair: {
      code: "picked_from_json",
      message: `the member ${name} was picked out of a JSON object${alsoThere(names, name)}`,
    },
  }));
}

function alsoThere(names: readonly string[], chosen: string): string {
  const others = names.filter((name) => name !== chosen);
  return others.length === 0 ? "" : ` (also there: ${others.join(", ")})`;
}

/** The JSON serialisation of a JWS, flattened or general (RFC 7515 section 7.2), as compact tokens. */
function fromJwsJson(object: JsonObject): readonly Pick[] {
  const payload = stringMember(object, "payload");
  if (payload === undefined) return [];
  const list = object.get("signatures");
  const signatures = Array.isArray(list) ? list : [object];
  return signatures.flatMap((entry: JsonValue, index: number) => {
    const holder = entry instanceof JsonObject ? entry : undefined;
    const header = stringMember(holder, "protected");
    const signature = stringMember(holder, "signature");
    if (header === undefined || signature === undefined) return [];
    const number = signatures.length > 1 ? ` (signature ${index + 1} of ${signatures.length})` : "";
    const left = holder?.has("header") ? "; its unprotected header is left out" : "";
    return {
      token: `${header}.${payload}.${signature}`,
      where: `signature ${index + 1}`,
      repair: {
        code: "jws_json_converted",
        message: `the JSON form of a JWS was written compactly${number}${left}`,
      },
    };
  });
}

/** `{"` in base64url is `eyJ`, and that is how the header of nearly every token begins. */
const FULL_TOKEN = /^eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_.-]*$/;
const TOKEN_IN_TEXT = /(?<![A-Za-z0-9_.-])eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)*/g;

function fromText(text: string): readonly Pick[] {
  const tokens = [...text.matchAll(TOKEN_IN_TEXT)].filter((match) => match[0].split(".").length >= 3);
  if (tokens.length < 2 && isWrapped(text)) return [];
  return tokens.map((match) => ({
    token: match[0],
    where: `character ${match.index + 1}`,
    repair: {
      code: "picked_from_text",
      message:
        tokens.length > 1
          ? `the token at character ${match.index + 1} was picked out of a text that holds ${tokens.length}`
          : "the token was picked out of the text around it",
    },
  }));
}

/** One token broken over several lines, perhaps indented: to be joined, not picked from. */
function isWrapped(text: string): boolean {
  return (
    text.startsWith("eyJ") &&
    text.includes("\n") &&
    text.split(/\\?\s*\n\s*/).every((line) => !/\s/.test(line))
  );
}
