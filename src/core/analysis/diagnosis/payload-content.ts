import { objectOf } from "../../jose/token/content.ts";
import {
  checkFailed,
  type Explanation,
  type FailedVerification,
  fixForIssuer,
} from "./failed-verification.ts";

/** Causes: a payload that is compressed, in another encoding or format. Shown by the payload alone. */
export function explainPayload(failure: FailedVerification): readonly Explanation[] {
  const { payload } = failure.facts;
  if (payload === undefined || !checkFailed(failure, "payload")) return [];
  const { code, what, fix, reading, packed } = payload;
  const isClaims = objectOf(reading?.content) !== undefined;
  const how = packed === undefined ? "read so" : "unpacked";
  const proof = isClaims ? `; ${how}, it is a claims set` : "";
  return [{ cause: code, evidence: `it is ${what}${proof}`, fix: fixForIssuer(fix) }];
}
