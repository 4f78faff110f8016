/** A TypeScript type as docs/json.md writes them, as far as it uses the language. */
export type Shape =
  | { readonly kind: "basic"; readonly name: "string" | "number" | "boolean" | "null" | "unknown" }
  | { readonly kind: "literal"; readonly value: string | boolean }
  | { readonly kind: "named"; readonly name: string }
  | { readonly kind: "list"; readonly of: Shape }
  | { readonly kind: "map"; readonly of: Shape }
  | { readonly kind: "object"; readonly members: readonly Member[] }
  | { readonly kind: "one"; readonly of: readonly Shape[] }
  | { readonly kind: "all"; readonly of: readonly Shape[] };

export interface Member {
  readonly name: string;
  readonly optional: boolean;
  readonly shape: Shape;
}

export type Declarations = ReadonlyMap<string, Shape>;

/** The declarations in a text of `type Name = …;`. @throws what is not understood */
export function readDeclarations(text: string): Map<string, Shape> {
  const words =
    text.replace(/\/\/.*$/gm, "").match(/"[^"]*"|[A-Za-z_]\w*|\[\]|[{}[\]()|&:?;,=]|[^\s\w]/g) ?? [];
  const reader = new Reader(words);
  const found = new Map<string, Shape>();
  while (!reader.atEnd) {
    reader.expect("type");
    const name = reader.next();
    reader.expect("=");
    if (found.has(name)) throw new Error(`${name} is declared twice`);
    found.set(name, reader.shape());
    reader.expect(";");
  }
  return found;
}

const BASIC = ["string", "number", "boolean", "null", "unknown"] as const;

class Reader {
  private readonly words: readonly string[];
  private at = 0;

  constructor(words: readonly string[]) {
    this.words = words;
  }

  get atEnd(): boolean {
    return this.at >= this.words.length;
  }

  next(): string {
    return this.words[this.at++] ?? "the end";
  }

  expect(word: string): void {
    const found = this.next();
    if (found !== word)
      throw new Error(`expected ${word} at "${this.words.slice(this.at - 6, this.at + 3).join(" ")}"`);
  }

  accept(word: string): boolean {
    if (this.words[this.at] !== word) return false;
    this.at++;
    return true;
  }

  shape(): Shape {
    this.accept("|");
    return this.several("|", "one", () => this.several("&", "all", () => this.postfix()));
  }

  private several(separator: string, kind: "one" | "all", read: () => Shape): Shape {
    const first = read();
    if (this.words[this.at] !== separator) return first;
    const of = [first];
    while (this.accept(separator)) of.push(read());
    return { kind, of };
  }

  private postfix(): Shape {
    let shape = this.primary();
    while (this.accept("[]")) shape = { kind: "list", of: shape };
    return shape;
  }

  private primary(): Shape {
    if (this.accept("(")) {
      const shape = this.shape();
      this.expect(")");
      return shape;
    }
    if (this.accept("{")) return this.braces();
    const word = this.next();
    if (word.startsWith('"')) return { kind: "literal", value: word.slice(1, -1) };
    if (word === "true" || word === "false") return { kind: "literal", value: word === "true" };
    const basic = BASIC.find((name) => name === word);
    if (basic) return { kind: "basic", name: basic };
    if (/^[A-Z]\w*$/.test(word)) return { kind: "named", name: word };
    throw new Error(`"${word}" is no type`);
  }

  private braces(): Shape {
    if (this.accept("[")) {
      this.next();
      this.expect(":");
      this.expect("string");
      this.expect("]");
      this.expect(":");
      const of = this.shape();
      this.accept(";");
      this.expect("}");
      return { kind: "map", of };
    }
    const members: Member[] = [];
    while (!this.accept("}")) {
      const name = this.next();
      const optional = this.accept("?");
      this.expect(":");
      members.push({ name, optional, shape: this.shape() });
      if (!this.accept(";")) {
        this.expect("}");
        break;
      }
    }
    return { kind: "object", members };
  }
}

/** As one would write it, on one line. */
export function written(shape: Shape): string {
  switch (shape.kind) {
    case "basic":
    case "named":
      return shape.name;
    case "literal":
      return JSON.stringify(shape.value);
    case "list":
      return `(${written(shape.of)})[]`;
    case "map":
      return `{[name]: ${written(shape.of)}}`;
    case "object":
      return `{${shape.members.map(({ name, optional }) => name + (optional ? "?" : "")).join(", ")}}`;
    case "one":
      return shape.of.map(written).join(" | ");
    case "all":
      return shape.of.map(written).join(" & ");
  }
}
