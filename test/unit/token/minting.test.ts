import { describe, expect, it } from "vitest";
import { JsonObject } from "../../../src/core/base/json/value.ts";
import { writeJson } from "../../../src/core/base/json/write.ts";
import type { GivenMembers } from "../../../src/core/jose/minting/claims-input.ts";
import {
  composeToken,
  JSON_DOCUMENT,
  type MintRequest,
  refuseWeakKey,
} from "../../../src/core/jose/minting/mint.ts";

const NOW = Date.UTC(2026, 2, 1, 12) + 999;
const seconds = Math.floor(NOW / 1000);
const key = { alg: "ES256", kid: "k1" } as const;
const defaults = { iss: "https://iss", aud: "https://aud", ttl: 900, jti: () => "random-id" };
const everything = { iat: true, exp: true, iss: true, aud: true };
const nothing = { iat: false, exp: false, iss: false, aud: false };

const flag = (name: string, value: string | number): GivenMembers => ({
  source: `--${name}`,
  members: [[name, value]],
});
const json = (object: object): GivenMembers => ({ source: JSON_DOCUMENT, members: Object.entries(object) });

function compose(change: Partial<MintRequest> = {}) {
  const request = { claims: [], header: [], typ: undefined, ttl: undefined, add: everything, ...change };
  const { header, payload, exp, notes } = composeToken(request, defaults, key, NOW);
  return {
    header: writeJson(header),
    payload: writeJson(payload),
    exp,
    notes: notes.map(({ code }) => code),
  };
}

describe("composeToken", () => {
  it("adds issuer, audience, iat and exp, in the conventional order", () => {
    expect(compose({ claims: [flag("sub", "bob")] })).toEqual({
      header: '{"alg":"ES256","typ":"JWT","kid":"k1"}',
      payload: `{"iss":"https://iss","sub":"bob","aud":"https://aud","iat":${seconds},"exp":${seconds + 900}}`,
      exp: seconds + 900,
      notes: [],
    });
  });

  it("puts registered claims around the user's own, whatever their order was", () => {
    const claims = [
      flag("jti", "j"),
      flag("role", "x"),
      flag("nbf", 1),
      flag("aud", "a"),
      flag("sub", "s"),
      flag("iss", "i"),
    ];
    expect(compose({ claims }).payload).toBe(
      `{"iss":"i","sub":"s","aud":"a","role":"x","nbf":1,"iat":${seconds},"exp":${seconds + 900},"jti":"j"}`,
    );
  });

  it("keeps JSON in the order it was given", () => {
    const claims = [json({ exp: seconds + 5, zebra: 1, sub: "s" }), flag("role", "x")];
    expect(compose({ claims, add: nothing }).payload).toBe(
      `{"exp":${seconds + 5},"zebra":1,"sub":"s","role":"x"}`,
    );
  });

  it("adds nothing that is given or unwanted", () => {
    const claims = [json({ iss: "i", aud: ["a"], iat: 5, exp: 10 })];
    expect(compose({ claims }).payload).toBe('{"iss":"i","aud":["a"],"iat":5,"exp":10}');
    expect(compose({ add: nothing }).payload).toBe("{}");
  });

  it("counts the lifetime from iat", () => {
    expect(compose({ claims: [flag("iat", 1000)], ttl: 60, add: { ...nothing, exp: true } }).payload).toBe(
      '{"iat":1000,"exp":1060}',
    );
    expect(compose({ ttl: 60, add: nothing }).payload).toBe(`{"exp":${seconds + 60}}`);
  });

  it("refuses an exp that is given twice, as --ttl too", () => {
    expect(() => compose({ claims: [flag("exp", 5)], ttl: 60 })).toThrow(
      expect.objectContaining({ code: "usage", message: '"exp" is given twice: by --exp and --ttl' }),
    );
    expect(() => compose({ claims: [json({ exp: 5 }), flag("exp", 6)] })).toThrow(
      expect.objectContaining({ message: '"exp" is given twice: by the JSON and --exp' }),
    );
  });

  it("takes typ from --typ, leaves it out when it is empty, and adds header members after kid", () => {
    const header = [{ source: "--header", members: [["cty", "JWT"] as const] }];
    expect(compose({ typ: "at+jwt", header }).header).toBe(
      '{"alg":"ES256","typ":"at+jwt","kid":"k1","cty":"JWT"}',
    );
    expect(compose({ typ: "" }).header).toBe('{"alg":"ES256","kid":"k1"}');
    const kid = [{ source: "--header", members: [["kid", "../x"] as const] }];
    expect(compose({ header: kid }).header).toBe('{"alg":"ES256","typ":"JWT","kid":"../x"}');
  });

  it.each(["alg", "b64"])("does not let the header's %s be set", (name) => {
    expect(() => compose({ header: [{ source: "--header", members: [[name, "none"]] }] })).toThrow(
      expect.objectContaining({ code: "usage", message: `the header's ${name} cannot be set` }),
    );
  });

  it("refuses a typ that is given twice", () => {
    expect(() => compose({ typ: "JWT", header: [{ source: "--header", members: [["typ", "x"]] }] })).toThrow(
      expect.objectContaining({ message: '"typ" is given twice: by --typ and --header' }),
    );
  });

  it("gives an access token an id, and says what else the profile has", () => {
    const { payload, notes } = compose({ typ: "at+jwt", claims: [flag("sub", "s")] });
    expect(JSON.parse(payload)).toMatchObject({ jti: "random-id" });
    expect(notes).toEqual(["profile_incomplete"]);
    expect(compose({ typ: "at+jwt", claims: [flag("sub", "s"), flag("client_id", "c")] }).notes).toEqual([]);
  });

  it("notes what lives long or for ever, and what can be no date", () => {
    expect(compose({ ttl: 86_400 }).notes).toEqual([]);
    expect(compose({ ttl: 86_401 }).notes).toEqual(["long_lifetime"]);
    expect(compose({ add: nothing })).toMatchObject({ exp: null, notes: ["never_expires"] });
    expect(compose({ claims: [flag("exp", "soon")] })).toMatchObject({ exp: null, notes: ["not_a_date"] });
  });

  it("notes what can never be valid: it ends before it begins", () => {
    for (const claims of [
      [flag("nbf", seconds + 7200), flag("exp", seconds + 3600)],
      [flag("nbf", seconds - 60), flag("exp", seconds - 60)],
      [flag("iat", seconds + 3600), flag("exp", seconds + 1800)],
    ]) {
      expect(compose({ claims }).notes).toEqual(["never_valid"]);
    }
    expect(compose({ claims: [flag("nbf", seconds + 7200)], ttl: 3600 }).notes).toEqual(["never_valid"]);
    expect(compose({ claims: [flag("exp", seconds - 3600)] }).notes).toEqual([]);
    expect(compose({ claims: [flag("nbf", seconds + 60)], ttl: 3600 }).notes).toEqual([]);
  });

  it("makes expired tokens, for tests", () => {
    expect(compose({ claims: [flag("iat", seconds - 7200), flag("exp", seconds - 3600)] })).toMatchObject({
      exp: seconds - 3600,
      notes: [],
    });
  });
});

describe("refuseWeakKey", () => {
  it.each([
    ["HS256", 248],
    ["HS384", 256],
    ["HS512", 504],
    ["RS256", 1024],
    ["PS512", 2047],
  ] as const)("refuses %s with %i bits", (alg, bits) => {
    expect(() => refuseWeakKey(alg, bits)).toThrow(expect.objectContaining({ code: "key_too_weak" }));
  });

  it.each([
    ["HS256", 256],
    ["HS512", 512],
    ["RS256", 2048],
    ["ES256", undefined],
    ["Ed25519", undefined],
  ] as const)("takes %s with %s bits", (alg, bits) => {
    expect(() => refuseWeakKey(alg, bits)).not.toThrow();
  });
});

describe("a composed header", () => {
  it("is written without a kid for a key that has none", () => {
    const request = { claims: [], header: [], typ: undefined, ttl: undefined, add: nothing };
    const { header } = composeToken(request, defaults, { alg: "HS256", kid: undefined }, NOW);
    expect(header).toEqual(
      new JsonObject([
        ["alg", "HS256"],
        ["typ", "JWT"],
      ]),
    );
  });
});
