import type { SessionStore, SettingsStore } from "../../core/authority/ports/store.ts";
import type { Clock } from "../../core/base/ports.ts";
import { refuseAfterClockJump } from "../store/clock-jump.ts";

/** How long a session stays on record after its absolute end, in ms; until then its tokens are known as expired. */
export const KEPT_AFTER_END = 30 * 86_400_000;
/** Sessions per transaction; other processes wait that long for the store. */
const BATCH = 1000;

/**
 * Removes whole sessions whose absolute end is more than 30 days ago. Works in durable steps: it may be interrupted and
 * run again.
 *
 * @param progress called after each step with the number of removed sessions so far
 * @param afterJump remove them even when the clock may be ahead
 * @returns how many were removed
 * @throws AppError `clock_implausible` when there are sessions to remove and the clock may be ahead
 */
export async function pruneSessions(
  { store, clock }: { store: SessionStore & Pick<SettingsStore, "findLastUse">; clock: Clock },
  progress: (pruned: number) => void = () => undefined,
  afterJump = false,
): Promise<number> {
  const now = clock.now();
  if (!afterJump) await refuseAhead(store, now);
  let pruned = 0;
  for (;;) {
    const removed = await store.pruneSessions({ endedBefore: now - KEPT_AFTER_END, limit: BATCH }, now);
    pruned += removed;
    if (removed < BATCH) return pruned;
    progress(pruned);
  }
}

/** Under a clock that is far ahead every session has ended: all would be removed. */
async function refuseAhead(
  store: SessionStore & Pick<SettingsStore, "findLastUse">,
  now: number,
): Promise<void> {
  const [first] = await store.listSessions({ sort: "expires", limit: 1 }, now);
  if (first === undefined || first.expiresAt >= now - KEPT_AFTER_END) return;
  await refuseAfterClockJump(store, now, {
    undone: "no login was removed",
    meant: "jwtctl tokens prune --yes",
  });
}
