import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readJson } from "../../../src/core/base/json/read.ts";
import { ExactNumber, JsonObject, type JsonValue, jsonFrom } from "../../../src/core/base/json/value.ts";
import { writeJson } from "../../../src/core/base/json/write.ts";

/** Characters a terminal obeys or a reader cannot see, as a list of its own (not the one in the code). */
const HOSTILE = [
  ...Array.from({ length: 0x20 }, (_, code) => code),
  ...Array.from({ length: 0x21 }, (_, index) => 0x7f + index),
  0xad,
  0x34f,
  0x61c,
  0x180e,
  0x200b,
  0x200c,
  0x200d,
  0x200e,
  0x200f,
  0x2028,
  0x2029,
  0x202a,
  0x202b,
  0x202c,
  0x202d,
  0x202e,
  0x2060,
  0x2061,
  0x2064,
  0x2066,
  0x2067,
  0x2068,
  0x2069,
  0x206f,
  0x3164,
  0xfe0f,
  0xfeff,
  0xfff9,
  0xffa0,
  0xe0001,
  0xe0100,
  0xe0041,
  0xe007f,
].map((code) => String.fromCodePoint(code));

const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(...HOSTILE),
      fc.constantFrom("\ud800", "\udc00", '"', "\\"),
    ),
  )
  .map((parts) => parts.join(""));

const anyValue: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    anyText,
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.stringMatching(/^-?[1-9]\d{17,30}$/).map((text) => new ExactNumber(text)),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(anyText, tie("value")), { maxLength: 4 }).map((members) => new JsonObject(members)),
  ),
})).value;

describe("writeJson", () => {
  it.each([0, 2])("writes what readJson reads back as the same value (indent %i)", (indent) => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const text = writeJson(value, indent);
        const reading = readJson(text);
        expect(reading.ok && writeJson(reading.value, indent)).toBe(text);
        expect(reading.ok && reading.value).toEqual(normalised(value));
      }),
    );
  });

  it("writes strings that JSON.parse reads back unchanged", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(JSON.parse(writeJson(text))).toBe(text);
        expect(JSON.parse(writeJson(new JsonObject([[text, 1]])))).toEqual(Object.fromEntries([[text, 1]]));
      }),
      { numRuns: 2000 },
    );
  });

  it("indents as JSON.stringify does", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = JSON.parse(JSON.stringify(value).replaceAll("-0", "0")) as unknown;
        if (/[^ -~]/.test(JSON.stringify(plain))) return;
        expect(writeJson(jsonFrom(plain))).toBe(JSON.stringify(plain));
        expect(writeJson(jsonFrom(plain), 2)).toBe(JSON.stringify(plain, null, 2));
      }),
    );
  });

  it("lets no control, bidirectional or invisible character through, in names or values", () => {
    const hostile = new RegExp(
      `[${HOSTILE.filter((text) => text.length === 1)
        .join("")
        .replace(/[\]\\^-]/g, "\\$&")}]`,
    );
    fc.assert(
      fc.property(anyText, (text) => {
        const written = writeJson(new JsonObject([[text, [text]]]));
        expect(hostile.test(written)).toBe(false);
        expect(/[\u{e0000}-\u{e007f}]/u.test(written)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["OSC 52 clipboard write", "\u001b]52;c;AAAA\u0007", '"\\u001b]52;c;AAAA\\u0007"'],
    ["C1 CSI", "\u009b31m", '"\\u009b31m"'],
    ["DEL", "\u007f", '"\\u007f"'],
    ["right-to-left override", "\u202etxt", '"\\u202etxt"'],
    ["zero-width joiner", "a\u200db", '"a\\u200db"'],
    ["tag characters", "\u{e0041}", '"\\udb40\\udc41"'],
    ["a lone surrogate", "\ud800", '"\\ud800"'],
    ["emoji and letters, untouched", "é😀漢", '"é😀漢"'],
  ])("writes %s safely", (_, text, expected) => {
    expect(writeJson(text)).toBe(expected);
  });

  it("writes numbers digit for digit", () => {
    expect(writeJson([new ExactNumber("9007199254740993"), new ExactNumber("1.0"), 1.5, -1])).toBe(
      "[9007199254740993,1.0,1.5,-1]",
    );
  });

  it("writes empty objects and arrays on one line", () => {
    expect(
      writeJson(
        new JsonObject([
          ["a", []],
          ["b", new JsonObject()],
        ]),
        2,
      ),
    ).toBe('{\n  "a": [],\n  "b": {}\n}');
  });
});

/** What reading gives back: numbers that are not spelt as JavaScript spells them come back exact. */
function normalised(value: JsonValue): JsonValue {
  if (value instanceof ExactNumber)
    return String(Number(value.text)) === value.text ? Number(value.text) : value;
  if (value instanceof JsonObject) {
    return new JsonObject(value.members.map(([name, member]) => [name, normalised(member)]));
  }
  return Array.isArray(value) ? value.map(normalised) : value;
}

describe("a text that writeJson would write", () => {
  const reread = (text: string) => {
    const reading = readJson(text);
    if (!reading.ok) throw new Error(reading.reason);
    return { ...reading, rewritten: writeJson(reading.value) };
  };

  it("is known when it is read", () => {
    const text = '{"a b":[1,1.0,1e400,12345678901234567890,true,null,"x y","é","😀",{}],"a b":[],"":-0}';
    expect(reread(text)).toMatchObject({ asWritten: true, rewritten: text });
  });

  it.each([" 1", "1 ", '{"a": 1}', "[1,\n2]", "[\t]", "[\r]", '"\\u0041"', '"\\/"', '"\\n"'])(
    "has neither white space nor an escape: %j",
    (text) => {
      expect(reread(text).asWritten).toBe(false);
    },
  );

  it("never has a hostile character in it", () => {
    for (const character of HOSTILE.filter((hostile) => hostile >= " ")) {
      const { asWritten, rewritten } = reread(`{"${character}":"${character}"}`);
      expect(asWritten).toBe(false);
      expect(rewritten).not.toContain(character);
    }
  });

  it("is what writeJson writes, whatever it says", () => {
    fc.assert(
      fc.property(anyValue, fc.constantFrom(0, 2), fc.boolean(), (value, indent, raw) => {
        const text = raw ? JSON.stringify(plain(value)) : writeJson(value, indent);
        const { asWritten, rewritten } = reread(text);
        // Most are: only that a text is taken for one that it is not would be a fault.
        if (asWritten) expect(rewritten).toBe(text);
        if (!raw && indent === 0 && !text.includes("\\")) expect(asWritten).toBe(true);
      }),
    );
  });
});

/** As plain JavaScript, for JSON.stringify, which lets more characters through as they are. */
function plain(value: JsonValue): unknown {
  if (value instanceof ExactNumber) return value.toNumber();
  if (Array.isArray(value)) return value.map(plain);
  if (!(value instanceof JsonObject)) return value;
  return Object.fromEntries(value.members.map(([name, member]) => [name, plain(member)]));
}
