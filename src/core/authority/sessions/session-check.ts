import { formatRelative } from "../../base/time/format.ts";
import { objectOf, stringMember } from "../../jose/token/content.ts";
import { type Check, fail, pass, quoted, skip } from "../../jose/verification/check.ts";
import { addChecks, type VerificationReport } from "../../jose/verification/report.ts";
import type { Session } from "./session.ts";

/** A remark on other verifiers, which do not know that a session has ended. */
const ELSEWHERE = "an API that checks signatures only accepts the token until it expires";

const ENDINGS: Readonly<Record<NonNullable<Session["reason"]>, string>> = {
  reuse_detected: "was revoked because a used refresh token came back",
  logout: "was ended by logging out",
  revoked: "was revoked",
  password_changed: "was revoked when the password changed",
  user_disabled: "was revoked when the user was disabled",
  user_removed: "was revoked when the user was removed",
  key_compromised: "was revoked with a compromised key",
  idle: "has expired: it was not used for too long",
  absolute: "has expired",
};

/** The session id (`sid`) of a token with a valid signature; undefined otherwise. */
export function sessionIdOf(report: Pick<VerificationReport, "token" | "checks">): string | undefined {
  return signatureIsGood(report) ? stringMember(objectOf(report.token.payload?.content), "sid") : undefined;
}

/**
 * Adds the check of `verify --session`: whether the token's session is active.
 *
 * @param session the session with the id `sid`; null when the store has none
 * @param now ms
 */
export function addSessionCheck(
  report: VerificationReport,
  session: Session | null,
  now: number,
): VerificationReport {
  return addChecks(report, [checkSession(report, session, now)]);
}

function checkSession(report: VerificationReport, session: Session | null, now: number): Check {
  if (!signatureIsGood(report)) return skip("session", "the signature is not verified: sid may be anybody's");
  const sid = sessionIdOf(report);
  if (sid === undefined)
    return fail("session", "claim_missing", "the token has no sid: it belongs to no login");
  if (session === null) return fail("session", "session_not_found", `the store has no login ${quoted(sid)}`);
  const subject = stringMember(objectOf(report.token.payload?.content), "sub");
  if (subject !== session.userName) {
    return fail(
      "session",
      "claim_invalid",
      `the login ${session.id} is ${quoted(session.userName)}'s, the token's sub is another`,
    );
  }
  if (session.reason === null)
    return pass("session", `the login ${session.id} of ${quoted(session.userName)} is active`);
  const when = session.endedAt === null ? "" : `, ${formatRelative(session.endedAt, now)}`;
  return fail(
    "session",
    "session_revoked",
    `the login ${session.id} ${ENDINGS[session.reason]}${when}; ${ELSEWHERE}`,
  );
}

function signatureIsGood({ checks }: Pick<VerificationReport, "checks">): boolean {
  return checks.some(({ name, status }) => name === "signature" && status === "pass");
}
