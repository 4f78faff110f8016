import type { SessionStore, SettingsStore } from "../../core/authority/ports/store.ts";
import type { Clock } from "../../core/base/ports.ts";
import { refuseAfterClockJump } from "../store/clock-jump.ts";

/** How long a session stays on record after its absolute end, in ms; until then its tokens are known as expired. */
export const KEPT_AFTER_END = 30 * 86_400_000;
/** Sessions and refresh tokens per transaction; other processes wait that long for the store. */
const BATCH = { limit: 1000, tokens: 2000 };
/** ms; who waits for the store looks for it every 100 ms at least. */
const LONGEST_PAUSE = 250;
const SHORTEST_PAUSE = 10;

export interface PruneInput {
  /** How long ago the absolute end must lie, ms; undefined: {@link KEPT_AFTER_END}. */
  readonly olderThan?: number | undefined;
  /** So many sessions at most. */
  readonly limit?: number | undefined;
  /** Remove them even when the clock may be ahead. */
  readonly afterJump?: boolean;
  /** Called after each step with the number of removed sessions so far. */
  readonly progress?: (pruned: number) => void;
}

export interface PrunePorts {
  readonly store: SessionStore & Pick<SettingsStore, "findLastUse">;
  readonly clock: Clock;
  pause(ms: number): Promise<void>;
}

/**
 * Removes whole sessions whose absolute end lies long ago. Works in durable steps: it may be interrupted and run again.
 * After each it waits for as long as the step took, so that others have their turn.
 *
 * @returns how many were removed
 * @throws AppError `clock_implausible` when there are sessions to remove and the clock may be ahead
 */
export async function pruneSessions(input: PruneInput, { store, clock, pause }: PrunePorts): Promise<number> {
  const { olderThan = KEPT_AFTER_END, limit = Number.POSITIVE_INFINITY, afterJump = false, progress } = input;
  const now = clock.now();
  const endedBefore = now - olderThan;
  if (!afterJump) await refuseAhead(store, { now, endedBefore });
  const total = Math.min(limit, await store.countPrunable(endedBefore));
  for (let pruned = 0; ; ) {
    const began = clock.now();
    const step = { ...BATCH, endedBefore, limit: Math.min(BATCH.limit, total - pruned) };
    const removed = await store.pruneSessions(step, now);
    pruned += removed;
    if (removed === 0 || pruned >= total) return pruned;
    progress?.(pruned);
    await pause(Math.max(SHORTEST_PAUSE, Math.min(LONGEST_PAUSE, clock.now() - began)));
  }
}

/** Under a clock that is far ahead every session has ended: all would be removed. */
async function refuseAhead(
  store: PrunePorts["store"],
  { now, endedBefore }: { now: number; endedBefore: number },
): Promise<void> {
  const [first] = await store.listSessions({ sort: "expires", limit: 1 }, now);
  if (first === undefined || first.expiresAt >= endedBefore) return;
  await refuseAfterClockJump(store, now, {
    undone: "no login was removed",
    meant: "jwtctl tokens prune --yes",
  });
}
