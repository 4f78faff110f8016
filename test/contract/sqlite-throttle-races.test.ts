import { describe, expect, test } from "vitest";
import { FREE_ATTEMPTS } from "../../src/core/authority/users/throttle.ts";
import { amount } from "../support/amount.ts";
import { filledFile, opened } from "../support/store-files.ts";
import { assemble, bundleWorker } from "../support/store-processes.ts";
import { SECOND, START } from "../support/store-samples.ts";

const CROWD = amount({ soak: 100, gate: 20 });

bundleWorker();
const crowd = assemble(CROWD);

interface Guess {
  readonly outcome: "wrong" | "throttled";
  readonly retryAt?: number;
}

const guessAll = async (path: string, name: string, now: number) =>
  (await crowd.race("guess", () => ({ path, name, now }))) as Guess[];

/** How often each answer came, errors too. */
function answers(guesses: readonly Guess[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const guess of guesses) {
    const name = guess.outcome ?? JSON.stringify(guess);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

describe(`${CROWD} processes that guess at once`, () => {
  test("five passwords are checked, the others wait; the counter is exact and the lock holds", async () => {
    const path = await filledFile();
    const first = await guessAll(path, "ada", START);
    expect(answers(first)).toEqual({ wrong: FREE_ATTEMPTS, throttled: CROWD - FREE_ATTEMPTS });
    expect(first.filter(({ retryAt }) => retryAt === START + SECOND)).toHaveLength(CROWD - FREE_ATTEMPTS);

    // Whoever waits gets one more guess each time, and a longer wait.
    let now = START + SECOND;
    for (const wait of [2, 4, 8]) {
      const next = await guessAll(path, "ada", now);
      expect(answers(next)).toEqual({ wrong: 1, throttled: CROWD - 1 });
      now += wait * SECOND;
      expect(new Set(next.map(({ retryAt }) => retryAt))).toEqual(new Set([undefined, now]));
    }

    const store = await opened(path);
    expect(await store.findUser("ada", START)).toMatchObject({ failedAttempts: FREE_ATTEMPTS + 3 });
    const refused = await store.listAudit({ types: ["login_refused"] });
    expect(refused.filter(({ reason }) => reason === "wrong_password")).toHaveLength(FREE_ATTEMPTS + 3);
    expect(await store.verifyAudit()).toMatchObject({ faultCount: 0 });
  });

  test("with clocks up to nine seconds behind: all are held back, and the lock stays where it is", async () => {
    const path = await filledFile();
    const store = await opened(path);
    let now = START;
    for (let attempt = 0; attempt < FREE_ATTEMPTS + 3; attempt++) {
      now = (await store.findUser("ada", now))?.lockedUntil ?? now;
      expect((await store.beginPasswordAttempt("ada", now)).outcome).toBe("allowed");
    }
    const retryAt = now + 8 * SECOND;
    const stale = (index: number) => ({ path, name: "ada", now: now - (index % 10) * SECOND });
    const guesses = (await crowd.race("guess", stale)) as Guess[];
    expect(answers(guesses)).toEqual({ throttled: CROWD });
    expect(new Set(guesses.map((guess) => guess.retryAt))).toEqual(new Set([retryAt]));
    expect(await store.findUser("ada", retryAt - 1)).toMatchObject({
      failedAttempts: FREE_ATTEMPTS + 3,
      lockedUntil: retryAt,
    });
    expect(answers(await guessAll(path, "ada", retryAt))).toEqual({ wrong: 1, throttled: CROWD - 1 });
  });

  test("before the lock, with clocks up to nine seconds behind: no more are checked than in so many seconds", async () => {
    const path = await filledFile();
    const guesses = (await crowd.race("guess", (index) => ({
      path,
      name: "ada",
      now: START + (index % 10) * SECOND,
    }))) as Guess[];
    const { wrong = 0, throttled = 0 } = answers(guesses);
    expect(wrong + throttled).toBe(CROWD);
    // Five are free; each one more waits for the one before it: 1 s, 2 s, 4 s.
    expect(2 ** (wrong - FREE_ATTEMPTS) - 1).toBeLessThanOrEqual(9);
    expect(await (await opened(path)).findUser("ada", START)).toMatchObject({ failedAttempts: wrong });
  });

  test("at a name that nobody has: answered in the same way", async () => {
    const path = await filledFile();
    const guesses = await guessAll(path, "nobody", START);
    expect(answers(guesses)).toEqual({ wrong: FREE_ATTEMPTS, throttled: CROWD - FREE_ATTEMPTS });
    expect(guesses.filter(({ retryAt }) => retryAt === START + SECOND)).toHaveLength(CROWD - FREE_ATTEMPTS);
  });
});
