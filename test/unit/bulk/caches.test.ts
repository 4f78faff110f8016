import { describe, expect, it } from "vitest";
import { createInspectionCache, inspectToken } from "../../../src/core/jose/token/inspect.ts";
import type { CandidateKey } from "../../../src/core/jose/verification/key-choice.ts";
import type { HeaderCheckCache } from "../../../src/core/jose/verification/policy.ts";
import type { VerificationOptions } from "../../../src/core/jose/verification/report.ts";
import { verifySync } from "../../../src/core/jose/verification/verify.ts";
import { segment } from "../token/make.ts";
import { candidate, ecKey, secretKey } from "../token/node-jws.ts";

// What was read or chosen for one token is used for the next when it begins with the same header. It must never be used
// for any other.

describe("the header that is read once for many tokens", () => {
  const header = segment({ alg: "HS256", kid: "a" });
  const signature = segment(new Uint8Array(32));
  const cache = createInspectionCache();
  const inspect = (text: string) => inspectToken(text, cache);

  it("is the same object for the next token", () => {
    const first = inspect(`${header}.e30.${signature}`);
    expect(inspect(`${header}.e30.${signature}`).header).toBe(first.header);
    expect(inspectToken(`${header}.e30.${signature}`).header).not.toBe(first.header);
  });

  it("stands for itself only: another header is read anew, and the first one again", () => {
    const kids = ["a", "b", "a", "a"].map((kid) => {
      const { content } = inspect(`${segment({ alg: "HS256", kid })}.e30.${signature}`).header;
      return content.kind === "json" && content.written;
    });
    expect(kids).toEqual(["a", "b", "a", "a"].map((kid) => JSON.stringify({ alg: "HS256", kid })));
  });

  it("does not take a payload or a signature along", () => {
    const first = inspect(`${header}.${segment({ sub: "alice" })}.${signature}`);
    const second = inspect(`${header}.${segment({ sub: "bob" })}.`);
    expect(first.payload?.content).toMatchObject({ written: '{"sub":"alice"}' });
    expect(second.payload?.content).toMatchObject({ written: '{"sub":"bob"}' });
    expect(second.signature?.text).toBe("");
  });

  it("one that had to be repaired is reported for every token that has it", () => {
    const padded = `${segment({ alg: "HS256" })}=`;
    for (let again = 0; again < 3; again++) {
      expect(inspect(`${padded}.e30.${signature}`).repairs).toHaveLength(1);
      expect(inspect(`${header}.e30.${signature}`).repairs).toEqual([]);
    }
  });

  it("one that is broken is refused every time", () => {
    const broken = `${header.slice(0, -1)}!`;
    for (let again = 0; again < 3; again++) {
      expect(inspect(`${broken}.e30.${signature}`).fault?.code).toBe("header_unreadable");
      expect(inspect(`${header}.e30.${signature}`).fault).toBeUndefined();
    }
  });
});

describe("the header that is checked once for many tokens", () => {
  const ec = candidate(ecKey({ kid: "a", alg: "ES256" }));
  const secret = candidate(secretKey("a secret of thirty-two bytes, yes", { kid: "a", alg: "HS256" }));
  const inspected = createInspectionCache();
  const headers: HeaderCheckCache = {};
  const trusted: readonly CandidateKey[] = [ec];
  const options: VerificationOptions = {
    time: { now: 0, utcOffset: () => 0 },
    leeway: 0,
    algorithms: [],
    types: [],
    tryAll: false,
    issuers: [],
    audiences: [],
    require: [],
  };

  /** The status of the checks algorithm, key and typ. */
  function statuses(
    header: object,
    candidates: readonly CandidateKey[] = trusted,
    changed: Partial<VerificationOptions> = {},
  ): string {
    const token = inspectToken(`${segment(header)}.e30.${segment(new Uint8Array(64))}`, inspected);
    const { checks } = verifySync(
      token,
      candidates,
      { ...options, ...changed },
      { verify: () => true },
      headers,
    );
    return ["algorithm", "key", "typ"]
      .map((name) => checks.find((check) => check.name === name)?.status)
      .join(" ");
  }

  it("is checked anew for another header, set of keys, or demand", () => {
    const header = { alg: "ES256", kid: "a" };
    for (let again = 0; again < 3; again++) {
      expect(statuses(header)).toBe("pass pass skip");
      expect(statuses(header)).toBe("pass pass skip");
      expect(statuses({ ...header, alg: "HS256" })).toBe("fail pass skip");
      expect(statuses(header)).toBe("pass pass skip");
      expect(statuses({ ...header, kid: "b" })).toBe("skip fail skip");
      expect(statuses({ ...header, kid: "b" }, trusted, { tryAll: true })).toBe("pass warn skip");
      expect(statuses(header, [secret])).toBe("fail pass skip");
      expect(statuses(header, trusted, { algorithms: ["ES384"] })).toBe("fail pass skip");
      expect(statuses(header, trusted, { types: ["jwt"] })).toBe("pass pass fail");
      expect(statuses(header, [{ ...ec, state: "revoked" }])).toBe("pass fail skip");
    }
  });
});
