import { readJson } from "../../base/json/read.ts";
import { JsonObject, type JsonValue, numberOf } from "../../base/json/value.ts";
import { writeJson } from "../../base/json/write.ts";
import { shellWord } from "../../base/text/wording.ts";
import { parseMember } from "../../jose/minting/claims-input.ts";
import { type Check, fail, pass, quoted } from "../../jose/verification/check.ts";
import { equal } from "../compare/values.ts";
import type { AskedClaims, ExpectedClaim } from "./asked.ts";

/**
 * What `--expect` demands: `name=text` or `name:=json`, split at the first `=`. A name that begins with `/` is a JSON
 * Pointer (RFC 6901) into the claims.
 *
 * @throws AppError `usage`
 */
export function parseExpectation(text: string, flag: string): ExpectedClaim {
  const [name, value] = parseMember(text, flag);
  return { name, path: name.startsWith("/") ? stepsOf(name) : [name], json: writeJson(value) };
}

function stepsOf(pointer: string): readonly string[] {
  return pointer
    .slice(1)
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** One check for each expected claim, and one for the scopes. @param claims undefined: there is no claims set */
export function checkExpectations(claims: JsonObject | undefined, asked: AskedClaims): readonly Check[] {
  return [
    ...asked.expected.map((expected) => checkExpected(claims, expected)),
    ...(asked.scopes.length === 0 ? [] : [checkScopes(claims, asked.scopes)]),
  ];
}

function checkExpected(claims: JsonObject | undefined, { name, path, json }: ExpectedClaim): Check {
  const wanted = valueIn(json);
  const found = claims && valueAt(claims, path);
  if (found === undefined) {
    const remark = claims === undefined ? "" : pointerRemark(claims, name, wanted);
    return fail("expect", "claim_missing", `there is no ${name}; expected ${shown(wanted)}${remark}`);
  }
  if (same(found, wanted)) return pass("expect", `${name} is ${shown(wanted)}`);
  if (holds(path, found, wanted)) return pass("expect", `${name} has ${shown(wanted)}`);
  const remark =
    typeRemark(name, found, wanted) || caseRemark(found, wanted) || knownRemark(claims, name, found, wanted);
  return fail("expect", "claim_mismatch", `${name} is ${shown(found)}; expected ${shown(wanted)}${remark}`);
}

/** Whether a list has the value as an entry, or a list of scopes as a word. */
function holds(path: readonly string[], found: JsonValue, wanted: JsonValue): boolean {
  if (isList(found) && found.some((entry) => same(entry, wanted))) return true;
  const isScope = SCOPES.has(path.at(-1) ?? "");
  return isScope && typeof wanted === "string" && wordsOf(found).includes(wanted);
}

/** A name with dots is one name; where it leads somewhere as a path, and the value is there, the pointer is told. */
function pointerRemark(claims: JsonObject, name: string, wanted: JsonValue): string {
  const path = name.split(".");
  const found = path.length > 1 && !name.startsWith("/") ? valueAt(claims, path) : undefined;
  if (found === undefined || !(same(found, wanted) || holds(path, found, wanted))) return "";
  const pointer = `/${path.map((step) => step.replaceAll("~", "~0").replaceAll("/", "~1")).join("/")}`;
  return `. It stands inside ${path[0]}: write ${expecting(pointer, wanted)}`;
}

function caseRemark(found: JsonValue, wanted: JsonValue): string {
  if (typeof wanted !== "string") return "";
  const entries = isList(found) ? found : [found];
  const alike = entries.find(
    (entry) => typeof entry === "string" && entry.toLowerCase() === wanted.toLowerCase(),
  );
  return alike === undefined ? "" : `. ${shown(alike)} differs only in upper and lower case`;
}

/** What is known of claims that providers write in several ways: GitHub's `sub`, Cognito's `token_use`. */
function knownRemark(
  claims: JsonObject | undefined,
  name: string,
  found: JsonValue,
  wanted: JsonValue,
): string {
  if (typeof found !== "string" || typeof wanted !== "string") return "";
  if (name === "token_use") {
    const kinds: Readonly<Record<string, string>> = { id: "an ID token", access: "an access token" };
    const [is, asked] = [kinds[found], kinds[wanted]];
    return is && asked ? `. It is ${is} of Cognito: send ${asked}` : "";
  }
  const [, repository] = /^(repo:[^:]+):environment:.+$/.exec(found) ?? [];
  const [, other, ref] = /^(repo:[^:]+):ref:(.+)$/.exec(wanted) ?? [];
  if (name !== "sub" || repository === undefined || repository !== other) return "";
  const also = claims?.get("ref") === ref && ref !== undefined ? ` ${expecting("ref", ref)}` : "";
  return `. The job names an environment, which GitHub writes into sub in place of the branch: write ${expecting("sub", found)}${also}`;
}

function expecting(name: string, value: JsonValue): string {
  return `--expect ${shellWord(typeof value === "string" ? `${name}=${value}` : `${name}:=${writeJson(value)}`)}`;
}

/** Equal, also when a number is written in another way; one that is not exact as a double only digit for digit. */
function same(left: JsonValue, right: JsonValue): boolean {
  const [first, second] = [numberOf(left), numberOf(right)];
  const isExact = first !== undefined && Math.abs(first) <= Number.MAX_SAFE_INTEGER;
  return equal(left, right) || (isExact && first === second);
}

/** Tells how to write a number, a truth value or null, which `=` takes for text. */
function typeRemark(name: string, found: JsonValue, wanted: JsonValue): string {
  return typeof found !== "string" && writeJson(found) === wanted
    ? `, which is text: for the JSON value write ${name}:=${wanted}`
    : "";
}

function valueIn(json: string): JsonValue {
  const reading = readJson(json);
  return reading.ok ? reading.value : json;
}

function valueAt(claims: JsonObject, path: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = claims;
  for (const step of path) {
    if (value instanceof JsonObject) value = value.get(step);
    else if (isList(value) && /^(?:0|[1-9]\d*)$/.test(step)) value = value[Number(step)];
    else return undefined;
  }
  return value;
}

/** Claims that are lists of words: `scope` (RFC 8693 section 4.2), and what Entra ID and Okta call it. */
const SCOPES: ReadonlySet<string> = new Set(["scope", "scp"]);

function checkScopes(claims: JsonObject | undefined, wanted: readonly string[]): Check {
  const name = claims?.has("scope") || !claims?.has("scp") ? "scope" : "scp";
  const granted = wordsOf(claims?.get(name));
  const missing = wanted.flatMap((text) => text.split(/\s+/)).filter((word) => !granted.includes(word));
  if (missing.length === 0) return pass("scope", `${name} has ${wanted.map(quoted).join(", ")}`);
  const has = claims?.has(name) ? `${name} is ${shown(claims.get(name) ?? null)}` : "there is no scope";
  const remark = claims === undefined ? "" : scopeRemark(claims, name, missing);
  return fail("scope", "scope_missing", `${has}; missing ${missing.map(quoted).join(", ")}${remark}`);
}

/** Where the missing scopes stand all the same, and what to write. */
function scopeRemark(claims: JsonObject, name: string, missing: readonly string[]): string {
  const said = claims.get(name);
  const parts = typeof said === "string" ? said.split(/[\s,]+/).filter((part) => part !== "") : [];
  if (typeof said === "string" && missing.every((word) => parts.includes(word))) {
    return `. It has them, separated by commas, and blanks are defined (RFC 6749 section 3.3): have the issuer write ${quoted(parts.join(" "))}, or write ${expecting(name, said)}`;
  }
  for (const [claim, what] of ELSEWHERE) {
    const entries = claims.get(claim);
    if (!isList(entries) || !missing.every((word) => entries.includes(word))) continue;
    return `. ${claim} has ${missing.map(quoted).join(", ")}, ${what}: write ${missing.map((word) => expecting(claim, word)).join(" ")}`;
  }
  const granted = wordsOf(said);
  const short = missing.map((word) => (/:\/\//.test(word) ? word.slice(word.lastIndexOf("/") + 1) : ""));
  if (short.every((word) => granted.includes(word))) {
    return `. ${name} has ${short.map(quoted).join(", ")}, without the address of the API, which is in aud: write ${short.map((word) => `--scope ${shellWord(word)}`).join(" ")}`;
  }
  return "";
}

/** Claims that have rights as a list, beside `scope`. */
const ELSEWHERE = [
  ["permissions", "where Auth0 writes the permissions of a user or application"],
  ["roles", "where Entra ID writes what an application without a user may do"],
] as const;

/** The words of a text or of a list of texts. */
function wordsOf(value: JsonValue | undefined): readonly string[] {
  const texts = isList(value) ? value : [value];
  return texts
    .flatMap((text) => (typeof text === "string" ? text.split(" ") : []))
    .filter((word) => word !== "");
}

const LONGEST = 120;

function shown(value: JsonValue): string {
  const text = writeJson(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
