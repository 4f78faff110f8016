import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decideRotation,
  LONGEST_DELAY,
  type RotationFacts,
  sealedUntil,
} from "../../../src/core/authority/sessions/rotation.ts";
import { started } from "../../../src/core/authority/sessions/session-state.ts";
import { JsonObject } from "../../../src/core/base/json/value.ts";

const USED = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;
const WINDOW = 10_000;

const user = {
  id: "u",
  name: "alice",
  status: "active" as const,
  weakPassword: false,
  claims: new JsonObject(),
  createdAt: 0,
  lastLoginAt: null,
};
const session = started(
  {
    id: "l",
    userId: "u",
    userName: "alice",
    clientId: "web",
    idleExpiresAt: USED + 14 * DAY,
    expiresAt: USED + 90 * DAY,
  },
  USED - DAY,
);
/** A token that was used at USED, and whose successor waits. */
const usedToken: RotationFacts = {
  session,
  user,
  token: {
    seq: 1,
    consumedAt: USED,
    sealedSuccessor: new Uint8Array(1),
    sealedUntil: null,
    successorConsumed: false,
  },
};

/** What a used token brings that is presented so many ms after it was used, and has its turn so many ms after that. */
function comesBack(after: number, delay: number, reuseWindow = WINDOW): string {
  const presentedAt = USED + after;
  const policy = { reuseWindow, idleLifetime: 14 * DAY, presentedAt };
  return decideRotation(usedToken, policy, presentedAt + delay).outcome;
}

describe("a used token that has to wait for its turn", () => {
  test("is as old as it was when it was presented", () => {
    expect(comesBack(WINDOW - 1, 0)).toBe("replayed");
    expect(comesBack(WINDOW - 1, LONGEST_DELAY)).toBe("replayed");
    expect(comesBack(WINDOW, 0)).toBe("reused");
    expect(comesBack(WINDOW, LONGEST_DELAY)).toBe("reused");
  });

  test("is not forgiven more than the longest wait: a process left standing buys no time", () => {
    expect(comesBack(WINDOW - 1, LONGEST_DELAY + 1)).toBe("reused");
    expect(comesBack(0, LONGEST_DELAY + WINDOW - 1)).toBe("replayed");
    expect(comesBack(0, LONGEST_DELAY + WINDOW)).toBe("reused");
    expect(comesBack(-DAY, 2 * DAY)).toBe("reused");
  });

  test("and was presented before another process used it: both have come at once", () => {
    expect(comesBack(-5000, 9000)).toBe("replayed");
    expect(comesBack(-5000, 9000, 0)).toBe("reused");
  });

  test("is not made younger by the time of its presentation being ahead of the clock", () => {
    const policy = { reuseWindow: WINDOW, idleLifetime: DAY, presentedAt: USED + DAY };
    expect(decideRotation(usedToken, policy, USED + WINDOW - 1).outcome).toBe("replayed");
    expect(decideRotation(usedToken, policy, USED + WINDOW).outcome).toBe("reused");
  });

  test("is looked at with its successor at hand, whenever it is presented within the window", () => {
    expect(sealedUntil(USED, 0)).toBeNull();
    const offset = fc.integer({ min: -DAY, max: DAY });
    fc.assert(
      fc.property(offset, fc.nat(DAY), fc.integer({ min: 1, max: 60_000 }), (after, delay, window) => {
        fc.pre(after + delay >= 0);
        if (comesBack(after, delay, window) !== "replayed") return;
        expect(USED + after + delay).toBeLessThan(sealedUntil(USED, window) ?? 0);
      }),
    );
  });
});
