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
  const proof = payload.reading === undefined ? "" : "; read so, it is a claims set";
  return [
    {
      cause: payload.code,
      evidence: `the payload is ${payload.what}${proof}`,
      fix: fixForIssuer(payload.fix),
    },
  ];
}
