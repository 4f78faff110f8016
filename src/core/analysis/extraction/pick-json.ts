import { readJson } from "../../base/json/read.ts";
import { JsonObject, type JsonValue } from "../../base/json/value.ts";
import { type FoundForm, MAX_TOKENS } from "../../jose/token/candidate.ts";
import { isJsonForm } from "../../jose/token/json-form.ts";
import { pickFromText } from "./pick-text.ts";

/** Members of token responses (RFC 6749 section 5.1, OpenID Connect) and of what tools print, the likeliest first. */
const TOKEN_MEMBERS = [
  "access_token",
  "id_token",
  "token",
  "jwt",
  "assertion",
  "client_assertion",
  "logout_token",
  ...["accessToken", "idToken", "id-token", "access-token", "identitytoken", "registrytoken"],
];

/** JSON inside a string inside JSON; more than this nobody writes. */
const MAX_STRINGIFIED = 4;
/** A whole token, an SD-JWT with its disclosures included. */
const FULL_TOKEN = /^e[wy][A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_.~=-]*$/;

/**
 * Finds tokens in JSON at any depth: in members and elements, in JSON that is a string, and in strings that are more
 * than a token (a header line, a URL). The members that usually hold one come first, the others in their order.
 */
export function pickFromJson(value: JsonValue): readonly FoundForm[] {
  const picks: FoundForm[] = [];
  collect(value, { name: undefined, where: "", stringified: 0 }, picks);
  const rank = ({ name }: FoundForm) => {
    const index = TOKEN_MEMBERS.indexOf(name ?? "");
    return index < 0 ? TOKEN_MEMBERS.length : index;
  };
  return picks.sort((first, second) => rank(first) - rank(second));
}

/** More of a member's name tells nobody where it is. */
const LONGEST_STEP = 60;

interface Place {
  readonly name: string | undefined;
  readonly where: string;
  readonly stringified: number;
}

function collect(value: JsonValue, place: Place, picks: FoundForm[]): void {
  if (picks.length >= MAX_TOKENS) return;
  if (typeof value === "string") collectFromString(value, place, picks);
  else if (value instanceof JsonObject) {
    if (isJsonForm(value)) {
      picks.push({ form: { kind: "json", object: value }, ...placed(place) });
      return;
    }
    for (const [name, member] of value.members) {
      const step = name.length > LONGEST_STEP ? `${name.slice(0, LONGEST_STEP)}…` : name;
      const where = place.where === "" ? step : `${place.where}.${step}`;
      collect(member, { ...place, name, where }, picks);
    }
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => {
      collect(item, { ...place, where: `${place.where}[${index}]` }, picks);
    });
  }
}

/** Where a token is that is all of what was pasted. */
export const THE_WHOLE = "the whole";

function placed({ name, where }: Place) {
  return { ...(name === undefined ? {} : { name }), where: where === "" ? THE_WHOLE : where };
}

function collectFromString(text: string, place: Place, picks: FoundForm[]): void {
  if (FULL_TOKEN.test(text)) {
    picks.push({ form: { kind: "compact", text }, ...placed(place) });
    return;
  }
  if (place.stringified < MAX_STRINGIFIED && /^\s*[{["]/.test(text)) {
    const reading = readJson(text);
    if (reading.ok) {
      collect(reading.value, { ...place, stringified: place.stringified + 1 }, picks);
      return;
    }
  }
  const inside = pickFromText(text);
  if (inside.length > 0) {
    for (const { form, unreadable } of inside)
      picks.push({ form, ...placed(place), ...(unreadable ? { unreadable } : {}) });
  } else if (text !== "" && TOKEN_MEMBERS.includes(place.name ?? "")) {
    // An opaque token is none that can be read, but it is what its name says.
    picks.push({ form: { kind: "compact", text }, ...placed(place) });
  }
}
