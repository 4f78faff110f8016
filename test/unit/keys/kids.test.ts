import { describe, expect, test } from "vitest";
import { isUsableKid, keyWithSameKid } from "../../../src/core/authority/keys/kids.ts";
import { entering, type SigningKey } from "../../../src/core/authority/keys/signing-key.ts";
import { START, sampleKey } from "../../support/store-samples.ts";

function key(kid: string, formerKid?: string): SigningKey {
  return entering(sampleKey(kid, formerKid === undefined ? {} : { formerKid }), "standby", START);
}

describe("the name of a key that comes in", () => {
  const keys = [key("a", "old-a"), key("b")];

  test.each([
    [{ kid: "c" }, undefined],
    [{ kid: "c", formerKid: "old-c" }, undefined],
    [{ kid: "c", formerKid: "b" }, "b"],
    [{ kid: "c", formerKid: "old-a" }, "a"],
    [{ kid: "old-a" }, "a"],
  ])("%j is taken by %s", (named, owner) => {
    expect(keyWithSameKid(keys, named)?.kid).toBe(owner);
  });

  test.each([
    ["2024-01", true],
    ["../../etc/passwd", true],
    ["schlüssel", true],
    ["k".repeat(200), true],
    ["k".repeat(201), false],
    ["", false],
    ["a\nb", false],
    ["a\u001b[31m", false],
    ["a\u202eb", false],
    ["a\ud800", false],
  ])("%j can be kept: %s", (kid, keepable) => {
    expect(isUsableKid(kid)).toBe(keepable);
  });
});
