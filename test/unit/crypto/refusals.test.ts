import { describe, expect, it } from "vitest";
import { malformed, unusable } from "../../../src/crypto/keys/refusals.ts";

describe("the refusal of a key", () => {
  it.each([malformed, unusable])(
    "says what to do next, in general when there is nothing special",
    (refusal) => {
      expect(refusal("no key").hints).toHaveLength(1);
      expect(refusal("no key", "Do this").hints).toEqual(["Do this"]);
    },
  );
});
