import fc from "fast-check";
import { isLosslessNumber, parse as parseLossless } from "lossless-json";
import { describe, expect, it } from "vitest";
import {
  type JsonReading,
  MAX_DUPLICATES,
  MAX_JSON_DEPTH,
  readJson,
} from "../../../src/core/base/json/read.ts";
import { ExactNumber, JsonObject, type JsonValue } from "../../../src/core/base/json/value.ts";

function read(text: string): JsonValue {
  const reading = readJson(text);
  if (!reading.ok) throw new Error(`${reading.reason} at ${reading.position}: ${text}`);
  return reading.value;
}

function duplicatesOf(text: string): readonly string[] {
  const reading = readJson(text);
  return reading.ok ? reading.duplicates : [reading.reason];
}

function faultOf(text: string): Omit<Extract<JsonReading, { ok: false }>, "ok"> {
  const reading = readJson(text);
  if (reading.ok) throw new Error(`accepted: ${text}`);
  return { reason: reading.reason, position: reading.position, cut: reading.cut };
}

/** The value with every number as its text, objects as maps: comparable whatever parser made it. */
function normal(value: unknown): unknown {
  if (value instanceof ExactNumber) return { number: value.text };
  if (isLosslessNumber(value)) return { number: value.toString() };
  if (typeof value === "number") return { number: String(value) };
  if (value instanceof JsonObject) return new Map(value.members.map(([name, item]) => [name, normal(item)]));
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value === "object" && value !== null) {
    return new Map(Object.entries(value).map(([name, item]) => [name, normal(item)]));
  }
  return value;
}

function accepts(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch {
    return false;
  }
}

const jsonText = fc.oneof(
  fc.json(),
  fc.jsonValue().map((value) => JSON.stringify(value, null, 2)),
  fc
    .tuple(
      fc.json(),
      fc.nat(),
      fc.constantFrom('"', "\\", "{", "}", "[", "]", ",", ":", "0", "-", "e", ".", " "),
    )
    .map(([text, at, character]) => {
      const position = at % (text.length + 1);
      return text.slice(0, position) + character + text.slice(position);
    }),
  fc
    .array(fc.constantFrom(...'{}[]",:\\0123.eE+-tfn \t\n\u0000ud8'.split(""), "true", "null", '"a"'))
    .map((parts) => parts.join("")),
);

describe("readJson", () => {
  it("accepts exactly the texts that JSON.parse accepts", () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        expect(readJson(text).ok).toBe(accepts(() => JSON.parse(text)));
      }),
      { numRuns: 5000 },
    );
  });

  it("reads the same values as lossless-json where both accept", () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        const reading = readJson(text);
        if (!reading.ok || reading.duplicates.length > 0 || text.includes("__proto__")) return;
        expect(normal(reading.value)).toEqual(normal(parseLossless(text)));
      }),
      { numRuns: 3000 },
    );
  });

  it("reads numbers of every spelling as lossless-json does", () => {
    const digits = fc.stringMatching(/^(0|[1-9]\d{0,25})$/);
    const number = fc
      .tuple(
        fc.constantFrom("", "-"),
        digits,
        fc.stringMatching(/^(\.\d{1,20})?$/),
        fc.stringMatching(/^([eE][+-]?\d{1,4})?$/),
      )
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(number, (text) => {
        expect(normal(read(text))).toEqual({ number: text });
        expect(normal(read(text))).toEqual(normal(parseLossless(text)));
      }),
      { numRuns: 2000 },
    );
  });

  it("keeps members in the order written, names that look like numbers included", () => {
    const value = read('{"b":1,"2":2,"a":3,"1":4}') as JsonObject;
    expect(value.members.map(([name]) => name)).toEqual(["b", "2", "a", "1"]);
  });

  it("keeps a member named __proto__ as data (prototype pollution)", () => {
    const value = read('{"__proto__":{"admin":true},"constructor":1}') as JsonObject;
    expect(value.members.map(([name]) => name)).toEqual(["__proto__", "constructor"]);
    expect((value.get("__proto__") as JsonObject).get("admin")).toBe(true);
    expect(({} as Record<string, unknown>)["admin"]).toBeUndefined();
    expect(value.get("toString")).toBeUndefined();
  });

  it("keeps integers beyond 2^53, trailing zeros and infinite numbers digit for digit", () => {
    for (const text of [
      "9007199254740993",
      "1.0",
      "1e400",
      "-0",
      "0.10",
      "1E5",
      "123456789012345678901234567890",
    ]) {
      expect(read(text)).toEqual(new ExactNumber(text));
    }
    for (const text of ["0", "1", "-1", "1.5", "9007199254740991", "123456789012345"]) {
      expect(read(text)).toBe(Number(text));
    }
  });

  it("keeps lone surrogates as they are", () => {
    expect(read('"\\ud800"')).toBe("\ud800");
    expect(read('"\\udc00x\\ud83d\\ude00"')).toBe("\udc00x\u{1f600}");
  });

  it("reads every escape of RFC 8259 section 7", () => {
    expect(read('"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u00E9"')).toBe('"\\/\b\f\n\r\téé');
  });

  it("takes no name of Object.prototype for an escape", () => {
    for (const letter of ["constructor", "x", "U0041", "'", "0"])
      expect(readJson(`"\\${letter}"`).ok).toBe(false);
  });
});

describe("readJson on repeated names", () => {
  it("reports them as JSON Pointers, wherever they are", () => {
    expect(duplicatesOf('{"exp":1,"a":{"b":[{"c":1,"c":2}]},"exp":2}')).toEqual(["/a/b/0/c", "/exp"]);
    expect(duplicatesOf('[[{"x":0},{"x":1,"y":2,"x":3}]]')).toEqual(["/0/1/x"]);
    expect(duplicatesOf('{"a":{"x":1},"b":{"x":1}}')).toEqual([]);
    expect(duplicatesOf('{"a":{"x":1,"x":2,"x":3},"a":{"x":1,"x":2,"y":[{"z":1,"z":2}]}}')).toEqual([
      ...["/a/x", "/a", "/a/y/0/z"],
    ]);
  });

  it("escapes ~ and / in the pointer (RFC 6901 section 3)", () => {
    expect(duplicatesOf('{"a/b":1,"a/b":2,"m~n":1,"m~n":2,"":1,"":2}')).toEqual(["/a~1b", "/m~0n", "/"]);
  });

  it("compares names after their escapes are read (duplicate hidden behind \\u)", () => {
    expect(duplicatesOf('{"exp":1,"\\u0065xp":2}')).toEqual(["/exp"]);
  });

  it("keeps all of them, in order, and gives the last to who asks for one", () => {
    const value = read('{"a":1,"b":2,"a":3}') as JsonObject;
    expect(value.members).toEqual([
      ["a", 1],
      ["b", 2],
      ["a", 3],
    ]);
    expect(value.get("a")).toBe(3);
  });

  it("finds them in large objects as in small ones", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 60 }), (numbers) => {
        const text = `{${numbers.map((number) => `"n${number}":0`).join(",")}}`;
        const repeated = numbers.filter((number, index) => numbers.indexOf(number) < index);
        expect(duplicatesOf(text)).toEqual([...new Set(repeated)].map((number) => `/n${number}`));
      }),
    );
  });

  it("lists each once, and not without end", () => {
    expect(duplicatesOf('{"a":1,"a":2,"a":3}')).toEqual(["/a"]);
    const names = Array.from({ length: MAX_DUPLICATES + 50 }, (_, index) => `"${index}":0`).join(",");
    expect(duplicatesOf(`{${names},${names}}`)).toHaveLength(MAX_DUPLICATES);
  });
});

describe("readJson on text that is not JSON", () => {
  it.each([
    ["", "the text ends where a value should be", 0],
    ["  ", "the text ends where a value should be", 2],
    ['{"a"', "expected a colon", 4],
    ['{"a":', "the text ends where a value should be", 5],
    ['{"a":1', "expected a comma or }", 6],
    ["[1,", "the text ends where a value should be", 3],
    ['{"a":"b', "the string is not closed", 5],
    ['{"a":tr', "expected a value", 7],
    ['"\\u00', "\\u needs four hexadecimal digits", 5],
    ['"\\', "an unknown escape in a string", 2],
  ])("says that %j was cut", (text, reason, position) => {
    expect(faultOf(text)).toEqual({ reason, position, cut: true });
  });

  it.each([
    ["{'a':1}", "expected a member name in double quotes", 1],
    ["{a:1}", "expected a member name in double quotes", 1],
    ['{"a" 1}', "expected a colon", 5],
    ['{"a":1,}', "expected a member name in double quotes", 7],
    ["[1,]", "expected a value", 3],
    ["[1 2]", "expected a comma or ]", 3],
    ['{"a":1} x', "unexpected text after the JSON value", 8],
    ['"a\tb"', "a control character inside a string", 2],
    ['"\\x"', "an unknown escape in a string", 1],
    ['"\\u00zz"', "\\u needs four hexadecimal digits", 1],
    ["01", "a number that JSON does not allow", 1],
    ["1.", "a number that JSON does not allow", 1],
    ["1e+", "a number that JSON does not allow", 1],
    ["+1", "expected a value", 0],
    ["NaN", "expected a value", 0],
    ["tru", "expected a value", 3],
    ["trux", "expected a value", 0],
    ["// c", "expected a value", 0],
    ["\ufeff{}", "expected a value", 0],
    ["\u00a0{}", "expected a value", 0],
  ])("says what is wrong in %j and where", (text, reason, position) => {
    expect(faultOf(text)).toMatchObject({ reason, position });
  });

  it("refuses nesting that would exhaust the call stack (100,000 levels)", () => {
    expect(faultOf("[".repeat(100_000)).reason).toBe(`nested deeper than ${MAX_JSON_DEPTH} levels`);
    expect(faultOf('{"a":'.repeat(100_000)).position).toBe(5 * MAX_JSON_DEPTH);
  });

  it("allows the greatest depth, and siblings as many as there are", () => {
    expect(readJson("[".repeat(MAX_JSON_DEPTH) + "]".repeat(MAX_JSON_DEPTH)).ok).toBe(true);
    expect(readJson(`[${Array(1000).fill('{"a":[]}').join(",")}]`).ok).toBe(true);
  });
});
