import { AppError } from "../../base/errors.ts";
import type { JsonObject, JsonValue } from "../../base/json/value.ts";
import { writeJson } from "../../base/json/write.ts";

/** A change of one member of the claims set or of the header. */
export type Edit =
  | { readonly kind: "set"; readonly name: string; readonly value: JsonValue }
  | { readonly kind: "remove"; readonly name: string };

/**
 * Applies the edits in their order and returns the changed object.
 * @param what how messages call its members, as in `claim`
 * @throws AppError `usage` for a member to be removed that is not there
 */
export function applyEdits(object: JsonObject, edits: readonly Edit[], what: string): JsonObject {
  let result = object;
  for (const edit of edits) {
    if (edit.kind === "set") result = result.with(edit.name, edit.value);
    else if (result.has(edit.name)) result = result.without(edit.name);
    else {
      const present = [...new Set(object.members.map(([name]) => name))];
      throw new AppError("usage", `there is no ${what} "${edit.name}" to remove`, {
        hints: [
          present.length === 0 ? `The token has no ${what} at all` : `There are: ${present.join(", ")}`,
        ],
      });
    }
  }
  return result;
}

/** One difference between the token and the forged one. */
export interface Change {
  /** A JSON Pointer into `{header, payload, signature}`. */
  readonly where: string;
  /** Undefined for what was added. */
  readonly from: JsonValue | undefined;
  /** Undefined for what was removed. */
  readonly to: JsonValue | undefined;
}

/** The members that differ: in the order of `before`, then the new ones. @param prefix `/header` or `/payload` */
export function changesBetween(before: JsonObject, after: JsonObject, prefix: string): readonly Change[] {
  const names = new Set([...before.members, ...after.members].map(([name]) => name));
  const changes: Change[] = [];
  for (const name of names) {
    const [from, to] = [before.get(name), after.get(name)];
    if (textOf(from) === textOf(to)) continue;
    changes.push({ where: `${prefix}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`, from, to });
  }
  return changes;
}

function textOf(value: JsonValue | undefined): string | undefined {
  return value === undefined ? undefined : writeJson(value);
}

/** Claims that grant privileges, and the value an attacker writes into them. */
const PRIVILEGES: readonly (readonly [name: string, value: JsonValue])[] = [
  ["role", "admin"],
  ["roles", ["admin"]],
  ["admin", true],
  ["is_admin", true],
  ["groups", ["admin"]],
  ["scope", "admin"],
];

/** The edit an attacker would make first: to a privilege if the token has one, else to `sub`. */
export function escalation(claims: JsonObject): Edit {
  for (const [name, value] of PRIVILEGES) {
    if (claims.has(name) && textOf(claims.get(name)) !== textOf(value)) return { kind: "set", name, value };
  }
  return { kind: "set", name: "sub", value: claims.get("sub") === "admin" ? "root" : "admin" };
}
