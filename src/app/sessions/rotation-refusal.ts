import type { RotationResult } from "../../core/authority/ports/store.ts";
import type { RevocationReason, Session } from "../../core/authority/sessions/session.ts";
import { AppError } from "../../core/base/errors.ts";
import { shellWord } from "../../core/base/text/wording.ts";
import { formatInstant } from "../../core/base/time/format.ts";
import { userDisabled } from "./check-credentials.ts";

export type RefusedRotation = Exclude<RotationResult, { outcome: "rotated" | "replayed" }>;

/** The refusal of a refresh token, with its reason and what to do. */
export function rotationRefusal(result: RefusedRotation): AppError {
  switch (result.outcome) {
    case "unknown":
      return new AppError("refresh_unknown", "no login of this store has this refresh token", {
        hints: ["Check that it is the right store (--db), or log in again: jwtctl login"],
      });
    case "reused":
      return new AppError(
        "refresh_reused",
        "this refresh token had been used before: someone may have stolen it, so its login has been revoked",
        {
          hints: [
            `Log in again: ${loginCommand(result.session)}`,
            "If you did not use it twice, somebody else has: change the password, too",
          ],
          data: aboutSession(result.session),
        },
      );
    case "superseded":
      return new AppError(
        "refresh_superseded",
        "this refresh token was traded a moment ago and its successor has been used since; nothing was revoked",
        {
          hints: ["Use the newest refresh token of this login; another process has it"],
          data: aboutSession(result.session),
        },
      );
    case "revoked":
      return new AppError("refresh_revoked", `the login has been revoked${because(result.session)}`, {
        hints: [remedy(result.session)],
        data: aboutSession(result.session),
      });
    case "expired":
      return expiredRefusal(result.session, result.end);
    case "user_disabled":
      return userDisabled(result.session.userName);
    case "clock_went_back":
      return clockWentBack(result.session, result.consumedAt);
  }
}

function expiredRefusal(session: Session, end: "idle" | "absolute"): AppError {
  const why =
    end === "idle" ? "it was not used for too long" : "it has reached the end that was set at its start";
  const when = session.endedAt ?? (end === "idle" ? session.idleExpiresAt : session.expiresAt);
  return new AppError("refresh_expired", `the login expired at ${wall(when)}: ${why}`, {
    hints: [`Log in again: ${loginCommand(session)}`],
    data: { ...aboutSession(session), end },
  });
}

function clockWentBack(session: Session, consumedAt: number): AppError {
  return new AppError(
    "clock_went_back",
    `this refresh token was used at ${wall(consumedAt)}, which lies ahead of this machine's clock; nothing was revoked`,
    { hints: ["Set the clock right, then try again"], data: aboutSession(session) },
  );
}

const REASONS: Readonly<Record<RevocationReason, string>> = {
  reuse_detected: ": a used refresh token of it came back, perhaps a stolen one",
  logout: ": it was logged out",
  revoked: " by a command",
  password_changed: ": the password has been changed",
  user_disabled: ": the user was disabled",
  user_removed: ": the user was removed",
  key_compromised: ": a signing key was compromised",
};

function because({ reason }: Session): string {
  return reason === null || reason === "idle" || reason === "absolute" ? "" : REASONS[reason];
}

/** What the holder of a revoked session can do. */
function remedy(session: Session): string {
  if (session.reason !== "user_removed") return `Log in again: ${loginCommand(session)}`;
  return `The user has to be added again first: jwtctl users add ${shellWord(session.userName)}`;
}

/** A time in UTC, because the reader may be anywhere. */
function wall(instant: number): string {
  return formatInstant(Math.floor(instant / 1000) * 1000) ?? "a time beyond the calendar";
}

function loginCommand({ userName }: Session): string {
  return `jwtctl login ${shellWord(userName)}`;
}

function aboutSession(session: Session) {
  return { session_id: session.id, user: session.userName };
}
