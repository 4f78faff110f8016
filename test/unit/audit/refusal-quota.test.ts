import { describe, expect, test } from "vitest";
import type { AuditEvent } from "../../../src/core/authority/audit/entry.ts";
import {
  countRefusal,
  isOver,
  QUOTA_FOR_NOBODY,
  QUOTA_PER_SUBJECT,
  QUOTA_WINDOW,
  type QuotaState,
  quotaSubject,
  skippedEvent,
} from "../../../src/core/authority/audit/refusal-quota.ts";

const NOW = Date.UTC(2026, 0, 1);
const UNKNOWN: AuditEvent = { type: "refresh_refused", reason: "unknown" };
const REVOKED: AuditEvent = { type: "refresh_refused", reason: "revoked", user: "ada", session: "l1" };

/** How many of so many refusals at one time are written, and what is kept then. */
function flood(event: AuditEvent, times: number, now = NOW, kept?: QuotaState) {
  let state = kept;
  let written = 0;
  for (let time = 0; time < times; time++) {
    const counted = countRefusal(state, event, now);
    state = counted.state;
    if (counted.write) written++;
  }
  return { written, state: state as QuotaState };
}

describe("flooding the log with refusals", () => {
  test("writes the first of an hour and counts the rest", () => {
    const { written, state } = flood(REVOKED, 1000);
    expect(written).toBe(QUOTA_PER_SUBJECT);
    expect(state).toEqual({ since: NOW, written: QUOTA_PER_SUBJECT, skipped: 1000 - QUOTA_PER_SUBJECT });
  });

  test("about nobody in particular writes more, and not without end", () => {
    expect(flood(UNKNOWN, 1000).written).toBe(QUOTA_FOR_NOBODY);
  });

  test("goes on in the next hour", () => {
    const first = flood(REVOKED, 1000);
    expect(flood(REVOKED, 1, NOW + QUOTA_WINDOW - 1, first.state).written).toBe(0);
    expect(flood(REVOKED, 1000, NOW + QUOTA_WINDOW, first.state).written).toBe(QUOTA_PER_SUBJECT);
  });

  test("does not hide what happens to another user, another login, or for another reason", () => {
    const others: AuditEvent[] = [
      { ...REVOKED, user: "bob" },
      { ...REVOKED, session: "l2" },
      { ...REVOKED, reason: "idle" },
      { ...REVOKED, type: "login_refused" },
    ];
    const subjects = [REVOKED, ...others].map(quotaSubject);
    expect(new Set(subjects).size).toBe(subjects.length);
  });

  test("with a clock that went back begins a new hour instead of keeping silent until it is right", () => {
    const { state } = flood(REVOKED, 1000, NOW + 3650 * 86_400_000);
    expect(isOver(state, NOW)).toBe(true);
    expect(flood(REVOKED, 1, NOW, state).written).toBe(1);
  });
});

describe("what was only counted", () => {
  test("is told in one entry, with the kind, the subject and the number", () => {
    const { state } = flood(REVOKED, 1000);
    expect(skippedEvent(quotaSubject(REVOKED), state)).toEqual({
      type: "refusals_skipped",
      user: "ada",
      session: "l1",
      reason: "revoked",
      details: { refusal: "refresh_refused", count: 990, since: "2026-01-01T00:00:00.000Z" },
    });
  });

  test("is not told when there was nothing", () => {
    expect(skippedEvent(quotaSubject(REVOKED), flood(REVOKED, 3).state)).toBeUndefined();
  });
});
