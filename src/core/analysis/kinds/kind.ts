import { JsonObject, type JsonValue } from "../../base/json/value.ts";

/** The ids of the kinds, for `--as` and for programs. Part of the public interface (docs/kinds.md). */
export const KIND_IDS = [
  "access-token",
  "refresh-token",
  "introspection-response",
  "id-token",
  "logout-token",
  "security-event",
  "authorization-response",
  "entity-statement",
  "dpop-proof",
  "client-assertion",
  "authorization-request",
  "sd-jwt-vc",
  "key-binding",
  "status-list",
  "kubernetes-service-account",
  "github-actions",
] as const;

export type KindId = (typeof KIND_IDS)[number];

/** What a member's value must be. */
export interface Form {
  /** Completes "must be …". */
  readonly says: string;
  /** @param claims the whole payload, for what depends on another claim */
  readonly fits: (value: JsonValue, claims: JsonObject) => boolean;
}

/** A member of the header or of the payload, perhaps with what it must be. */
export interface Member {
  readonly part: "header" | "payload";
  readonly name: string;
  /** One of the two is enough. */
  readonly or?: string;
  readonly form?: Form;
}

/** What a specification says about a member of one kind of token. */
export interface Demand extends Member {
  readonly level: "must" | "should" | "must not" | "should not";
  /** The section of the kind's specification. */
  readonly section: string;
}

/** How a kind is recognised when `typ` does not name it: all of these members are there. */
export interface Sign {
  /** Completes "it is a …: …". */
  readonly says: string;
  readonly all: readonly Member[];
  /** Claims that speak against it. */
  readonly none?: readonly string[];
}

/** One kind of token. A new one is an object in its family's file, and nothing else. */
export interface TokenKind {
  readonly id: KindId;
  /** With its article, for sentences. */
  readonly name: string;
  readonly specification: string;
  /** What it is for: one plain sentence, without its full stop. */
  readonly purpose: string;
  /** The values of `typ` that name it, the usual one first. */
  readonly types: readonly string[];
  /** Whether `typ` must be one of these, should be, or need not be there. */
  readonly typed: "must" | "should" | "may";
  readonly signs: readonly Sign[];
  readonly demands: readonly Demand[];
  /** General lint rules that do not apply; with a JSON Pointer only there. */
  readonly exempt: readonly (string | readonly [rule: string, where: string])[];
}

/** Demands of one section, all on the same level. */
export function demands(
  level: Demand["level"],
  section: string,
  part: Member["part"],
  ...members: readonly (string | Omit<Member, "part">)[]
): readonly Demand[] {
  return members.map((member) => ({
    ...(typeof member === "string" ? { name: member } : member),
    ...{ level, section, part },
  }));
}

export const claim = (name: string, form?: Form): Member => ({
  ...{ part: "payload", name },
  ...(form === undefined ? {} : { form }),
});

/** A sign of claims that only this kind has. */
export const sign = (...names: readonly string[]): Sign => ({
  says: `it has ${names.join(" and ")}`,
  all: names.map((name) => claim(name)),
});

export function equals(text: string): Form {
  return { says: `"${text}"`, fits: (value) => value === text };
}

export function sameAs(name: string): Form {
  return { says: `the same as ${name}`, fits: (value, claims) => value === claims.get(name) };
}

export function matches(pattern: RegExp, says: string): Form {
  return { says, fits: (value) => typeof value === "string" && pattern.test(value) };
}

export const OBJECT: Form = { says: "an object", fits: (value) => value instanceof JsonObject };

export function objectWith(...names: readonly string[]): Form {
  return {
    says: `an object with ${names.map((name) => `"${name}"`).join(" and ")}`,
    fits: (value) => value instanceof JsonObject && names.every((name) => value.has(name)),
  };
}
