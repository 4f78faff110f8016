import { describe, expect, test } from "vitest";
import type { CredentialsFacts } from "../../../src/core/analysis/doctor/check-credentials.ts";
import type { ContentFacts, KeyFact, StoreFacts } from "../../../src/core/analysis/doctor/facts.ts";
import { CHECKS, type CheckId } from "../../../src/core/analysis/doctor/finding.ts";
import { runChecks } from "../../../src/core/analysis/doctor/run-checks.ts";
import { AUDIT_ORIGIN } from "../../../src/core/authority/audit/entry.ts";
import { DEFAULT_SETTINGS } from "../../../src/core/authority/settings.ts";

const NOW = Date.UTC(2026, 0, 1);

function key(changes: Partial<KeyFact>): KeyFact {
  return {
    kid: "k",
    alg: "ES256",
    state: "active",
    publicJwk: { kty: "EC", crv: "P-256", x: "x", y: "y" },
    hasPrivate: true,
    privateForm: "plain",
    createdAt: NOW,
    activatedAt: NOW,
    retiresAt: null,
    revokedAt: null,
    maxExp: null,
    ...changes,
  };
}

const CONTENT: ContentFacts = {
  initialised: { ok: true, value: true },
  settings: { ok: true, value: DEFAULT_SETTINGS },
  encryption: { ok: true, value: "none" },
  keys: {
    ok: true,
    value: [key({ kid: "next", state: "standby", activatedAt: null }), key({ kid: "now" })],
  },
  halves: { ok: true, value: [] },
  audit: {
    ok: true,
    value: { entries: 0, start: AUDIT_ORIGIN, head: AUDIT_ORIGIN, faults: [], faultCount: 0 },
  },
  traces: {
    ok: true,
    value: { entries: 1, usedSince: true, newer: { sessions: 0, users: 0, keys: 0 }, reopened: [] },
  },
  sessions: {
    ok: true,
    value: {
      withoutOneUnused: 0,
      withGaps: 0,
      forked: 0,
      reusedAlive: 0,
      overdueSeals: 0,
      strandedSeals: 0,
    },
  },
  weakUsers: { ok: true, value: [] },
  newestTime: { ok: true, value: NOW },
  lastUse: { ok: true, value: null },
};

const STORE: StoreFacts = {
  path: "/data/jwtctl.db",
  findings: [],
  damage: null,
  content: CONTENT,
  unread: null,
};

function found(id: CheckId, store: StoreFacts = STORE, credentials: CredentialsFacts | null = null) {
  const finding = runChecks({ store, credentials, jwks: undefined, now: NOW }).find((one) => one.id === id);
  if (!finding) throw new Error(`no finding ${id}`);
  return finding;
}

const withContent = (changes: Partial<ContentFacts>): StoreFacts => ({
  ...STORE,
  content: { ...CONTENT, ...changes },
});

describe("the checks", () => {
  test("each have one finding, in the order of their table", () => {
    const findings = runChecks({ store: STORE, credentials: null, jwks: undefined, now: NOW });
    expect(findings.map(({ id }) => id)).toEqual(Object.keys(CHECKS));
    expect(findings.filter(({ status }) => status !== "pass").map(({ id }) => id)).toEqual([
      "key_material",
      "jwks",
    ]);
  });

  test("have something to do wherever something is wrong, and nothing where it is not", () => {
    const broken: StoreFacts = {
      ...STORE,
      content: null,
      unread: "the file cannot be read as a store",
    };
    for (const store of [STORE, broken]) {
      for (const { id, status, fix } of runChecks({ store, credentials: null, jwks: undefined, now: NOW })) {
        expect([id, fix === null]).toEqual([id, status === "pass" || status === "skip"]);
      }
    }
  });

  test("that cannot be made are skipped, and those of what cannot be read fail", () => {
    const older = { ...STORE, content: null, unread: "the store has an older schema" };
    expect(found("active_key", older)).toMatchObject({
      status: "skip",
      summary: "the store has an older schema",
    });
    const unreadable = withContent({ keys: { ok: false, why: "database disk image is malformed" } });
    expect(found("active_key", unreadable)).toMatchObject({
      status: "fail",
      summary: "it cannot be read: database disk image is malformed",
    });
    expect(found("audit", unreadable).status).toBe("pass");
  });
});

describe("the current login", () => {
  test("of a current login of another user are a failure", () => {
    const credentials = { path: "/state/c.json", mode: 0o600, mine: false, kind: "file" } as const;
    expect(found("credentials", STORE, credentials).status).toBe("fail");
    expect(found("credentials", STORE, { ...credentials, mine: true }).status).toBe("pass");
    expect(found("credentials", STORE, { ...credentials, mine: true, kind: "other" }).status).toBe("fail");
    expect(found("credentials", STORE, { ...credentials, mode: null }).status).toBe("skip");
  });
});

describe("keys", () => {
  const keys = (...value: KeyFact[]) => withContent({ keys: { ok: true, value } });

  test("without an active one are not young", () => {
    expect(found("key_age", keys()).status).toBe("pass");
    expect(found("active_key", keys()).status).toBe("fail");
  });

  test("with an active one that has lost its private half are a failure", () => {
    expect(found("active_key", keys(key({ hasPrivate: false, privateForm: null }))).status).toBe("fail");
  });

  test("that retire are counted, with the last date", () => {
    const retiring = (kid: string, days: number) =>
      key({
        kid,
        state: "retiring",
        hasPrivate: false,
        privateForm: null,
        retiresAt: NOW + days * 86_400_000,
        maxExp: (NOW + days * 86_400_000 - 900_000) / 1000,
      });
    expect(found("key_dates", keys(retiring("a", 1), retiring("b", 2))).summary).toBe(
      "2 keys retiring, the last until 2026-01-03T00:00:00Z",
    );
  });

  test("that a clock far ahead has made active, or given a date, are told with the command that mends it", () => {
    const ahead = NOW + 3650 * 86_400_000;
    const active = key({ kid: "young", activatedAt: ahead });
    expect(found("key_age", keys(active))).toMatchObject({
      status: "warn",
      summary: expect.stringContaining("young was activated at 2035-"),
      fix: expect.stringContaining("keys rotate"),
    });
    const late = key({ kid: "late", state: "retiring", hasPrivate: false, retiresAt: ahead });
    expect(found("key_dates", keys(active, late))).toMatchObject({
      status: "warn",
      summary: expect.stringContaining("late will verify long after"),
      fix: expect.stringContaining("keys retire"),
    });
    // It came with its date, or has signed a token that lives so long.
    for (const changes of [{ activatedAt: null }, { maxExp: ahead / 1000 - 900 }]) {
      expect(found("key_dates", keys({ ...late, ...changes })).status).toBe("pass");
    }
    // An hour is nothing, and when the whole store lies ahead, this clock is wrong.
    expect(found("key_age", keys(key({ activatedAt: NOW + 3_600_000 }))).status).toBe("pass");
    expect(found("key_age", keys(key({ activatedAt: ahead, createdAt: ahead }))).status).toBe("pass");
    expect(found("key_dates", keys({ ...late, retiresAt: NOW + 3_600_000 })).status).toBe("pass");
  });

  test("that can still go back to signing are told", () => {
    const kept = key({ kid: "kept", state: "retiring", retiresAt: NOW + 1 });
    expect(found("private_halves", keys(kept)).summary).toContain("kept can still go back");
  });

  test("sealed in a store without a passphrase are a failure", () => {
    expect(found("encryption", keys(key({ privateForm: "encrypted" }))).status).toBe("fail");
  });

  test("whose public half holds a private member are refused to be compared, not published", () => {
    const leaky = key({ publicJwk: { kty: "EC", crv: "P-256", x: "x", y: "y", d: "secret" } });
    const jwks = { path: "jwks.json", text: '{"keys":[]}' };
    const findings = runChecks({ store: keys(leaky), credentials: null, jwks, now: NOW });
    const finding = findings.find(({ id }) => id === "jwks");
    expect(finding?.status).toBe("fail");
    expect(finding?.summary).not.toContain("secret");
  });
});

describe("the clock", () => {
  const at = (lastUse: number | null, newestTime = NOW) =>
    withContent({ lastUse: { ok: true, value: lastUse }, newestTime: { ok: true, value: newestTime } });
  const DAY = 86_400_000;

  test.each([
    ["in a store that is a week old", null, "pass"],
    ["in a store in use", NOW - 31 * DAY, "pass"],
    ["in a store that was last used a year ago", NOW - 366 * DAY, "pass"],
    ["that nothing in the store leads to, whatever has just been written", NOW - 367 * DAY, "warn"],
  ])("%s: %s", (_, lastUse, status) => {
    expect(found("clock", at(lastUse)).status).toBe(status);
  });

  test("that shows a time before what was written is doubtful", () => {
    expect(found("clock", at(null, NOW + 61_000)).status).toBe("warn");
  });
});
