import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createId, ID_LENGTH, looksLikeId } from "../../../src/core/authority/sessions/ids.ts";

const from = (bytes: Uint8Array) => createId({ bytes: () => bytes });

describe("createId", () => {
  it("writes 80 bits as 16 characters of Crockford's base 32", () => {
    expect(from(new Uint8Array(10))).toBe("0000000000000000");
    expect(from(new Uint8Array(10).fill(0xff))).toBe("zzzzzzzzzzzzzzzz");
    expect(from(Uint8Array.of(0x00, 0x44, 0x32, 0x14, 0xc7, 0x42, 0x54, 0xb6, 0x35, 0xcf))).toBe(
      "0123456789abcdef",
    );
    expect(ID_LENGTH).toBe(16);
  });

  it("gives different ids for different bytes", () => {
    const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(bytes, bytes, (one, other) => {
        expect(from(one) === from(other)).toBe(one.every((byte, index) => byte === other[index]));
        expect(looksLikeId(from(one))).toBe(true);
      }),
    );
  });

  it("asks for exactly the bytes it needs", () => {
    let asked = 0;
    createId({
      bytes(length) {
        asked += length;
        return new Uint8Array(length);
      },
    });
    expect(asked).toBe(10);
  });
});

describe("looksLikeId", () => {
  it.each(["", "0123456789abcde", "0123456789abcdefg", "0123456789ABCDEF", "0123456789abcdei"])(
    "does not take %j for one",
    (text) => expect(looksLikeId(text)).toBe(false),
  );
});
