import { describe, expect, test } from "vitest";
import type { Store } from "../../src/core/authority/ports/store.ts";
import { FORGOTTEN_AFTER, FREE_ATTEMPTS } from "../../src/core/authority/users/throttle.ts";
import { DAY, fill, MINUTE, SECOND, START, sampleSession, sampleUser } from "../support/store-samples.ts";
import type { MakeStore } from "./store-contract.ts";

export function describeThrottle(make: MakeStore): void {
  const ready = async () => fill(await make());

  /** A wrong password, whosoever the name is; says what the attempt was answered. */
  async function wrong(store: Store, name: string, now: number): Promise<string> {
    const attempt = await store.beginPasswordAttempt(name, now);
    if (attempt.outcome === "throttled") return `throttled until ${attempt.retryAt - START}`;
    await store.endPasswordAttempt({ userId: attempt.user?.id ?? null, result: "wrong" }, now);
    return "wrong";
  }

  async function fail(store: Store, name: string, times: number, now = START): Promise<void> {
    for (let time = 0; time < times; time++) await wrong(store, name, now);
  }

  describe("guessing passwords", () => {
    test("an attempt finds the user and the hash to check against", async () => {
      const store = await ready();
      expect(await store.beginPasswordAttempt("ADA", START)).toMatchObject({
        outcome: "allowed",
        user: { id: "user-ada", name: "ada" },
        passwordHash: "hash-of-ada",
      });
      expect(await store.beginPasswordAttempt("nobody", START)).toEqual({
        outcome: "allowed",
        user: null,
        passwordHash: null,
      });
    });

    test("five wrong passwords are free, then there is a wait that doubles", async () => {
      const store = await ready();
      await fail(store, "ada", FREE_ATTEMPTS);
      expect(await wrong(store, "ada", START)).toBe("throttled until 1000");
      expect(await wrong(store, "ada", START + 999)).toBe("throttled until 1000");
      expect(await wrong(store, "ada", START + 1000)).toBe("wrong");
      expect(await wrong(store, "ada", START + 1000)).toBe("throttled until 3000");
    });

    test("is answered alike for a name that nobody has: names cannot be collected", async () => {
      const store = await ready();
      const probe = async (name: string) => {
        const answers: string[] = [];
        for (const after of [0, 0, 0, 0, 0, 0, 999, 1000, 1001, 3000, 6999, 7000, MINUTE, DAY, 2 * DAY]) {
          answers.push(await wrong(store, name, START + after));
        }
        return answers;
      };
      expect(await probe("nobody")).toEqual(await probe("ada"));
    });

    test("at a name in another case or normalisation is counted as one", async () => {
      const store = await ready();
      await store.addUser(sampleUser("Zoë"), START);
      for (const names of [
        ["Zoë", "zoë", "ZOE\u0308"],
        ["Noé", "noé", "NOE\u0301"],
      ]) {
        for (const name of names) await fail(store, name, 2);
        expect(await wrong(store, names[0] ?? "", START)).toMatch(/^throttled/);
      }
    });

    test("of one user keeps no other waiting", async () => {
      const store = await ready();
      await store.addUser(sampleUser("bob"), START);
      await fail(store, "ada", 20);
      expect(await wrong(store, "bob", START)).toBe("wrong");
      expect(await wrong(store, "nobody", START)).toBe("wrong");
    });

    test("many at the same moment: five are let through, and all of them count", async () => {
      const store = await ready();
      const attempts = await Promise.all(
        Array.from({ length: 100 }, () => store.beginPasswordAttempt("ada", START)),
      );
      expect(attempts.filter(({ outcome }) => outcome === "allowed")).toHaveLength(FREE_ATTEMPTS);
      expect(await store.findUser("ada", START)).toMatchObject({
        failedAttempts: FREE_ATTEMPTS,
        lockedUntil: START + SECOND,
      });
    });

    test("an attempt that never ended counts as a wrong one: killing the process gains nothing", async () => {
      const store = await ready();
      for (let time = 0; time < FREE_ATTEMPTS; time++) await store.beginPasswordAttempt("ada", START);
      expect(await wrong(store, "ada", START)).toMatch(/^throttled/);
    });

    test("the right password sets the count back, also when the user is disabled", async () => {
      const store = await ready();
      for (const result of ["right", "disabled"] as const) {
        await fail(store, "ada", 4);
        await store.beginPasswordAttempt("ada", START);
        await store.endPasswordAttempt({ userId: "user-ada", result }, START);
        expect(await store.findUser("ada", START)).toMatchObject({ failedAttempts: 0, lockedUntil: null });
      }
    });

    test("is forgotten when the password is changed, an operator says so, or a day has gone by", async () => {
      const store = await ready();
      const free = async (now: number) => (await store.findUser("ada", now))?.lockedUntil === null;
      await fail(store, "ada", 20);
      expect(await free(START)).toBe(false);
      await store.changePassword({ userId: "user-ada", passwordHash: "n", weakPassword: false }, START);
      expect(await free(START)).toBe(true);
      await fail(store, "ada", 20);
      expect(await store.unlockUser("user-ada", START)).toEqual({ changed: true });
      expect(await store.unlockUser("user-ada", START)).toEqual({ changed: false });
      expect(await store.unlockUser("user-nobody", START)).toBeNull();
      expect(await free(START)).toBe(true);
      await fail(store, "ada", 20);
      expect(await wrong(store, "ada", START + FORGOTTEN_AFTER)).toBe("wrong");
      expect(await store.findUser("ada", START + FORGOTTEN_AFTER)).toMatchObject({ failedAttempts: 1 });
    });

    test("of a user who is removed is not passed on to the next of that name", async () => {
      const store = await ready();
      await fail(store, "ada", 20);
      await store.removeUser("user-ada", START);
      await store.addUser(sampleUser("ada", { id: "another" }), START);
      expect(await wrong(store, "ada", START)).toBe("wrong");
    });

    test("a lock is seen in the list of users while it lasts", async () => {
      const store = await ready();
      await fail(store, "ada", FREE_ATTEMPTS);
      expect(await store.listUsers(START)).toMatchObject([{ lockedUntil: START + SECOND }]);
      expect(await store.listUsers(START + SECOND)).toMatchObject([
        { lockedUntil: null, failedAttempts: FREE_ATTEMPTS },
      ]);
    });

    test("does not undo what a login found: the login itself leaves the count alone", async () => {
      const store = await ready();
      await fail(store, "ada", 3);
      await store.createSession(sampleSession("l2", "ada"), START);
      expect(await store.findUser("ada", START)).toMatchObject({ failedAttempts: 3 });
    });

    test("is told to the audit log with the count, and of unknown names without the name", async () => {
      const store = await ready();
      const { seq } = await store.readAuditHead();
      await fail(store, "ada", 6);
      await wrong(store, "correct horse battery staple", START);
      await store.endPasswordAttempt({ userId: "user-ada", result: "disabled" }, START);
      const entries = await store.listAudit({ afterSeq: seq });
      expect(entries.map(({ user, reason }) => `${user}: ${reason}`)).toEqual([
        ...Array.from({ length: 5 }, () => "ada: wrong_password"),
        "ada: throttled",
        "null: unknown_user",
        "ada: user_disabled",
      ]);
      expect(entries.map(({ type }) => type)).toEqual(Array.from({ length: 8 }, () => "login_refused"));
      expect(entries[4]?.details.get("attempts")).toBe(5);
      expect(entries[4]?.details.get("locked_until")).toBe("2025-01-01T00:00:01Z");
      expect(JSON.stringify(entries)).not.toContain("staple");
    });
  });
}
