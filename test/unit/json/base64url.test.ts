import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Base64UrlMemory, decodeBase64Url, encodeBase64Url } from "../../../src/core/base/base64url.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe("base64url", () => {
  it("encodes as Node's Buffer does and decodes what it encodes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = encodeBase64Url(bytes);
        expect(text).toBe(Buffer.from(bytes).toString("base64url"));
        expect(decodeBase64Url(text)).toEqual({ ok: true, bytes });
      }),
      { numRuns: 1000 },
    );
  });

  it("accepts only the one spelling that it would write itself (signature malleability)", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_-]{0,12}$/), (text) => {
        const decoding = decodeBase64Url(text);
        expect(decoding.ok).toBe(encodeBase64Url(decoding.bytes) === text);
        expect(decoding.bytes).toEqual(new Uint8Array(Buffer.from(text, "base64url")));
      }),
      { numRuns: 3000 },
    );
  });

  it("knows the vectors of RFC 4648 section 10, without padding", () => {
    const vectors = {
      "": "",
      f: "Zg",
      fo: "Zm8",
      foo: "Zm9v",
      foob: "Zm9vYg",
      fooba: "Zm9vYmE",
      foobar: "Zm9vYmFy",
    };
    for (const [text, encoded] of Object.entries(vectors)) {
      expect(encodeBase64Url(bytesOf(text))).toBe(encoded);
      expect(decodeBase64Url(encoded)).toEqual({ ok: true, bytes: bytesOf(text) });
    }
  });

  it.each([
    ["padding", "Zg==", 2],
    ["the base64 alphabet", "ab+/", 2],
    ["a line break", "Zm9v\nYmFy", 4],
    ["a character beyond ASCII whose low byte is in the alphabet", "Zm\u0141v", 2],
    ["an astral character", "\u{1f600}AAA", 0],
    ["a NUL", "Zm9\u0000", 3],
  ])("points at %s", (_, text, position) => {
    expect(decodeBase64Url(text)).toMatchObject({ ok: false, fault: { kind: "character", position } });
  });

  it.each([4, 100, 4092, 4096, 4097, 5000, 20_000])(
    "finds a character beyond ASCII wherever it stands in %i, whatever was decoded before",
    (length) => {
      const memory = new Base64UrlMemory();
      const text = "Zm9v".repeat(Math.ceil(length / 4)).slice(0, length);
      for (const foreign of ["\u0141", "\u{1f600}", "\ud83d", "\u00ff"]) {
        for (const position of [length - foreign.length, length - foreign.length - 1, 0, length >> 1]) {
          expect(decodeBase64Url(text, memory).ok).toBe(length % 4 !== 1);
          const foreignText = text.slice(0, position) + foreign + text.slice(position + foreign.length);
          const bytes = bytesOf("foo".repeat(length)).subarray(0, Math.floor((position * 3) / 4));
          for (const decoding of [decodeBase64Url(foreignText), decodeBase64Url(foreignText, memory)]) {
            expect(decoding).toMatchObject({ ok: false, fault: { kind: "character", position } });
            expect(Buffer.compare(decoding.bytes, bytes)).toBe(0);
          }
        }
      }
    },
  );

  it("keeps what it decoded when the memory is used again", () => {
    const memory = new Base64UrlMemory();
    const texts = Array.from({ length: 20_000 }, (_, index) => encodeBase64Url(bytesOf(`text ${index}`)));
    const decoded = texts.map((text) => decodeBase64Url(text, memory).bytes);
    expect(decoded.map(encodeBase64Url)).toEqual(texts);
  });

  it("gives the bytes before the fault, for display", () => {
    expect(decodeBase64Url("Zm9vYg!mFy").bytes).toEqual(bytesOf("foob"));
    expect(decodeBase64Url("Zm9vY")).toEqual({ ok: false, fault: { kind: "length" }, bytes: bytesOf("foo") });
  });

  it("tells unused bits that are set (trailing-bits malleability)", () => {
    for (const text of ["Zh", "Zm9", "Zm9vYh"]) {
      expect(decodeBase64Url(text)).toMatchObject({ ok: false, fault: { kind: "trailing_bits" } });
    }
  });

  it("decodes and encodes 12 MiB whole", () => {
    const bytes = new Uint8Array(12 * 1024 * 1024 + 1).map((_, index) => (index * 31) & 0xff);
    const text = encodeBase64Url(bytes);
    expect(text).toHaveLength(16 * 1024 * 1024 + 2);
    const decoding = decodeBase64Url(text);
    expect(decoding.ok && Buffer.compare(decoding.bytes, bytes)).toBe(0);
  });
});
