import type { Decision } from "../decision.ts";

/** Removes sessions whose time to be kept is over. @param ids the sessions that are old enough */
export function decidePruning(ids: readonly string[]): Decision<number, readonly string[]> {
  const count = ids.length;
  if (count === 0) return { result: 0 };
  return { result: count, change: ids, events: [{ type: "logins_pruned", details: { count } }] };
}
