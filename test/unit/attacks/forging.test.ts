import { describe, expect, it } from "vitest";
import { ATTACK_IDS } from "../../../src/core/analysis/attacks/attack.ts";
import { ATTACKS, attackNamed } from "../../../src/core/analysis/attacks/attacks.ts";
import { AppError } from "../../../src/core/base/errors.ts";
import { jsonFrom } from "../../../src/core/base/json/value.ts";
import { inspectToken } from "../../../src/core/jose/token/inspect.ts";
import { unsignedToken } from "../token/make.ts";
import { ADMIN, forgedBy, type Honest, honest, tamperWith } from "./honest.ts";

const parts = (token: string) => token.split(".");
const decoded = (segment: string | undefined) =>
  JSON.parse(Buffer.from(segment ?? "", "base64url").toString()) as Record<string, unknown>;
const raw = (token: string): Honest => ({ token, key: { kty: "oct" }, publicKey: undefined, candidates: [] });
const forgeRaw = (token: string, attack: string, claims = [ADMIN]) =>
  forgedBy(raw(token), { attack, claims, unverified: true });

describe("the attacks", () => {
  it("are exactly those of the closed list, each explained", () => {
    expect(ATTACKS.map(({ id }) => id)).toEqual([...ATTACK_IDS]);
    for (const attack of ATTACKS) {
      for (const text of [attack.title, attack.how, attack.defence, attack.reference]) {
        expect(text.length).toBeGreaterThan(5);
        expect(text).not.toMatch(/\.$/);
      }
    }
  });

  it("are refused by a name that is none of them, with the list", () => {
    expect(() => attackNamed("magic")).toThrow('there is no attack "magic"');
  });
});

describe("an edited claim", () => {
  it("changes the payload and nothing else", async () => {
    const target = await honest("ES256");
    const { token, changed } = await forgedBy(target, { attack: "edit", claims: [ADMIN] });
    expect(parts(token)[0]).toBe(parts(target.token)[0]);
    expect(parts(token)[2]).toBe(parts(target.token)[2]);
    expect(decoded(parts(token)[1])).toEqual({ ...decoded(parts(target.token)[1]), role: "admin" });
    expect(changed).toEqual([{ where: "/payload/role", from: "reader", to: "admin" }]);
  });

  it("stays in its place, a new one comes last, a removed one is gone", async () => {
    const { token, changed } = await forgeRaw(
      unsignedToken({ alg: "HS256" }, { a: 1, role: "x", b: 2 }),
      "edit",
      [
        ADMIN,
        { kind: "remove", name: "a" } as never,
        { kind: "set", name: "c", value: jsonFrom([1]) } as never,
      ],
    );
    expect(Buffer.from(parts(token)[1] ?? "", "base64url").toString()).toBe('{"role":"admin","b":2,"c":[1]}');
    expect(changed).toEqual([
      { where: "/payload/a", from: 1, to: undefined },
      { where: "/payload/role", from: "x", to: "admin" },
      { where: "/payload/c", from: undefined, to: [1] },
    ]);
  });

  it("keeps every digit of the numbers beside it", async () => {
    const { token } = await forgeRaw(
      unsignedToken('{"alg":"HS256"}', '{"id":9007199254740993,"x":1.0}'),
      "edit",
    );
    expect(Buffer.from(parts(token)[1] ?? "", "base64url").toString()).toContain(
      '"id":9007199254740993,"x":1.0',
    );
  });

  it("can be a member of the header", async () => {
    const target = await honest("ES256");
    const { token, changed } = await forgedBy(target, {
      attack: "edit",
      header: [{ kind: "set", name: "typ", value: "at+jwt" }],
    });
    expect(decoded(parts(token)[0])).toMatchObject({ alg: "ES256", typ: "at+jwt" });
    expect(parts(token)[1]).toBe(parts(target.token)[1]);
    expect(changed).toEqual([{ where: "/header/typ", from: "JWT", to: "at+jwt" }]);
  });

  it("that says what the token says already is refused: nothing would be shown", async () => {
    const target = await honest("ES256", { claims: { role: "admin" } });
    await expect(forgedBy(target, { attack: "edit", claims: [ADMIN] })).rejects.toThrow(
      "nothing would change",
    );
  });

  it("that is to be removed must be there", async () => {
    const edit = { kind: "remove", name: "admin" } as const;
    await expect(tamperWith(await honest("ES256"), { attack: "edit", claims: [edit] })).rejects.toThrow(
      'there is no claim "admin" to remove',
    );
  });
});

describe("each attack makes the token it says", () => {
  const HS = { alg: "HS256", kid: "k1" };

  it("strip and none leave nothing after the last dot", async () => {
    const token = unsignedToken(HS, { role: "reader" });
    expect((await forgeRaw(token, "strip")).token).toMatch(/^[\w-]+\.[\w-]+\.$/);
    const none = (await forgeRaw(token, "none")).token;
    expect(none).toMatch(/^[\w-]+\.[\w-]+\.$/);
    expect(decoded(parts(none)[0])).toEqual({ alg: "none", kid: "k1" });
  });

  it("duplicate-alg writes alg twice, and none last", async () => {
    const { token } = await forgeRaw(unsignedToken(HS, {}), "duplicate-alg");
    expect(Buffer.from(parts(token)[0] ?? "", "base64url").toString()).toBe(
      '{"alg":"HS256","kid":"k1","alg":"none"}',
    );
  });

  it("psychic sends as many zero bytes as the algorithm's signatures have", async () => {
    for (const [alg, bytes] of [
      ["ES256", 64],
      ["ES384", 96],
      ["ES512", 132],
    ] as const) {
      const { token } = await forgeRaw(unsignedToken({ alg }, {}), "psychic");
      expect(Buffer.from(parts(token)[2] ?? "", "base64url")).toEqual(Buffer.alloc(bytes));
    }
  });

  it("respelled gives the same bytes to a lenient decoder, in another text", async () => {
    const target = await honest("ES256");
    const { token } = await forgedBy(target, { attack: "respelled" });
    expect(token).not.toBe(target.token);
    const bytes = (text: string) => Buffer.from(parts(text)[2] ?? "", "base64url");
    expect(bytes(token)).toEqual(bytes(target.token));
  });

  it("hs-rs carries a right HMAC under the bytes of the public key", async () => {
    const { createHmac } = await import("node:crypto");
    const target = await honest("RS256");
    const publicKey = target.publicKey?.pem ?? new Uint8Array();
    const { token } = await forgedBy(target, { attack: "hs-rs", claims: [ADMIN], publicKey });
    const [header, payload, signature] = parts(token);
    expect(decoded(header)).toMatchObject({ alg: "HS256" });
    expect(createHmac("sha256", publicKey).update(`${header}.${payload}`).digest("base64url")).toBe(
      signature,
    );
  });

  it("kid names an empty file and signs with the empty secret", async () => {
    const { createHmac } = await import("node:crypto");
    const [header, payload, signature] = parts((await forgeRaw(unsignedToken(HS, {}), "kid")).token);
    expect(decoded(header)["kid"]).toMatch(/^(\.\.\/)+dev\/null$/);
    expect(createHmac("sha256", "").update(`${header}.${payload}`).digest("base64url")).toBe(signature);
  });

  it("embedded-jwk verifies with the key it brings, which has no private member", async () => {
    const { createJws } = await import("../../../src/crypto/jws.ts");
    const target = await honest("ES256");
    const { token } = await forgedBy(target, { attack: "embedded-jwk", claims: [ADMIN] });
    const { jwk, kid } = decoded(parts(token)[0]) as {
      jwk: { kty: string; kid: string; d?: string };
      kid: string;
    };
    expect(jwk.d).toBeUndefined();
    expect(kid).toBe(jwk.kid);
    const [header, payload, signature = ""] = parts(token);
    const input = { signingInput: `${header}.${payload}`, signature: Buffer.from(signature, "base64url") };
    expect(await createJws().verify({ ...input, alg: "ES256", key: jwk })).toBe(true);
  });

  it("jku and x5u point to an address that cannot exist (RFC 2606)", async () => {
    for (const name of ["jku", "x5u"] as const) {
      const { token } = await forgeRaw(unsignedToken({ alg: "ES256" }, {}), name);
      expect(decoded(parts(token)[0])[name]).toMatch(/^https:\/\/attacker\.example\//);
    }
  });
});

describe("a token that an attack does not fit", () => {
  it.each([
    ["hs-rs", { alg: "HS256" }, "there is no public key to abuse"],
    ["psychic", { alg: "RS256" }, "not signed with ECDSA"],
    ["none", { alg: "none" }, "says alg none already"],
    ["duplicate-alg", { typ: "JWT" }, "no alg"],
  ])("%s: says so", async (attack, header, why) => {
    await expect(forgeRaw(unsignedToken(header, { role: "x" }), attack)).rejects.toThrow(why);
  });

  it("hs-rs needs the public key", async () => {
    await expect(forgeRaw(unsignedToken({ alg: "RS256" }, {}), "hs-rs")).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining("it needs the verifier's public key"),
    });
  });

  it("respelled needs unused bits, which 96 bytes of ES384 do not have", async () => {
    await expect(forgedBy(await honest("ES384"), { attack: "respelled" })).rejects.toThrow("no unused bits");
  });

  it("is left out when all are tried, with the reason", async () => {
    const { tamperings } = await tamperWith(raw(unsignedToken({ alg: "HS256" }, { sub: "a" })), {
      unverified: true,
    });
    expect(tamperings.find(({ attack }) => attack.id === "hs-rs")).toMatchObject({
      notApplicable: expect.any(String),
    });
  });
});

describe("what cannot be tampered with", () => {
  it.each([
    ["a JWE", "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..a.b.c", "token_encrypted"],
    [
      "a token cut in its payload",
      unsignedToken({ alg: "HS256" }, '{"a":1').replace(/\.[^.]*$/, ""),
      "token_malformed",
    ],
    [
      "a token cut after its header",
      String(unsignedToken({ alg: "HS256" }, {}).split(".")[0]),
      "token_malformed",
    ],
  ])("%s is refused", async (_, token, code) => {
    const attempt = (async () => forgeRaw(token, "none"))();
    await expect(attempt).rejects.toBeInstanceOf(AppError);
    await expect(attempt).rejects.toMatchObject({ code });
  });

  it("a payload that is text has no claims to change, but an algorithm", async () => {
    const token = unsignedToken({ alg: "HS256" }, "Hello");
    await expect(forgeRaw(token, "edit")).rejects.toMatchObject({ code: "usage" });
    await expect(forgeRaw(token, "none")).rejects.toMatchObject({ code: "payload_not_claims" });
    const { token: forged } = await forgeRaw(token, "none", []);
    expect(inspectToken(forged).payload?.content).toMatchObject({ kind: "text", text: "Hello" });
  });
});

describe("when nothing is wished for", () => {
  it.each([
    [{ role: "reader" }, "/payload/role", "admin"],
    [{ roles: ["a"] }, "/payload/roles", ["admin"]],
    [{ admin: false }, "/payload/admin", true],
    [{ sub: "alice" }, "/payload/sub", "admin"],
    [{ sub: "admin" }, "/payload/sub", "root"],
  ])("every attack takes what an attacker wants most: %j", async (claims, where, to) => {
    const { tamperings } = await tamperWith(raw(unsignedToken({ alg: "ES256" }, claims)), {
      unverified: true,
    });
    expect(tamperings.find(({ attack }) => attack.id === "edit")).toMatchObject({ changed: [{ where, to }] });
  });
});
