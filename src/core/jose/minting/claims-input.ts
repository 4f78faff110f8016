import { AppError } from "../../base/errors.ts";
import { readJson } from "../../base/json/read.ts";
import { type JsonMember, JsonObject, type JsonValue } from "../../base/json/value.ts";
import { shellWord } from "../../base/text/wording.ts";
import { quotesLost } from "./lost-quotes.ts";

/** Members from one source: a flag, or the JSON document. */
export interface GivenMembers {
  /** The source in messages: `--claim`, `the JSON`. */
  readonly source: string;
  readonly members: readonly JsonMember[];
  /** For a JSON document: the jq path of the members, as in `.payload`; empty for the document itself. */
  readonly within?: string;
}

/** A jq command that removes members from the JSON document, for hints. */
export function jqWithout({ within = "" }: GivenMembers, names: readonly string[]): string {
  const paths = names.map(
    (name) => `${within}${/^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`}`,
  );
  return `Take ${names.length === 1 ? "it" : "them"} out of the JSON with: jq ${shellWord(`del(${paths.join(", ")})`)}`;
}

/**
 * `name=text` or `name:=json`, split at the first `=`. Text stays text: `level=3` is `"3"`, `level:=3` is `3`.
 *
 * @param flag the option it was given with, for messages
 * @throws AppError `usage`
 */
export function parseMember(text: string, flag: string): JsonMember {
  const refuse = (reason: string, hint: string) =>
    new AppError("usage", `${flag} ${JSON.stringify(text)}: ${reason}`, { hints: [hint] });
  const equals = text.indexOf("=");
  if (equals < 0) throw refuse("there is no =", `Write it as ${flag} name=text or ${flag} name:=json`);
  const isJson = text[equals - 1] === ":";
  const name = text.slice(0, isJson ? equals - 1 : equals);
  if (name === "") throw refuse("there is no name before the =", `Write it as ${flag} name=text`);
  const value = text.slice(equals + 1);
  if (!isJson) return [name, value];
  const reading = readJson(value);
  if (!reading.ok) {
    const lost = quotesLost(value);
    throw refuse(
      `what follows := is not JSON: ${lost?.what ?? reason(reading)}`,
      lost?.hint ?? `For text write ${flag} ${name}=text; JSON text is in double quotes`,
    );
  }
  refuseDuplicates(reading.duplicates, `${flag} ${JSON.stringify(name)}`);
  return [name, reading.value];
}

/**
 * Claims from `--claim` flags, in their order.
 * @throws AppError `usage`, also when a name occurs twice
 */
export function parseClaims(assignments: readonly string[], flag = "--claim"): JsonObject {
  return mergeMembers(assignments.map((text) => ({ source: flag, members: [parseMember(text, flag)] })));
}

/** Merges members into one object, in their order. @throws AppError `usage` when a name occurs twice */
export function mergeMembers(given: readonly GivenMembers[]): JsonObject {
  const places = new Map<string, GivenMembers>();
  for (const place of given) {
    for (const [name] of place.members) {
      const earlier = places.get(name);
      if (earlier !== undefined) throw twice(name, earlier, place);
      places.set(name, place);
    }
  }
  return new JsonObject(given.flatMap(({ members }) => members));
}

function twice(name: string, first: GivenMembers, second: GivenMembers): AppError {
  const where =
    first.source === second.source ? `${first.source}, both times` : `${first.source} and ${second.source}`;
  const document = [first, second].find(({ within }) => within !== undefined);
  return new AppError("usage", `${JSON.stringify(name)} is given twice: by ${where}`, {
    hints: [
      "Give it once",
      ...(document && first.source !== second.source ? [jqWithout(document, [name])] : []),
    ],
  });
}

/** The JSON document given to `mint`. */
export interface ClaimsDocument {
  readonly claims: JsonObject;
  /** The header, when the document is the output of `decode --json`. */
  readonly header: JsonObject | undefined;
}

/**
 * Parses a claims set, or the (perhaps edited) output of `decode --json`: an object with the objects `header` and
 * `payload`.
 *
 * @throws AppError `json_malformed` when it is not JSON, `usage` when it is no such object or has a name twice
 */
export function parseClaimsDocument(text: string): ClaimsDocument {
  const reading = readJson(text);
  if (!reading.ok) {
    const lost = quotesLost(text);
    throw new AppError("json_malformed", `the claims are not JSON: ${lost?.what ?? reason(reading)}`, {
      hints: [lost?.hint ?? `Give an object, as in '{"sub":"bob"}', or single claims with --claim name=text`],
    });
  }
  refuseDuplicates(reading.duplicates, "the JSON");
  const { value } = reading;
  if (!(value instanceof JsonObject)) {
    throw new AppError("usage", `the claims must be a JSON object, not ${kindOf(value)}`, {
      hints: [`Give an object, as in '{"sub":"bob"}'`],
    });
  }
  const [header, payload] = [value.get("header"), value.get("payload")];
  return header instanceof JsonObject && payload instanceof JsonObject
    ? { claims: payload, header }
    : { claims: value, header: undefined };
}

function refuseDuplicates(duplicates: readonly string[], source: string): void {
  if (duplicates.length === 0) return;
  throw new AppError(
    "usage",
    `${source} has ${duplicates.map((pointer) => JSON.stringify(pointer)).join(", ")} twice`,
    {
      hints: ["Give every name once"],
    },
  );
}

function reason(reading: { readonly reason: string; readonly position: number }): string {
  return `${reading.reason} at position ${reading.position}`;
}

function kindOf(value: JsonValue): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a number" : `a ${typeof value}`;
}
