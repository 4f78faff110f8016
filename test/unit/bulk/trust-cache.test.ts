import { describe, expect, it } from "vitest";
import { cacheTrust, type TrustCache } from "../../../src/app/bulk/trust-cache.ts";
import type { KeyHint, Trust } from "../../../src/app/token/verify-token.ts";
import { candidate, ecKey } from "../token/node-jws.ts";

const START = 1_000_000;

function source(change: Partial<Trust> = {}) {
  const asked: KeyHint[] = [];
  const trust = async (hint: KeyHint): Promise<Trust> => {
    asked.push(hint);
    return {
      candidates: [],
      issuers: [String(asked.length)],
      audiences: [],
      holdsFor: "this_kid",
      ...change,
    };
  };
  return { asked, remembered: at(cacheTrust(trust)) };
}

/** Asks the way bulk work does: the source only when nothing is remembered. */
function at(remembered: TrustCache): (now: number) => (hint: KeyHint) => Promise<Trust> {
  return (now) => async (hint) => remembered.recall(hint, now) ?? remembered.ask(hint);
}

const hint = (kid: string | undefined, alg: string | undefined = "ES256"): KeyHint => ({ kid, alg });

describe("whom to trust, remembered", () => {
  it("asks once for every key name and algorithm", async () => {
    const { asked, remembered } = source();
    for (const one of [
      hint("a"),
      hint("b"),
      hint("a"),
      hint(undefined),
      hint("a", "HS256"),
      hint(undefined),
    ]) {
      await remembered(START)(one);
    }
    expect(asked).toEqual([hint("a"), hint("b"), hint(undefined), hint("a", "HS256")]);
  });

  it("does not take one token's names for another's, however they are spelled", async () => {
    const { asked, remembered } = source();
    const tricky = [
      hint('a","ES256'),
      hint("a", 'x","ES256'),
      hint("null"),
      hint(undefined),
      hint("a,ES256"),
    ];
    const answers = new Set<Trust>();
    for (const one of tricky) answers.add(await remembered(START)(one));
    expect(answers.size).toBe(tricky.length);
    expect(asked).toEqual(tricky);
  });

  it("asks only once when the answer is the same for every token", async () => {
    const { asked, remembered } = source({ holdsFor: "all" });
    for (let number = 0; number < 100; number++) await remembered(START + number * 60_000)(hint(`${number}`));
    expect(asked).toHaveLength(1);
  });

  it("asks a server once for the kids it knows, and once more for one it does not know", async () => {
    const candidates = ["a", "b"].map((kid) => candidate(ecKey({ kid })));
    const { asked, remembered } = source({ holdsFor: "known_kids", candidates });
    const ask = (kid: string | undefined) => remembered(START)(hint(kid));
    for (const kid of ["a", "b", undefined, "a"]) await ask(kid);
    expect(asked).toEqual([hint("a")]);
    await ask("new");
    expect(asked).toEqual([hint("a"), hint("new")]);
  });

  it("a million made-up kids are not a million questions to a server", async () => {
    const { asked, remembered } = source({
      holdsFor: "known_kids",
      candidates: [candidate(ecKey({ kid: "a" }))],
    });
    for (let number = 0; number < 1_000; number++) await remembered(START)(hint(`made up ${number}`));
    expect(asked).toHaveLength(1);
    await remembered(START + 10_000)(hint("made up again"));
    expect(asked).toHaveLength(2);
  });

  it("asks again after ten seconds: a key may have been revoked meanwhile", async () => {
    const { asked, remembered } = source();
    await remembered(START)(hint("a"));
    await remembered(START + 9_999)(hint("a"));
    expect(asked).toHaveLength(1);
    await remembered(START + 10_000)(hint("a"));
    expect(asked).toHaveLength(2);
  });

  it("asks again when the clock was set back", async () => {
    const { asked, remembered } = source();
    await remembered(START)(hint("a"));
    await remembered(START - 1)(hint("a"));
    expect(asked).toHaveLength(2);
  });

  it("a million made-up key names do not fill the memory, and one of a megabyte is not kept", async () => {
    const { asked, remembered } = source();
    for (let number = 0; number < 5_000; number++) await remembered(START)(hint(`made up ${number}`));
    await remembered(START)(hint("made up 4999"));
    expect(asked).toHaveLength(5_000);
    await remembered(START)(hint("made up 0"));
    expect(asked).toHaveLength(5_001);
    await remembered(START)(hint("x".repeat(1_000_000)));
    await remembered(START)(hint("x".repeat(1_000_000)));
    expect(asked).toHaveLength(5_003);
  });

  it("hands on an error of the source, and remembers nothing of it", async () => {
    const cause = new Error("no network");
    const remembered = cacheTrust(async () => {
      throw cause;
    });
    await expect(remembered.ask(hint("a"))).rejects.toBe(cause);
    expect(remembered.recall(hint("a"), START)).toBeUndefined();
  });
});
