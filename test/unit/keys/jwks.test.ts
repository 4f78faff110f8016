import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { publicJwk, publishedKeys } from "../../../src/core/authority/keys/published-jwks.ts";
import { entering, KEY_STATES, type SigningKey } from "../../../src/core/authority/keys/signing-key.ts";
import { writeJson } from "../../../src/core/base/json/write.ts";
import { PRIVATE_JWK_MEMBERS } from "../../../src/core/jose/jwk.ts";
import { START, sampleKey, sampleSecret } from "../../support/store-samples.ts";

function key(kid: string, changes: Partial<SigningKey> = {}): SigningKey {
  return { ...entering(sampleKey(kid), "standby", START), ...changes };
}

const kidsIn = (keys: readonly SigningKey[], now = START) =>
  (publishedKeys(keys, now).jwks.get("keys") as readonly { get(name: string): unknown }[]).map((entry) =>
    entry.get("kid"),
  );

describe("the published key set", () => {
  test("does not depend on the order in which the store lists keys", () => {
    const keys = [
      key("a"),
      key("b", { createdAt: START - 1 }),
      key("c", { state: "active" }),
      key("d", { state: "retiring" }),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(keys, { minLength: 4 }), (shuffled) => {
        expect(kidsIn(shuffled)).toEqual(["c", "b", "a", "d"]);
      }),
    );
  });

  test("leaves out keys that are retired, revoked, or past their date", () => {
    const keys = KEY_STATES.map((state) => key(state, { state }));
    expect(kidsIn([...keys, key("late", { state: "retiring", retiresAt: START })])).toEqual([
      "active",
      "standby",
      "retiring",
    ]);
  });

  test("has an imported key under its former kid too", () => {
    expect(kidsIn([key("mine", { formerKid: "theirs" })])).toEqual(["mine", "theirs"]);
  });

  test("never has one kid twice: a key's own kid goes before another's former one", () => {
    const rivals = [
      key("a", { formerKid: "b" }),
      key("b"),
      key("c", { formerKid: "x" }),
      key("d", { formerKid: "x" }),
    ];
    expect(kidsIn(rivals)).toEqual(["a", "b", "c", "d", "x"]);
  });

  test("names the shared secrets it leaves out", () => {
    const secret = entering(sampleSecret("secret"), "active", START);
    expect(publishedKeys([secret, key("a")], START)).toMatchObject({
      published: [{ kid: "a" }],
      symmetric: [{ kid: "secret" }],
    });
  });

  test("whatever else a public half holds, only the members of its type are published", () => {
    const name = fc
      .string({ minLength: 1 })
      .filter((text) => !(PRIVATE_JWK_MEMBERS as readonly string[]).includes(text));
    fc.assert(
      fc.property(fc.dictionary(name, fc.jsonValue()), (extra) => {
        const publicHalf = { ...extra, kty: "EC", crv: "P-256", x: "x", y: "y" };
        expect(writeJson(publicJwk(key("a", { publicJwk: publicHalf })))).toBe(
          '{"kty":"EC","use":"sig","alg":"ES256","kid":"a","crv":"P-256","x":"x","y":"y"}',
        );
      }),
    );
  });

  test.each(PRIVATE_JWK_MEMBERS)(
    'a public half that holds the private member "%s" is refused, not cleaned',
    (member) => {
      const leaky = key("a", { publicJwk: { kty: "EC", crv: "P-256", x: "x", y: "y", [member]: "secret" } });
      expect(() => publishedKeys([leaky], START)).toThrowError(
        expect.objectContaining({ code: "store_corrupt", message: expect.stringContaining(`"${member}"`) }),
      );
    },
  );

  test.each([
    ["oct", { kty: "oct", x: "x" }],
    ["an unknown type", { kty: "XYZ" }],
    ["a missing member", { kty: "EC", crv: "P-256", x: "x" }],
    [
      "a member that is no text",
      { kty: "EC", crv: "P-256", x: "x", y: { d: "secret" } as unknown as string },
    ],
  ])("a public half of %s is refused", (_, jwk) => {
    expect(() => publicJwk(key("a", { publicJwk: jwk }))).toThrowError(
      expect.objectContaining({ code: "store_corrupt" }),
    );
  });
});
