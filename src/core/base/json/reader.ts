import { ExactNumber, type JsonMember, JsonObject, type JsonValue } from "./value.ts";

/** The deepest nesting that is read, so that no input exhausts the call stack. */
export const MAX_JSON_DEPTH = 256;

/** The fault of a text; thrown by the reader and caught by `readJson`. */
export class Failure {
  readonly reason: string;
  readonly position: number;
  readonly cut: boolean;
  constructor(reason: string, position: number, cut: boolean) {
    this.reason = reason;
    this.position = position;
    this.cut = cut;
  }
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const DELETE = 0x7f;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const NUMBER_CHARACTER = /[\d.eE+-]/;
const FOUR_HEX = /^[0-9a-fA-F]{4}$/;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);
/** Every integer of this many digits is exact in a double. */
const SAFE_DIGITS = 15;
/** The size up to which an object is searched for repeated names one by one; larger ones need a set. */
const FEW_MEMBERS = 16;

/**
 * The parser of `readJson`. For bulk decoding it compares character codes and allocates only the values.
 */
export class Reader {
  /** Whether an object has a repeated name. */
  repeats = false;
  /** Whether the text has neither white space between its tokens nor escapes. */
  compact = true;
  /** Whether the text is printable ASCII only. */
  ascii = true;
  private readonly text: string;
  private at = 0;
  private depth = 0;

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
    switch (this.space()) {
      case OPEN_BRACE:
        return this.object();
      case OPEN_BRACKET:
        return this.array();
      case QUOTE:
        return this.string();
      case 0x74: // t
        return this.word("true", true);
      case 0x66: // f
        return this.word("false", false);
      case 0x6e: // n
        return this.word("null", null);
      default:
        return this.number();
    }
  }

  private object(): JsonObject {
    const members: JsonMember[] = [];
    let names: Set<string> | undefined;
    this.open();
    if (this.closes(CLOSE_BRACE)) return new JsonObject(members);
    do {
      if (this.space() !== QUOTE) this.fail("expected a member name in double quotes");
      const name = this.string();
      if (names === undefined && members.length >= FEW_MEMBERS) names = new Set(members.map(nameOf));
      if (names === undefined ? hasName(members, name) : names.has(name)) this.repeats = true;
      names?.add(name);
      if (this.space() !== COLON) this.fail("expected a colon");
      this.at++;
      members.push([name, this.value()]);
    } while (this.continues(CLOSE_BRACE, "expected a comma or }"));
    return new JsonObject(members);
  }

  private array(): JsonValue[] {
    const items: JsonValue[] = [];
    this.open();
    if (this.closes(CLOSE_BRACKET)) return items;
    do items.push(this.value());
    while (this.continues(CLOSE_BRACKET, "expected a comma or ]"));
    return items;
  }

  private open(): void {
    if (++this.depth > MAX_JSON_DEPTH) this.fail(`nested deeper than ${MAX_JSON_DEPTH} levels`);
    this.at++;
  }

  private closes(bracket: number): boolean {
    if (this.space() !== bracket) return false;
    this.at++;
    this.depth--;
    return true;
  }

  private continues(bracket: number, expected: string): boolean {
    if (this.closes(bracket)) return false;
    if (this.text.charCodeAt(this.at) !== COMMA) this.fail(expected);
    this.at++;
    return true;
  }

  private string(): string {
    const text = this.text;
    const quote = this.at;
    let start = quote + 1;
    let result = "";
    for (let at = start; ; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.at = at + 1;
        return result === "" ? text.slice(start, at) : result + text.slice(start, at);
      }
      if (code === BACKSLASH) {
        result += text.slice(start, at);
        this.at = at;
        result += this.escape();
        start = this.at;
        at = start - 1;
      } else if (!(code >= 0x20 && code < DELETE)) {
        if (code >= DELETE) {
          this.ascii = false;
          continue;
        }
        // The code is NaN at the end of the text.
        if (at >= text.length) throw new Failure("the string is not closed", quote, true);
        this.at = at;
        this.fail("a control character inside a string");
      }
    }
  }

  private escape(): string {
    this.compact = false;
    const letter = this.text.charAt(this.at + 1);
    if (letter === "u") {
      const digits = this.text.slice(this.at + 2, this.at + 6);
      if (!FOUR_HEX.test(digits)) {
        const ends = this.at + 2 + digits.length >= this.text.length;
        this.fail("\\u needs four hexadecimal digits", ends ? this.text.length : this.at);
      }
      this.at += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const meaning = ESCAPES.get(letter);
    if (meaning === undefined) {
      this.fail("an unknown escape in a string", letter === "" ? this.text.length : this.at);
    }
    this.at += 2;
    return meaning;
  }

  private number(): number | ExactNumber {
    const start = this.at;
    let at = start;
    let value = 0;
    let code = this.text.charCodeAt(at);
    while (code >= ZERO && code <= NINE) {
      value = value * 10 + (code - ZERO);
      code = this.text.charCodeAt(++at);
    }
    const digits = at - start;
    const goesOn = code === 0x2e || code === 0x65 || code === 0x45; // . e E
    const leadingZero = digits > 1 && this.text.charCodeAt(start) === ZERO;
    if (digits === 0 || digits > SAFE_DIGITS || goesOn || leadingZero) return this.anyNumber();
    this.at = at;
    return value;
  }

  private anyNumber(): number | ExactNumber {
    NUMBER.lastIndex = this.at;
    const text = NUMBER.exec(this.text)?.[0];
    if (text === undefined) {
      this.fail(this.at < this.text.length ? "expected a value" : "the text ends where a value should be");
    }
    this.at += text.length;
    if (NUMBER_CHARACTER.test(this.text.charAt(this.at))) this.fail("a number that JSON does not allow");
    const value = Number(text);
    return String(value) === text ? value : new ExactNumber(text);
  }

  private word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) {
      const rest = this.text.slice(this.at, this.at + word.length);
      this.fail("expected a value", word.startsWith(rest) ? this.text.length : this.at);
    }
    this.at += word.length;
    return value;
  }

  /** Skips white space. @returns the code of the character that follows; NaN at the end */
  private space(): number {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return code;
      this.compact = false;
      this.at++;
    }
  }

  private fail(reason: string, position = this.at): never {
    throw new Failure(reason, position, position >= this.text.length);
  }
}

function nameOf(member: JsonMember): string {
  return member[0];
}

function hasName(members: readonly JsonMember[], name: string): boolean {
  for (const member of members) if (member[0] === name) return true;
  return false;
}
