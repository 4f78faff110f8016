import type { LoginStore } from "../../core/ports/store.ts";
import type { Clock } from "../../core/ports/system.ts";

/** How long a login stays on record after its absolute end, in ms: a token that comes back is still known as old. */
export const KEPT_AFTER_END = 30 * 86_400_000;
/** Small enough that nobody waits long for the store. */
const BATCH = 1000;

/**
 * Removes logins whose absolute end lies more than 30 days back, whole, and no part of a live one. Works in steps, each
 * durable: it may be interrupted and run again.
 *
 * @param progress told how many are gone after each step
 * @returns how many were removed
 */
export async function pruneLogins(
  { store, clock }: { store: LoginStore; clock: Clock },
  progress: (pruned: number) => void = () => undefined,
): Promise<number> {
  const now = clock.now();
  let pruned = 0;
  for (;;) {
    const removed = await store.pruneLogins({ endedBefore: now - KEPT_AFTER_END, limit: BATCH }, now);
    pruned += removed;
    if (removed < BATCH) return pruned;
    progress(pruned);
  }
}
