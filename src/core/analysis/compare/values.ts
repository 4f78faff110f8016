import { ExactNumber, JsonObject, type JsonValue } from "../../base/json/value.ts";
import { writeJson } from "../../base/json/write.ts";
import { lookalikeCharacters, looksLike } from "../../base/text/lookalikes.ts";

/**
 * How two values of one member relate. `equivalent`: the same meaning in another form, as an audience as a string and
 * in a list of one.
 */
export type Relation =
  | { readonly status: "same" }
  | { readonly status: "equivalent" | "changed"; readonly how?: string };

/** Lists whose order means nothing (RFC 7519 section 4.1.3, RFC 9068 section 2.2.3, OpenID Connect Core section 2). */
const SETS: ReadonlySet<string> = new Set([
  "aud",
  "amr",
  "roles",
  "groups",
  "entitlements",
  "permissions",
  "scp",
]);

/** Compares two values of the member `name`. The order of members in objects does not matter. */
export function relate(name: string, left: JsonValue, right: JsonValue): Relation {
  if (writeJson(left) === writeJson(right)) return { status: "same" };
  if (equal(left, right)) return { status: "same" };
  const [first, second] = [elementsOf(name, left), elementsOf(name, right)];
  if (first !== undefined && second !== undefined) return relateSets(name, left, right, { first, second });
  if (isNumber(left) && isNumber(right)) return relateNumbers(left, right);
  const [was, is] = [typeName(left), typeName(right)];
  if (was !== is) return { status: "changed", how: `${was} became ${is}` };
  if (isList(left) && isList(right))
    return { status: "changed", ...membership(left.map(shown), right.map(shown)) };
  if (typeof left === "string" && typeof right === "string") {
    const how = subtlety(left, right);
    return how === undefined ? { status: "changed" } : { status: "changed", how };
  }
  return { status: "changed" };
}

/** Describes a difference that is easily overlooked but makes a verifier refuse the token. */
function subtlety(left: string, right: string): string | undefined {
  if (left.trim() === right.trim()) return "only white space at the ends differs";
  if (left.replace(/\/$/, "") === right.replace(/\/$/, "")) return "only the slash at the end differs";
  if (left.toLowerCase() === right.toLowerCase()) return "only upper and lower case differ";
  return likeness(left, right);
}

/** The longest text, in UTF-16 units, that is searched for look-alike characters. */
const LONGEST_NAME = 1_000;

/** Says that two texts look the same and have different characters; undefined when they look different. */
function likeness(left: string, right: string): string | undefined {
  if (Math.max(left.length, right.length) > LONGEST_NAME || !looksLike(left, right)) return undefined;
  const [first, second] = [lookalikeCharacters(left, right), lookalikeCharacters(right, left)];
  const whose = [
    ...(first.length === 0 ? [] : [`the first has ${first.join(", ")}`]),
    ...(second.length === 0 ? [] : [`the second has ${second.join(", ")}`]),
  ];
  return `they look alike, but ${whose.length === 0 ? "have other characters" : whose.join("; ")}`;
}

/** Equal in all but the order of members. */
export function equal(left: JsonValue, right: JsonValue): boolean {
  if (left instanceof JsonObject && right instanceof JsonObject) {
    const names = new Set([...left.members, ...right.members].map(([name]) => name));
    return [...names].every((name) => {
      const [first, second] = [left.get(name), right.get(name)];
      return first !== undefined && second !== undefined && equal(first, second);
    });
  }
  if (isList(left) && isList(right)) {
    return left.length === right.length && left.every((item, index) => equal(item, right[index] ?? null));
  }
  return writeJson(left) === writeJson(right);
}

/** The elements of a member that is a set, from a string or a list; undefined for other members. */
function elementsOf(name: string, value: JsonValue): readonly string[] | undefined {
  if (name === "scope" && typeof value === "string") return value.split(" ").filter((word) => word !== "");
  if (name === "aud" && typeof value === "string") return [value];
  const isSet = SETS.has(name) || name === "scope";
  return isSet && isList(value) && value.every((item) => typeof item === "string")
    ? (value as string[])
    : undefined;
}

function relateSets(
  name: string,
  left: JsonValue,
  right: JsonValue,
  { first, second }: { first: readonly string[]; second: readonly string[] },
): Relation {
  const difference = membership(first, second);
  if (difference.how !== undefined) return { status: "changed", ...difference };
  const form = isList(left) !== isList(right);
  if (!form) return { status: "equivalent", how: "only the order differs" };
  // A scope must be a string (RFC 8693 section 4.2); an audience may be either.
  return {
    status: name === "aud" ? "equivalent" : "changed",
    how: `${typeName(left)} became ${typeName(right)}`,
  };
}

/** Names the elements that only one of two lists has. */
function membership(first: readonly string[], second: readonly string[]): { readonly how?: string } {
  const [before, after] = [new Set(first), new Set(second)];
  const gone = first.filter((item) => !after.has(item));
  const come = second.filter((item) => !before.has(item));
  const [only, other] = [gone[0] ?? "", come[0] ?? ""];
  const alike = gone.length === 1 && come.length === 1 ? likeness(only, other) : undefined;
  const parts = [
    ...(come.length === 0 ? [] : [`added: ${come.join(", ")}`]),
    ...(gone.length === 0 ? [] : [`removed: ${gone.join(", ")}`]),
    ...(alike === undefined ? [] : [alike]),
  ];
  return parts.length === 0 ? {} : { how: parts.join("; ") };
}

function relateNumbers(left: number | ExactNumber, right: number | ExactNumber): Relation {
  const [first, second] = [canonical(left), canonical(right)];
  if (first !== undefined && first === second)
    return { status: "equivalent", how: "the same number, written differently" };
  return { status: "changed" };
}

/** A number without trailing zeros (`1.50` as `1.5`); undefined for one that is not compared. */
function canonical(value: number | ExactNumber): string | undefined {
  const text = value instanceof ExactNumber ? value.text : String(value);
  const match = /^(-?\d+)(?:\.(\d*?)0*)?$/.exec(text);
  if (match === null) return Number.isSafeInteger(Number(text)) ? String(Number(text)) : undefined;
  const [, whole = "", fraction = ""] = match;
  return fraction === "" ? (whole === "-0" ? "0" : whole) : `${whole}.${fraction}`;
}

function isNumber(value: JsonValue): value is number | ExactNumber {
  return typeof value === "number" || value instanceof ExactNumber;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function shown(value: JsonValue): string {
  return typeof value === "string" ? value : writeJson(value);
}

function typeName(value: JsonValue): string {
  if (value === null) return "null";
  if (isList(value)) return "a list";
  if (value instanceof JsonObject) return "an object";
  return isNumber(value) ? "a number" : `a ${typeof value}`;
}
