import { describe, expect, test } from "vitest";
import type { Store } from "../../src/core/authority/ports/store.ts";
import { LONGEST_DELAY } from "../../src/core/authority/sessions/rotation.ts";
import {
  DAY,
  fill,
  HOUR,
  SECOND,
  START,
  sampleKey,
  sampleSecret,
  sampleSession,
  sampleStore,
  sampleUser,
  trade,
  WINDOW,
} from "../support/store-samples.ts";
import type { MakeStore } from "./store-contract.ts";

export function describeTidying(make: MakeStore): void {
  describe("tidying up", () => {
    test("finds nothing to do in a store that is in use", async () => {
      const store = await fill(await make());
      const { seq } = await store.readAuditHead();
      expect(await store.tidy(START)).toEqual({ destroyed: [], seals: 0 });
      expect((await store.readAuditHead()).seq).toBe(seq);
    });

    test("destroys what was kept of keys that are past their date", async () => {
      const store = await fill(await make());
      await store.promoteStandbyKey({ successor: sampleSecret("third"), keepPrivate: true }, START);
      await store.promoteStandbyKey({ successor: sampleKey("fourth"), keepPrivate: false }, START);
      await store.promoteStandbyKey({ successor: sampleKey("fifth"), keepPrivate: false }, START);
      const { destroyed } = await store.tidy(START + DAY);
      expect([...destroyed].sort()).toEqual(["first", "third"]);
      for (const kid of ["first", "second", "third"]) expect(await store.readPrivateKey(kid)).toBeNull();
      expect(await store.readPrivateKey("fourth")).not.toBeNull();
      // What is destroyed is gone when the clock goes back; what had nothing to destroy verifies until its date.
      const states = Object.fromEntries((await store.listKeys(START)).map(({ kid, state }) => [kid, state]));
      expect(states).toMatchObject({ first: "retired", second: "retiring", third: "retired" });
      expect(await store.tidy(START + DAY)).toEqual({ destroyed: [], seals: 0 });
    });

    test.each([
      ["tidying", (store: Store, now: number) => store.tidy(now)],
      [
        "a rotation",
        (store: Store, now: number) =>
          store.promoteStandbyKey({ successor: sampleKey(`n${now}`), keepPrivate: false }, now),
      ],
      ["a retirement", (store: Store, now: number) => store.retireKey("first", now)],
    ])("%s destroys nothing under a clock that has run ahead for years, however often", async (_, work) => {
      const store = await fill(await make());
      await store.addKey({ key: sampleSecret("secret"), state: "active", keepPrivate: true }, START);
      await store.promoteStandbyKey({ successor: sampleKey("third"), keepPrivate: false }, START);
      const ahead = START + 3650 * DAY;
      await work(store, ahead);
      await work(store, ahead + 29 * DAY);
      expect(await store.readPrivateKey("first")).not.toBeNull();
      expect(await store.readPrivateKey("secret")).not.toBeNull();
      const states = Object.fromEntries((await store.listKeys(START)).map(({ kid, state }) => [kid, state]));
      expect(states).toMatchObject({ first: "retiring", secret: "retiring" });
    });

    test("a store that really lay unused is tidied again when it has been in use for a month", async () => {
      const store = await fill(await make());
      await store.promoteStandbyKey({ successor: sampleKey("third"), keepPrivate: true }, START);
      const later = START + 800 * DAY;
      await store.createSession(sampleSession("later", "ada", later), later);
      expect(await store.tidy(later + DAY)).toMatchObject({ destroyed: [] });
      expect(await store.tidy(later + 30 * DAY)).toMatchObject({ destroyed: ["first"] });
    });

    test("the last use is that of a key, a user or a login, and none that came later", async () => {
      const store = await make();
      await store.initialise(sampleStore(), START);
      expect(await store.findLastUse(START - 1)).toBeNull();
      expect(await store.findLastUse(START)).toBe(START);
      await store.addUser(sampleUser("ada"), START + 1);
      await store.createSession(sampleSession("one", "ada", START + 2), START + 2);
      expect(await store.findLastUse(START + 1)).toBe(START + 1);
      await store.rotateRefreshToken(trade("one/1", "one/2"), START + 10);
      // It was in use all the time.
      expect(await store.findLastUse(START + 5)).toBe(START + 5);
      expect(await store.findLastUse(START + DAY)).toBe(START + 10);
      await store.promoteStandbyKey({ successor: sampleKey("third"), keepPrivate: false }, START + 20);
      expect(await store.findLastUse(START + DAY)).toBe(START + 20);
    });

    test("wipes the seals that nobody can wait for any more, and leaves the others", async () => {
      const store = await fill(await make());
      await store.rotateRefreshToken(trade("login-1/1", "login-1/2"), START + HOUR);
      const over = START + HOUR + WINDOW + LONGEST_DELAY;
      expect(await store.tidy(over - 1)).toMatchObject({ seals: 0 });
      expect(await store.tidy(over)).toMatchObject({ seals: 1 });
      const again = await store.rotateRefreshToken(trade("login-1/1", "x"), START + HOUR + 9 * SECOND);
      expect(again.outcome).toBe("superseded");
    });
  });
}
