import { objectOf, stringMember } from "../../jose/token/content.ts";
import type { InspectedToken } from "../../jose/token/inspect.ts";

/** Claims that only some kinds of tokens have. */
const TELLING_CLAIMS: ReadonlySet<string> = new Set([
  ...["token_use", "typ", "scope", "scp", "token_introspection", "kubernetes.io", "job_workflow_ref"],
  ...["events", "at_hash", "c_hash", "s_hash", "nonce", "code", "error", "authority_hints"],
  ...["htu", "response_type", "vct", "sd_hash", "status_list"],
]);

/**
 * Whether it is worth loading the table of kinds: most tokens say nothing about their kind, and `decode` should cost
 * them nothing. A test compares this with the table.
 */
export function hasTellingSigns({ header, payload }: InspectedToken): boolean {
  const typ = stringMember(objectOf(header.content), "typ");
  if (typ !== undefined && typ.toUpperCase() !== "JWT") return true;
  const claims = objectOf(payload?.content);
  if (claims === undefined) return false;
  if (claims.members.some(([name]) => TELLING_CLAIMS.has(name))) return true;
  const iss = claims.get("iss");
  return iss !== undefined && iss === claims.get("sub");
}
