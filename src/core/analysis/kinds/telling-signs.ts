import { objectOf, stringMember } from "../../jose/token/content.ts";
import type { InspectedToken } from "../../jose/token/inspect.ts";

/** Claims that only some kinds of tokens have. */
const TELLING_CLAIMS: ReadonlySet<string> = new Set([
  ...["token_use", "typ", "scope", "scp", "token_introspection", "kubernetes.io", "job_workflow_ref"],
  ...["events", "at_hash", "c_hash", "s_hash", "nonce", "code", "error", "authority_hints"],
  ...["htu", "response_type", "vct", "sd_hash", "status_list"],
]);

/** What stands in the `iss` of a known provider; that an iss has it says no more than that it is worth looking. */
const TELLING_ISSUERS =
  /microsoftonline|sts\.windows\.net|b2clogin|ciamlogin|\/adfs|\/realms\/|cognito-idp|google|gserviceaccount|\.auth0\.com|\.okta|githubusercontent|_services\/token|apple\.com|supabase|\/auth\/v1$|kubernetes/;

/** Claims and header parameters of providers whose `iss` can be anything. */
const PROVIDER_SIGNS: ReadonlySet<string> = new Set([
  ...["project_path", "kubernetes.io/serviceaccount/service-account.name"],
  ...["urn:zitadel:iam:user:resourceowner:id", "urn:zitadel:iam:org:project:roles"],
]);

/**
 * Whether it is worth loading the table of kinds: most tokens say nothing about their kind, and `decode` should cost
 * them nothing. A test compares this with the table.
 */
export function hasTellingSigns({ header, payload }: InspectedToken): boolean {
  const typ = stringMember(objectOf(header.content), "typ");
  if (typ !== undefined && typ.toUpperCase() !== "JWT") return true;
  const claims = objectOf(payload?.content);
  const parameters = objectOf(header.content);
  if (parameters?.has("signer") || parameters?.has("iss")) return true;
  if (claims === undefined) return false;
  if (claims.members.some(([name]) => TELLING_CLAIMS.has(name) || PROVIDER_SIGNS.has(name))) return true;
  const iss = claims.get("iss");
  if (typeof iss === "string" && TELLING_ISSUERS.test(iss)) return true;
  return iss !== undefined && iss === claims.get("sub");
}
