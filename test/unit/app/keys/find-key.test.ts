import { describe, expect, test } from "vitest";
import { findKey } from "../../../../src/app/keys/find-key.ts";
import { entering, type SigningKey } from "../../../../src/core/authority/keys/signing-key.ts";
import { START, sampleKey } from "../../../support/store-samples.ts";

const key = (kid: string, formerKid?: string): SigningKey =>
  entering(sampleKey(kid, formerKid === undefined ? {} : { formerKid }), "standby", START);

describe("a key that a user names", () => {
  const keys = [key("abcd"), key("abef"), key("ab"), key("wxyz", "2024-01")];

  test.each([
    ["abcd", "abcd"],
    ["abc", "abcd"],
    ["w", "wxyz"],
    ["2024-01", "wxyz"],
  ])("%s is %s", (given, kid) => {
    expect(findKey(keys, given).kid).toBe(kid);
  });

  test("is the one whose whole kid it is, though others begin so", () => {
    expect(findKey(keys, "ab").kid).toBe("ab");
  });

  test.each([
    ["a", "key_ambiguous"],
    ["zz", "key_not_found"],
    ["2024", "key_not_found"],
    ["", "usage"],
  ])("%j is refused as %s", (given, code) => {
    expect(() => findKey(keys, given)).toThrowError(expect.objectContaining({ code }));
  });

  test("that fits several is answered with all of them", () => {
    expect(() => findKey(keys, "a")).toThrowError(
      expect.objectContaining({ data: { kids: ["abcd", "abef", "ab"] } }),
    );
  });
});
