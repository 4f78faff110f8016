/**
 * JSON values as a token carries them: nothing is lost between the bytes that were signed and what is shown.
 * Plain JavaScript objects would lose the order of members named like integers, let a member named `__proto__`
 * vanish, keep only one of two members with the same name, and round large numbers.
 */
export type JsonValue = null | boolean | string | number | ExactNumber | readonly JsonValue[] | JsonObject;

/** A number whose text JavaScript's number type would not give back (beyond 2^53, `1.0`, `1e400`). */
export class ExactNumber {
  /** The number as it was written. */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** The nearest double, perhaps infinite. */
  toNumber(): number {
    return Number(this.text);
  }
}

export type JsonMember = readonly [name: string, value: JsonValue];

/** So many members are looked through one by one. */
const FEW = 16;

/** A JSON object: its members in their order, repeated names included. */
export class JsonObject {
  readonly members: readonly JsonMember[];
  /** For many members, made at the first question: who asks for one after the other would wait by the square. */
  #last: ReadonlyMap<string, JsonValue> | undefined;

  constructor(members: readonly JsonMember[] = []) {
    this.members = members;
  }

  /** An object from a plain record; members that are `undefined` are left out. */
  static of(record: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
    return new JsonObject(
      Object.entries(record).filter((member): member is [string, JsonValue] => member[1] !== undefined),
    );
  }

  /** The value of a member; of several with the same name the last, as most parsers take it. */
  get(name: string): JsonValue | undefined {
    if (this.members.length > FEW) return this.#index().get(name);
    for (let index = this.members.length - 1; index >= 0; index--) {
      const member = this.members[index];
      if (member !== undefined && member[0] === name) return member[1];
    }
    return undefined;
  }

  has(name: string): boolean {
    if (this.members.length > FEW) return this.#index().has(name);
    for (const member of this.members) if (member[0] === name) return true;
    return false;
  }

  /** A copy in which `name` occurs once, with this value: in its first place, or at the end. */
  with(name: string, value: JsonValue): JsonObject {
    const members: JsonMember[] = [];
    let placed = false;
    for (const member of this.members) {
      if (member[0] !== name) members.push(member);
      else if (!placed) members.push([name, value]);
      placed ||= member[0] === name;
    }
    if (!placed) members.push([name, value]);
    return new JsonObject(members);
  }

  #index(): ReadonlyMap<string, JsonValue> {
    this.#last ??= new Map(this.members);
    return this.#last;
  }

  /** A copy without the members of that name. */
  without(name: string): JsonObject {
    return new JsonObject(this.members.filter((member) => member[0] !== name));
  }
}

/** The double behind a JSON number, or undefined when the value is not a number. */
export function numberOf(value: JsonValue | undefined): number | undefined {
  if (typeof value === "number") return value;
  return value instanceof ExactNumber ? value.toNumber() : undefined;
}

/** A plain JavaScript value as a {@link JsonValue}. @throws TypeError for what JSON cannot say (NaN, functions). */
export function jsonFrom(value: unknown): JsonValue {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (value instanceof ExactNumber || value instanceof JsonObject) return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (typeof value === "bigint") return new ExactNumber(value.toString());
  if (Array.isArray(value)) return value.map(jsonFrom);
  if (typeof value === "object") {
    const members = Object.entries(value).filter((member) => member[1] !== undefined);
    return new JsonObject(members.map(([name, member]) => [name, jsonFrom(member)]));
  }
  throw new TypeError(`JSON has no ${typeof value}`);
}
