import { describe, expect, it } from "vitest";
import { reviewTokens } from "../../../src/app/lint/review-tokens.ts";
import { tokensToReview } from "../../../src/app/lint/tokens-to-review.ts";
import { segment } from "../token/make.ts";

const SIGNATURE = { protected: segment({ alg: "HS256" }), signature: "A".repeat(43) };

/** A JWS in the general JSON form. */
function general(claims: object, signatures: readonly object[]): string {
  return JSON.stringify({ payload: segment(claims), signatures });
}

function toReview(text: string) {
  return tokensToReview({ index: 0, source: null, text });
}

describe("attack: very many signatures over one payload", () => {
  it("decodes the payload once, and shares it", () => {
    const { tokens } = toReview(general({ sub: "u" }, Array(3).fill(SIGNATURE)));
    expect(tokens).toHaveLength(3);
    expect(new Set(tokens.map(({ token }) => token.payload)).size).toBe(1);
  });

  it("does not share a payload with a signature to which it stands unencoded (b64: false)", () => {
    const unencoded = { ...SIGNATURE, protected: segment({ alg: "HS256", b64: false, crit: ["b64"] }) };
    const { tokens } = toReview(general({ sub: "u" }, [SIGNATURE, unencoded, SIGNATURE]));
    const [first, second, third] = tokens.map(({ token }) => token.payload);
    expect(first).toBe(third);
    expect([first?.content.kind, second?.content.kind]).toEqual(["json", "text"]);
  });

  it("looks at 100 signatures, at fewer of a long token, and says so", () => {
    const few = toReview(general({ sub: "u" }, Array(101).fill(SIGNATURE)));
    expect([few.tokens.length, few.unread.map(({ code }) => code)]).toEqual([100, ["input_too_large"]]);
    const long = toReview(general({ d: "x".repeat(1_000_000) }, Array(100).fill(SIGNATURE)));
    expect([long.tokens.length, long.unread.length]).toEqual([6, 1]);
    expect(long.unread[0]?.message).toContain("100 signatures of a token, or fewer of a long one");
    const huge = toReview(general({ d: "x".repeat(9_000_000) }, [SIGNATURE, SIGNATURE]));
    expect(huge.tokens).toHaveLength(1);
  });

  it("finds in every one of them what it finds in the first", async () => {
    const claims = { password: "x", __proto__x: 1, constructor: 2, big: 1, "a\u200b": 1 };
    const text = general(claims, [SIGNATURE, { ...SIGNATURE, signature: "B".repeat(43) }]).replace(
      segment(claims),
      segment(JSON.stringify(claims).replace('"big":1', '"big":9007199254740993')),
    );
    const other = `${SIGNATURE.protected}.${segment({ sub: "u" })}.${SIGNATURE.signature}`;
    const { reviews } = await reviewTokens(
      {
        inputs: [
          { source: null, text },
          { source: null, text: other },
        ],
        options: { now: 0, maxLifetime: 3600, as: undefined, ignore: new Set() },
        failOn: "never",
        secret: undefined,
      },
      { jws: async () => ({ verify: async () => false }) },
    );
    const [first, second, third] = reviews.map(({ findings }) =>
      findings.filter(({ where }) => where.startsWith("/payload/")).map(({ rule, where }) => [rule, where]),
    );
    expect(first).toEqual(second);
    expect(new Set(first?.map(([rule]) => rule))).toEqual(
      new Set(["sensitive-claim", "prototype-name", "unsafe-integer", "invisible-characters"]),
    );
    expect(third).toEqual([]);
  });
});
