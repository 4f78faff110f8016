import { JsonObject, type JsonValue } from "../../base/json/value.ts";
import { writeJson } from "../../base/json/write.ts";
import type { Decision } from "../decision.ts";
import type { ChangeClaims, ClaimsChange } from "../ports/store.ts";
import type { UserChange, UserFacts } from "../ports/store-backend.ts";

/**
 * Changes the claims of a user's access tokens. A claim that has a value keeps its place, new ones come last. Nothing
 * is changed when one that is to go is not there.
 *
 * @param facts null when there is no such user
 */
export function decideClaimsChange(
  facts: UserFacts | null,
  { set, remove }: Pick<ChangeClaims, "set" | "remove">,
): Decision<ClaimsChange | null, UserChange> {
  if (facts === null) return { result: null };
  const { name, claims: before } = facts.user;
  const missing = remove.filter((claim) => before.get(claim) === undefined);
  if (missing.length > 0) return { result: { outcome: "no_such_claim", missing } };
  const kept = before.members.filter(([claim]) => !remove.includes(claim));
  const claims = new JsonObject([
    ...kept.map(([claim, value]) => [claim, replaced(set.get(claim), value)] as const),
    ...set.members.filter(([claim]) => !kept.some(([present]) => present === claim)),
  ]);
  // As JSON, because that is what a store keeps.
  if (writeJson(claims) === writeJson(before)) return { result: { outcome: "unchanged", claims: before } };
  // Of the claims only the names: their values may be personal.
  const details = { set: set.members.map(([claim]) => claim), removed: remove };
  return {
    result: { outcome: "changed", claims },
    change: { claims },
    events: [{ type: "user_changed", user: name, details }],
  };
}

/** Null is a value, too. */
function replaced(value: JsonValue | undefined, before: JsonValue): JsonValue {
  return value === undefined ? before : value;
}
