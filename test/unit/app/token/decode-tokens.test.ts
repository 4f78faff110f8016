import { describe, expect, it } from "vitest";
import {
  type DecodeInput,
  type DecodePorts,
  decodeTokens,
  refuseDamaged,
} from "../../../../src/app/token/decode-tokens.ts";
import { objectOf } from "../../../../src/core/jose/token/content.ts";
import { unsignedToken } from "../../token/make.ts";

const NOW = Date.UTC(2026, 2, 1, 12);
const token = (sub: string, exp = NOW / 1000 + 60) =>
  unsignedToken({ alg: "RS256" }, { sub, exp }, "A".repeat(342));

/** Ports that fail when they are used. */
const UNUSED: DecodePorts = {
  textDigest: () => Promise.reject(new Error("no digest is needed")),
  unpack: () => Promise.reject(new Error("nothing is compressed")),
  choose: () => Promise.reject(new Error("there is nothing to choose")),
};
const PORTS: DecodePorts = {
  textDigest: async () => () => undefined,
  unpack: async () => () => undefined,
  choose: undefined,
};

const decode = (text: string, input: Partial<DecodeInput> = {}, ports: Partial<DecodePorts> = {}) =>
  decodeTokens({ text, now: NOW, all: false, pick: undefined, ...input }, { ...PORTS, ...ports });
const subjects = async (...given: Parameters<typeof decode>) =>
  (await decode(...given)).tokens.map((found) => objectOf(found.token.payload?.content)?.get("sub"));

describe("decoding", () => {
  it("reads a plain token without any port, and measures its times against the given now", async () => {
    const { tokens, notes } = await decode(`${token("a")}\n`, {}, UNUSED);
    expect(notes).toEqual([]);
    expect(tokens.map(({ times }) => times?.expired)).toEqual([false]);
    const later = await decode(token("a"), { now: NOW + 61_000 }, UNUSED);
    expect(later.tokens.map(({ times }) => times?.expired)).toEqual([true]);
  });

  const several = `${token("a")}\n${token("b")}\n${token("c")}\n`;

  it("takes the likeliest of several tokens when there is nobody to choose, and notes the others", async () => {
    const { tokens, notes } = await decode(several);
    expect(tokens).toHaveLength(1);
    expect(notes).toEqual([expect.stringMatching(/^the input holds 3 tokens.*--pick.*--all/)]);
  });

  it("asks a person, and notes nothing that the person has seen", async () => {
    const seen: number[] = [];
    const choose: DecodePorts["choose"] = async (tokens) => {
      seen.push(tokens.length);
      return 1;
    };
    expect(await subjects(several, {}, { choose })).toEqual(["b"]);
    expect((await decode(several, {}, { choose })).notes).toEqual([]);
    expect(seen).toEqual([3, 3]);
  });

  it("takes all, or the one that is picked, without asking", async () => {
    const { choose } = UNUSED;
    expect(await subjects(several, { all: true }, { choose })).toEqual(["a", "b", "c"]);
    expect(await subjects(several, { pick: "3" }, { choose })).toEqual(["c"]);
    await expect(decode(token("a"), { pick: "2" })).rejects.toMatchObject({ code: "usage" });
  });

  it("refuses a text without a token", async () => {
    await expect(decode("no token at all")).rejects.toMatchObject({ code: "token_malformed" });
  });
});

describe("a damaged token", () => {
  const cut = unsignedToken({ alg: "RS256" }, '{"sub":"a","ex', "A".repeat(342));

  it("is refused after it was shown, unless the part that was shown is whole", async () => {
    const decoded = await decode(cut);
    expect(() => refuseDamaged(decoded)).toThrow(expect.objectContaining({ code: "token_malformed" }));
    expect(() => refuseDamaged(decoded, "payload")).toThrow();
    expect(() => refuseDamaged(decoded, "header")).not.toThrow();
    expect(() => refuseDamaged(decoded, "signature")).not.toThrow();
  });

  it("is not what a whole one is", async () => {
    expect(refuseDamaged(await decode(token("a")))).toBeUndefined();
  });
});
