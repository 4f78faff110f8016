import { describe, expect, it } from "vitest";
import { inspectToken } from "../../../src/core/jose/token/inspect.ts";
import { type CandidateKey, chooseKey } from "../../../src/core/jose/verification/key-choice.ts";
import { segment } from "../token/make.ts";
import { candidate, ecKey, secretKey } from "../token/node-jws.ts";

// What was read or chosen for one token is used for the next when it begins with the same header. It must never be used
// for any other.

describe("the header that is read once for many tokens", () => {
  const header = segment({ alg: "HS256", kid: "a" });
  const signature = segment(new Uint8Array(32));

  it("stands for itself only: another header is read anew, and the first one again", () => {
    const kids = ["a", "b", "a", "a"].map((kid) => {
      const { content } = inspectToken(`${segment({ alg: "HS256", kid })}.e30.${signature}`).header;
      return content.kind === "json" && content.written;
    });
    expect(kids).toEqual(["a", "b", "a", "a"].map((kid) => JSON.stringify({ alg: "HS256", kid })));
  });

  it("does not take a payload or a signature along", () => {
    const first = inspectToken(`${header}.${segment({ sub: "alice" })}.${signature}`);
    const second = inspectToken(`${header}.${segment({ sub: "bob" })}.`);
    expect(first.payload?.content).toMatchObject({ written: '{"sub":"alice"}' });
    expect(second.payload?.content).toMatchObject({ written: '{"sub":"bob"}' });
    expect(second.signature?.text).toBe("");
  });

  it("one that had to be repaired is reported for every token that has it", () => {
    const padded = `${segment({ alg: "HS256" })}=`;
    for (let again = 0; again < 3; again++) {
      expect(inspectToken(`${padded}.e30.${signature}`).repairs).toHaveLength(1);
      expect(inspectToken(`${header}.e30.${signature}`).repairs).toEqual([]);
    }
  });

  it("one that is broken is refused every time", () => {
    const broken = `${header.slice(0, -1)}!`;
    for (let again = 0; again < 3; again++) {
      expect(inspectToken(`${broken}.e30.${signature}`).fault?.code).toBe("header_unreadable");
      expect(inspectToken(`${header}.e30.${signature}`).fault).toBeUndefined();
    }
  });
});

describe("the choice of a key that is made once for many tokens", () => {
  const ec = candidate(ecKey({ kid: "a", alg: "ES256" }));
  const secret = candidate(secretKey("a secret of thirty-two bytes, yes", { kid: "a", alg: "HS256" }));
  const asked = { alg: "ES256", kid: "a" };
  const trusted: readonly CandidateKey[] = [ec];
  const all: readonly [] = [];
  const usable = (...question: Parameters<typeof chooseKey>) => chooseKey(...question).usable.length;

  it("is made anew for another algorithm, kid, set of keys, or demand", () => {
    for (let again = 0; again < 3; again++) {
      expect(usable(asked, trusted, all, false)).toBe(1);
      expect(usable({ ...asked, alg: "HS256" }, trusted, all, false)).toBe(0);
      expect(usable(asked, trusted, all, false)).toBe(1);
      expect(usable({ ...asked, kid: "b" }, trusted, all, false)).toBe(0);
      expect(usable({ ...asked, kid: "b" }, trusted, all, true)).toBe(1);
      expect(usable(asked, [secret], all, false)).toBe(0);
      expect(usable(asked, trusted, ["ES384"], false)).toBe(0);
      expect(usable(asked, [{ ...ec, state: "revoked" }], all, false)).toBe(1);
      expect(chooseKey(asked, [{ ...ec, state: "revoked" }], all, false).key.code).toBe("key_revoked");
    }
  });
});
