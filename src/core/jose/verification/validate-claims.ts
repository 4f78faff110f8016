import { counted } from "../../base/text/wording.ts";
import { objectOf } from "../token/content.ts";
import type { InspectedToken } from "../token/inspect.ts";
import { type Check, pass, skip } from "./check.ts";
import {
  checkAudience,
  checkClaimTypes,
  checkConfirmation,
  checkDates,
  checkIssuer,
  checkProfile,
  checkRequired,
} from "./claim-checks.ts";
import { checkPayload } from "./header-checks.ts";
import type { VerificationOptions } from "./report.ts";

/** Why a token must be an access token (RFC 9068): the user demands it, or its `typ` claims it. */
export type Profile = "demanded" | "claimed";

/** Where the token was cut off; its payload is then not checked, the format check has failed already. */
function cutText({ fault, payload, signature }: InspectedToken): string | undefined {
  if (fault?.code === "payload_cut" || fault?.code === "cut_after_header") return fault.message;
  return signature === undefined && payload?.text === "" ? "the token ends after its header" : undefined;
}

const CLAIM_CHECKS = ["claim_types", "exp", "nbf", "iat", "iss", "aud"] as const;

/**
 * Validates the claims set (RFC 7519 section 7.2); skipped for another payload.
 * @param checks the results are added to it
 */
export function validateClaimsSet(
  checks: Check[],
  token: InspectedToken,
  profile: Profile | undefined,
  options: VerificationOptions,
): void {
  if (token.detached !== undefined) {
    const size = counted(token.payload?.bytes.length ?? 0, "byte");
    checks.push(pass("payload", `${size}, sent apart from the token: it is a JWS, and no JWT`));
    return;
  }
  const obstacle = token.encrypted ? "the token is encrypted" : cutText(token);
  checks.push(obstacle ? skip("payload", obstacle) : checkPayload(token.payload?.content, options.brief));
  const claims = options.claims ?? objectOf(token.payload?.content);
  if (claims === undefined) {
    for (const name of CLAIM_CHECKS) checks.push(skip(name, "there is no claims set"));
    return;
  }
  const { leeway, brief = false } = options;
  const { now, utcOffset } = options.time;
  const expRequired = options.require.includes("exp") ? "--require" : profile && "an access token (at+jwt)";
  const [exp, nbf, iat] = checkDates(claims, { now, utcOffset, leeway, expRequired, brief });
  checks.push(checkClaimTypes(claims), exp, nbf, iat);
  checks.push(checkIssuer(claims, options.issuers), checkAudience(claims, options.audiences));
  for (const check of checkRequired(claims, options.require)) checks.push(check);
  // Of an SD-JWT the holder's proof says it.
  const confirmation = token.disclosed === undefined ? checkConfirmation(claims) : undefined;
  if (confirmation !== undefined) checks.push(confirmation);
  if (profile !== undefined) checks.push(checkProfile(claims, profile === "demanded"));
}
