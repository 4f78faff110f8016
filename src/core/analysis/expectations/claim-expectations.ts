import { readJson } from "../../base/json/read.ts";
import { JsonObject, type JsonValue, numberOf } from "../../base/json/value.ts";
import { writeJson } from "../../base/json/write.ts";
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
    return fail("expect", "claim_missing", `there is no ${name}; expected ${shown(wanted)}`);
  }
  if (same(found, wanted)) return pass("expect", `${name} is ${shown(wanted)}`);
  if (isList(found) && found.some((entry) => same(entry, wanted))) {
    return pass("expect", `${name} has ${shown(wanted)}`);
  }
  const isScope = SCOPES.has(path.at(-1) ?? "");
  if (isScope && typeof wanted === "string" && wordsOf(found).includes(wanted)) {
    return pass("expect", `${name} has ${shown(wanted)}`);
  }
  return fail(
    "expect",
    "claim_mismatch",
    `${name} is ${shown(found)}; expected ${shown(wanted)}${typeRemark(name, found, wanted)}`,
  );
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
  return fail("scope", "scope_missing", `${has}; missing ${missing.map(quoted).join(", ")}`);
}

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
