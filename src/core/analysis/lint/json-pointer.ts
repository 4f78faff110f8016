import { ExactNumber, JsonObject, type JsonValue } from "../../base/json/value.ts";

/** A JSON Pointer (RFC 6901). */
export function jsonPointer(...steps: readonly (string | number)[]): string {
  return steps.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** A string or a number somewhere in a JSON value. */
export interface Leaf {
  readonly value: string | number | ExactNumber;
  readonly where: string;
  /** The name of the member it stands in, through arrays. */
  readonly name: string;
}

/** Every string and number under a value, with its place. */
export function* leavesOf(value: JsonValue, where: string, name: string): Generator<Leaf> {
  if (typeof value === "string" || typeof value === "number" || value instanceof ExactNumber) {
    yield { value, where, name };
  } else if (value instanceof JsonObject) {
    for (const [member, inner] of value.members) yield* leavesOf(inner, where + jsonPointer(member), member);
  } else if (isList(value)) {
    for (const [index, inner] of value.entries()) yield* leavesOf(inner, where + jsonPointer(index), name);
  }
}

/** Every member of every object under a value. */
export function* membersOf(
  value: JsonValue | undefined,
  where: string,
): Generator<{ readonly name: string; readonly value: JsonValue; readonly where: string }> {
  if (value instanceof JsonObject) {
    for (const [name, inner] of value.members) {
      const place = where + jsonPointer(name);
      yield { name, value: inner, where: place };
      yield* membersOf(inner, place);
    }
  } else if (value !== undefined && isList(value)) {
    for (const [index, inner] of value.entries()) yield* membersOf(inner, where + jsonPointer(index));
  }
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
