import { ExactNumber, type JsonMember, JsonObject, type JsonValue } from "./value.ts";

/** Deeper nesting than this is refused: no token needs it, and no input may exhaust the call stack. */
export const MAX_JSON_DEPTH = 256;

export type JsonReading =
  | {
      readonly ok: true;
      readonly value: JsonValue;
      /** JSON Pointers (RFC 6901) of the member names that an object holds more than once. */
      readonly duplicates: readonly string[];
    }
  | {
      readonly ok: false;
      /** What is wrong, as in "expected a colon". */
      readonly reason: string;
      /** Where: UTF-16 code units from the start of the text. */
      readonly position: number;
    };

/**
 * Reads JSON text (RFC 8259) without losing anything: member order, repeated names, the digits of every number.
 * Strict: no comments, no trailing commas, nothing after the value.
 */
export function readJson(text: string): JsonReading {
  const reader = new Reader(text);
  try {
    const value = reader.document();
    return { ok: true, value, duplicates: reader.duplicates };
  } catch (error) {
    if (error instanceof Failure) return { ok: false, reason: error.reason, position: error.position };
    throw error;
  }
}

class Failure {
  readonly reason: string;
  readonly position: number;
  constructor(reason: string, position: number) {
    this.reason = reason;
    this.position = position;
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// A run of string characters that stand for themselves: no quote, no backslash, no control character.
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

class Reader {
  readonly duplicates: string[] = [];
  private readonly text: string;
  private at = 0;
  private depth = 0;
  private readonly path: string[] = [];

  constructor(text: string) {
    this.text = text;
  }

  document(): JsonValue {
    const value = this.value();
    this.space();
    if (this.at < this.text.length) this.fail("unexpected text after the JSON value");
    return value;
  }

  private value(): JsonValue {
    this.space();
    const character = this.text[this.at];
    switch (character) {
      case "{":
        return this.object();
      case "[":
        return this.array();
      case '"':
        return this.string();
      case "t":
        return this.word("true", true);
      case "f":
        return this.word("false", false);
      case "n":
        return this.word("null", null);
      case undefined:
        return this.fail("the text ends where a value should be");
      default:
        return this.number();
    }
  }

  private object(): JsonObject {
    const members: JsonMember[] = [];
    const names = new Set<string>();
    this.open();
    if (!this.closes("}")) {
      do {
        this.space();
        if (this.text[this.at] !== '"') this.fail("expected a member name in double quotes");
        const name = this.string();
        this.path.push(name);
        if (names.has(name)) this.duplicates.push(pointer(this.path));
        names.add(name);
        this.space();
        if (this.text[this.at] !== ":") this.fail("expected a colon");
        this.at++;
        members.push([name, this.value()]);
        this.path.pop();
      } while (this.continues("}"));
    }
    this.depth--;
    return new JsonObject(members);
  }

  private array(): JsonValue[] {
    const items: JsonValue[] = [];
    this.open();
    if (!this.closes("]")) {
      do {
        this.path.push(String(items.length));
        items.push(this.value());
        this.path.pop();
      } while (this.continues("]"));
    }
    this.depth--;
    return items;
  }

  private open(): void {
    if (++this.depth > MAX_JSON_DEPTH) this.fail(`nested deeper than ${MAX_JSON_DEPTH} levels`);
    this.at++;
  }

  private closes(bracket: string): boolean {
    this.space();
    if (this.text[this.at] !== bracket) return false;
    this.at++;
    return true;
  }

  private continues(bracket: string): boolean {
    if (this.closes(bracket)) return false;
    if (this.text[this.at] !== ",") this.fail(`expected a comma or ${bracket}`);
    this.at++;
    return true;
  }

  private string(): string {
    const start = this.at++;
    let result = "";
    for (;;) {
      PLAIN.lastIndex = this.at;
      const run = PLAIN.exec(this.text)?.[0] ?? "";
      result += run;
      this.at += run.length;
      const character = this.text[this.at];
      if (character === '"') {
        this.at++;
        return result;
      }
      if (character === undefined) this.fail("the string is not closed", start);
      if (character !== "\\") this.fail("a control character inside a string");
      result += this.escape();
    }
  }

  private escape(): string {
    const letter = this.text[this.at + 1] ?? "";
    if (letter === "u") {
      const digits = this.text.slice(this.at + 2, this.at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.fail("\\u needs four hexadecimal digits");
      this.at += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const meaning = ESCAPES[letter];
    if (meaning === undefined) this.fail("an unknown escape in a string");
    this.at += 2;
    return meaning;
  }

  private number(): number | ExactNumber {
    NUMBER.lastIndex = this.at;
    const text = NUMBER.exec(this.text)?.[0];
    if (text === undefined) this.fail("expected a value");
    this.at += text.length;
    const value = Number(text);
    return String(value) === text ? value : new ExactNumber(text);
  }

  private word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) this.fail("expected a value");
    this.at += word.length;
    return value;
  }

  private space(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.at++;
    }
  }

  private fail(reason: string, position = this.at): never {
    throw new Failure(reason, position);
  }
}

function pointer(path: readonly string[]): string {
  return path.map((name) => `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
