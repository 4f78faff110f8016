import { ExactNumber, type JsonValue } from "../../base/json/value.ts";
import { escapeCodeUnits, isUnsafe, UNSAFE_CHARACTERS } from "../../base/text/unsafe-characters.ts";
import { leavesOf, membersOf } from "./json-pointer.ts";
import type { PayloadFinder } from "./payload-results.ts";
import type { LintRule, LintSubject, Occurrence } from "./rule.ts";

/** The size of a cookie that every browser keeps, with name and attributes, in bytes (RFC 6265 section 6.1). */
export const COOKIE_LIMIT = 4096;
/** The size of request headers that most servers accept, in bytes. */
export const HEADER_LIMIT = 8192;

/** Rules about how the token is written. */
export const FORM_RULES: readonly LintRule[] = [
  {
    id: "oversized-header",
    severity: "error",
    title: "too long for a request header",
    why: "most servers refuse request headers of more than 8 KiB, and then nothing works for users with many claims",
    reference: "RFC 9110 section 5.4",
    check: ({ token }) =>
      oversized(token.text.length, HEADER_LIMIT, Number.POSITIVE_INFINITY, "a request header"),
  },
  {
    id: "oversized-cookie",
    severity: "warning",
    title: "too long for a cookie",
    why: "browsers drop cookies of more than 4 KiB without a word, and the user is logged out",
    reference: "RFC 6265 section 6.1",
    check: ({ token }) => oversized(token.text.length, COOKIE_LIMIT, HEADER_LIMIT, "a cookie"),
  },
  {
    id: "not-claims",
    severity: "error",
    title: "the payload is not a claims set",
    why: "a JWT is a JSON object: libraries fail on anything else, or take it for an empty one",
    reference: "RFC 7519 section 7.2",
    check: ({ token, claims }) =>
      token.encrypted || claims !== undefined
        ? []
        : [{ message: "the payload is not a JSON object", where: "/payload" }],
  },
  {
    id: "duplicate-member",
    severity: "error",
    title: "a member is there twice",
    why: "one reader takes the first and another the last: what is checked is then not what is used",
    reference: "RFC 7515 section 4, RFC 7519 section 4",
    check: duplicates,
  },
  {
    id: "non-canonical",
    severity: "error",
    title: "the base64url is not canonical",
    why: "one token in several spellings passes block lists, and strict verifiers refuse all spellings but one",
    reference: "RFC 7515 section 2, RFC 4648 section 3.5",
    check: nonCanonical,
  },
  {
    id: "invisible-characters",
    severity: "error",
    title: "control or invisible characters",
    why: "they make two different names look alike, turn text around, and act on terminals and logs",
    reference: "RFC 8725 section 3.10, RFC 7515 section 10.13",
    check: (subject) => everywhere(subject, invisible),
  },
  {
    id: "unsafe-integer",
    severity: "warning",
    title: "an integer that many readers round",
    why: "JavaScript and others keep 53 bits: two different ids become the same one",
    reference: "RFC 7493 section 2.2, RFC 8259 section 6",
    check: (subject) => everywhere(subject, unsafeIntegers),
  },
  {
    id: "prototype-name",
    severity: "warning",
    title: "a member is named like a JavaScript internal",
    why: "code that copies members one by one can be made to change every object of the program",
    reference: "RFC 8725 section 3.10",
    check: (subject) => everywhere(subject, prototypeNames),
  },
];

function oversized(length: number, above: number, upTo: number, carrier: string): readonly Occurrence[] {
  if (length <= above || length > upTo) return [];
  return [{ message: `${length} bytes; ${carrier} can carry ${above}`, where: "" }];
}

/** What is found in header and payload, when they are JSON. */
function everywhere({ token, payload }: LintSubject, find: PayloadFinder<Occurrence>): readonly Occurrence[] {
  const { content } = token.header;
  return [...(content.kind === "json" ? find(content.value, "/header") : []), ...payload.of(find)];
}

function unsafeIntegers(value: JsonValue, where: string): readonly Occurrence[] {
  return [...leavesOf(value, where, "")]
    .filter((leaf) => leaf.value instanceof ExactNumber && /^-?\d+$/.test(leaf.value.text))
    .map((leaf) => ({ message: "an integer beyond 2^53; write it as a string", where: leaf.where }));
}

function prototypeNames(value: JsonValue, where: string): readonly Occurrence[] {
  return [...membersOf(value, where)]
    .filter(({ name }) => name === "__proto__" || name === "constructor" || name === "prototype")
    .map((member) => ({ message: `a member is named ${member.name}`, where: member.where }));
}

function duplicates({ token }: LintSubject): readonly Occurrence[] {
  const parts = [
    ["header", token.header.content],
    ["payload", token.payload?.content],
  ] as const;
  return parts.flatMap(([name, content]) =>
    content?.kind === "json"
      ? content.duplicates.map((place) => ({
          message: `${place} is there more than once`,
          where: `/${name}${place}`,
        }))
      : [],
  );
}

function nonCanonical({ token }: LintSubject): readonly Occurrence[] {
  const { header, payload, signature } = token;
  return Object.entries({ header, payload, signature }).flatMap(([name, segment]) => {
    if (segment === undefined) return [];
    const how = misspelling(segment.text, segment.fault?.kind);
    return how === undefined ? [] : [{ message: `the ${name} ${how}`, where: `/${name}` }];
  });
}

function misspelling(text: string, fault: string | undefined): string | undefined {
  if (fault === "trailing_bits") return "has unused bits set in its last character";
  if (fault === "length") return "has a length that no base64url has: it was cut";
  if (text.endsWith("=")) return "has padding (=)";
  if (/^[\w+/-]*$/.test(text) && /[+/]/.test(text)) return "is base64, not base64url";
  return fault === "character" ? "has characters that are not base64url" : undefined;
}

const UNSAFE = new RegExp(UNSAFE_CHARACTERS);

function invisible(value: JsonValue, where: string): readonly Occurrence[] {
  return [
    ...[...membersOf(value, where)]
      .filter(({ name }) => isUnsafe(name))
      .map((member) => ({ message: `a name has ${characterIn(member.name)}`, where: member.where })),
    ...[...leavesOf(value, where, "")].flatMap((leaf) =>
      typeof leaf.value === "string" && isUnsafe(leaf.value)
        ? [{ message: `a value has ${characterIn(leaf.value)}`, where: leaf.where }]
        : [],
    ),
  ];
}

/** The code of the first unsafe character, as in `U+200B`. */
function characterIn(text: string): string {
  const [found = ""] = UNSAFE.exec(text) ?? [];
  return `the character ${escapeCodeUnits(found)}`;
}
