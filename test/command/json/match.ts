import { type Declarations, type Member, type Shape, written } from "./shape.ts";

const ISO_UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

type Faults = readonly string[];

interface OwnedMember extends Member {
  /** The declaration it comes from, when it was put together with others. */
  readonly owner?: string;
}

/** One of the objects that an intersection allows. */
interface Whole {
  readonly label: string;
  readonly members: readonly OwnedMember[];
  /** The alternatives of named parts that were taken for it. */
  readonly taken: readonly string[];
}

interface Alternative {
  readonly label: string;
  readonly taken?: readonly string[];
  readonly check: () => Faults;
}

/**
 * Compares documents with declared shapes, member by member: what is there and not declared is a fault, too. Remembers
 * what has been seen, so that what is declared and never comes can be told.
 */
export class Matcher {
  private readonly declarations: Declarations;
  private seen = new Set<string>();

  constructor(declarations: Declarations) {
    this.declarations = declarations;
  }

  /** @returns where the document differs from the shape of that name; nothing when it fits */
  faults(name: string, document: unknown): Faults {
    return this.check({ kind: "named", name }, document, name, "$");
  }

  /** What the shapes allow and no document has had: alternatives, optional members given or left out, filled lists. */
  unseen(names: Iterable<string>): Faults {
    const points = [...names].flatMap((name) => [...this.points(this.declared(name), name)]);
    return points.filter((point) => !this.seen.has(point));
  }

  private declared(name: string): Shape {
    const shape = this.declarations.get(name);
    if (shape === undefined) throw new Error(`the type ${name} is not declared`);
    return shape;
  }

  /** @param id the place in the declarations @param at the place in the document */
  private check(shape: Shape, value: unknown, id: string, at: string): Faults {
    switch (shape.kind) {
      case "basic":
        return isBasic(shape.name, value) ? [] : [`${at} is not ${shape.name}: ${shown(value)}`];
      case "literal":
        return value === shape.value ? [] : [`${at} is not ${JSON.stringify(shape.value)}: ${shown(value)}`];
      case "named":
        return this.checkNamed(shape.name, value, at);
      case "list":
        if (!Array.isArray(value)) return [`${at} is not a list: ${shown(value)}`];
        if (value.length > 0) this.seen.add(`${id}: not empty`);
        return value.flatMap((item, index) => this.check(shape.of, item, `${id}[]`, `${at}[${index}]`));
      case "map":
        if (!isObject(value)) return [`${at} is not an object: ${shown(value)}`];
        return Object.entries(value).flatMap(([name, item]) =>
          this.check(shape.of, item, `${id}.*`, `${at}.${name}`),
        );
      case "object":
        return this.checkMembers(shape.members, value, id, at);
      case "one":
        return this.checkOne(
          shape.of.map((part) => ({
            label: written(part),
            check: () => this.check(part, value, `${id}|${written(part)}`, at),
          })),
          id,
        );
      case "all":
        return this.checkOne(
          this.wholes(shape, id).map(({ label, taken, members }) => ({
            label,
            taken,
            check: () => this.checkMembers(members, value, id, at),
          })),
          id,
        );
    }
  }

  private checkNamed(name: string, value: unknown, at: string): Faults {
    if (name === "Time" && !(typeof value === "string" && ISO_UTC.test(value))) {
      return [`${at} is no time in UTC: ${shown(value)}`];
    }
    return this.check(this.declared(name), value, name, at);
  }

  private checkMembers(members: readonly OwnedMember[], value: unknown, id: string, at: string): Faults {
    if (!isObject(value)) return [`${at} is not an object: ${shown(value)}`];
    const strange = Object.keys(value).filter((name) => members.every((member) => member.name !== name));
    const faults = members.flatMap(({ name, optional, shape, owner = id }) => {
      const there = Object.hasOwn(value, name);
      if (optional) this.seen.add(`${owner}.${name}: ${there ? "given" : "left out"}`);
      if (!there) return optional ? [] : [`${at}.${name} is missing`];
      return this.check(shape, value[name], `${owner}.${name}`, `${at}.${name}`);
    });
    return [...strange.map((name) => `${at}.${name} is not declared: ${shown(value[name])}`), ...faults];
  }

  /** The alternative that fits, or the faults of the one that comes closest. */
  private checkOne(alternatives: readonly Alternative[], id: string): Faults {
    const before = this.seen;
    let closest: Faults | undefined;
    for (const { label, taken = [], check } of alternatives) {
      this.seen = new Set(before);
      const faults = check();
      if (faults.length === 0) {
        for (const point of [`${id}: ${label}`, ...taken]) this.seen.add(point);
        return [];
      }
      if (closest === undefined || faults.length < closest.length) closest = faults;
    }
    this.seen = before;
    return closest ?? [];
  }

  /** An intersection as the objects it allows: where a part has alternatives, one object for each. */
  private wholes(shape: Shape, owner: string): readonly Whole[] {
    switch (shape.kind) {
      case "object":
        return [
          {
            label: written(shape),
            members: shape.members.map((member) => ({ ...member, owner })),
            taken: [],
          },
        ];
      case "named": {
        const declared = this.declared(shape.name);
        const wholes = this.wholes(declared, shape.name);
        return declared.kind === "one" ? wholes : wholes.map((whole) => ({ ...whole, label: shape.name }));
      }
      case "one":
        return shape.of.flatMap((part) =>
          this.wholes(part, `${owner}|${written(part)}`).map((whole) => ({
            ...whole,
            taken: [...whole.taken, `${owner}: ${written(part)}`],
          })),
        );
      case "all":
        return shape.of
          .map((part) => this.wholes(part, owner))
          .reduce((wholes, parts) =>
            wholes.flatMap((whole) =>
              parts.map((part) => ({
                label: `${whole.label} & ${part.label}`,
                members: [...whole.members, ...part.members],
                taken: [...whole.taken, ...part.taken],
              })),
            ),
          );
      default:
        throw new Error(`${owner}: ${written(shape)} has no members`);
    }
  }

  /** Every point of a declaration that a document can reach; what it names is a declaration of its own. */
  private *points(shape: Shape, id: string): Iterable<string> {
    switch (shape.kind) {
      case "list":
        yield `${id}: not empty`;
        yield* this.points(shape.of, `${id}[]`);
        break;
      case "map":
        yield* this.points(shape.of, `${id}.*`);
        break;
      case "object":
        for (const { name, optional, shape: of } of shape.members) {
          if (optional) yield* [`${id}.${name}: given`, `${id}.${name}: left out`];
          yield* this.points(of, `${id}.${name}`);
        }
        break;
      case "one":
        for (const part of shape.of) {
          if (part.kind !== "literal") yield `${id}: ${written(part)}`;
          yield* this.points(part, `${id}|${written(part)}`);
        }
        break;
      case "all":
        for (const { label } of this.wholes(shape, id)) yield `${id}: ${label}`;
        for (const part of shape.of) if (part.kind === "object") yield* this.points(part, id);
        break;
    }
  }
}

function isBasic(name: string, value: unknown): boolean {
  return name === "unknown" || (name === "null" ? value === null : typeof value === name);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "undefined";
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
