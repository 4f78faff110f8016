import type { SessionStore, SettingsStore } from "../../core/authority/ports/store.ts";
import type { Clock } from "../../core/base/ports.ts";
import { refuseAfterClockJump } from "../store/clock-jump.ts";

/** How long a session stays on record after its absolute end, in ms: a token that comes back is still known as old. */
export const KEPT_AFTER_END = 30 * 86_400_000;
/** Small enough that nobody waits long for the store. */
const BATCH = 1000;

/**
 * Removes sessions whose absolute end lies more than 30 days back, whole, and no part of a live one. Works in steps, each
 * durable: it may be interrupted and run again.
 *
 * @param progress told how many are gone after each step
 * @param afterJump do it also when the clock shows a time to which nothing in the store leads
 * @returns how many were removed
 * @throws AppError `clock_implausible` when there is something to remove, and the clock may be ahead
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

/** A clock that is ahead has ended every session: none would be left when it is set right. */
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
