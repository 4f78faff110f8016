import { describe, expect, it } from "vitest";
import { KEPT_AFTER_END, pruneSessions } from "../../../../src/app/sessions/prune-sessions.ts";
import type { Store } from "../../../../src/core/authority/ports/store.ts";
import { FakeClock, START } from "../../../support/fake-runtime.ts";
import { createWorld } from "./world.ts";

describe("pruning", () => {
  it("goes on in steps until nothing is left, and reports each", async () => {
    const { store } = await createWorld();
    let left = 2500;
    const asked: { endedBefore: number; limit: number }[] = [];
    const counted: Store = Object.assign(Object.create(store) as Store, {
      listSessions: async () => [],
      countPrunable: async () => left,
      async pruneSessions(input: { endedBefore: number; limit: number }) {
        asked.push(input);
        const removed = Math.min(left, input.limit);
        left -= removed;
        return removed;
      },
    });
    const progress: number[] = [];
    const pauses: number[] = [];
    const pruned = await pruneSessions(
      { progress: (soFar) => progress.push(soFar) },
      { store: counted, clock: new FakeClock(), pause: async (ms) => void pauses.push(ms) },
    );
    expect({ pruned, progress }).toEqual({ pruned: 2500, progress: [1000, 2000] });
    // Others have their turn after each step.
    expect(pauses).toHaveLength(2);
    expect(new Set(asked.map(({ endedBefore }) => endedBefore))).toEqual(new Set([START - KEPT_AFTER_END]));
  });
});
