import { describe, expect, test } from "vitest";
import { LONGEST_DELAY } from "../../src/core/sessions/rotation.ts";
import {
  DAY,
  fill,
  HOUR,
  SECOND,
  START,
  sampleKey,
  sampleSecret,
  trade,
  WINDOW,
} from "../support/store-samples.ts";
import type { MakeStore } from "./store-contract.ts";

export function describeTidying(make: MakeStore): void {
  describe("tidying up", () => {
    test("finds nothing to do in a store that is in use", async () => {
      const store = await fill(await make());
      const { seq } = await store.readAuditHead();
      expect(await store.tidy(START)).toEqual({ retired: [], destroyed: [], seals: 0 });
      expect((await store.readAuditHead()).seq).toBe(seq);
    });

    test("notes what the calendar has ended, and destroys what was kept of it", async () => {
      const store = await fill(await make());
      await store.promoteStandbyKey({ successor: sampleSecret("third"), keepPrivate: true }, START);
      await store.promoteStandbyKey({ successor: sampleKey("fourth"), keepPrivate: false }, START);
      await store.promoteStandbyKey({ successor: sampleKey("fifth"), keepPrivate: false }, START);
      const { retired, destroyed } = await store.tidy(START + DAY);
      expect([...retired].sort()).toEqual(["first", "second", "third"]);
      expect([...destroyed].sort()).toEqual(["first", "third"]);
      for (const kid of ["first", "second", "third"]) expect(await store.readPrivateKey(kid)).toBeNull();
      expect(await store.readPrivateKey("fourth")).not.toBeNull();
      // It stays so when the clock goes back.
      const states = (await store.listKeys(START)).filter(({ state }) => state === "retired");
      expect(states).toHaveLength(3);
      expect(await store.tidy(START + DAY)).toEqual({ retired: [], destroyed: [], seals: 0 });
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
