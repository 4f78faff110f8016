import { describe, expect, test } from "vitest";
import type { CredentialsFacts } from "../../../src/core/analysis/doctor/check-files.ts";
import type {
  ContentFacts,
  FileFacts,
  KeyFact,
  StoreFacts,
} from "../../../src/core/analysis/doctor/facts.ts";
import { CHECKS, type CheckId } from "../../../src/core/analysis/doctor/finding.ts";
import { runChecks } from "../../../src/core/analysis/doctor/run-checks.ts";
import { AUDIT_ORIGIN } from "../../../src/core/authority/audit/entry.ts";
import { DEFAULT_SETTINGS } from "../../../src/core/authority/settings.ts";

const NOW = Date.UTC(2026, 0, 1);
const MIB = 1024 * 1024;

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

const FILES: FileFacts = {
  linked: false,
  hasModes: true,
  directory: { path: "/data", mode: 0o700, mine: true },
  parts: [{ part: "store", path: "/data/jwtctl.db", mode: 0o600, mine: true, size: MIB, planted: false }],
  leftovers: [],
  names: 1,
  free: 10_000 * MIB,
};

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
  files: FILES,
  sqlite: { version: "3.53.2", oldestSafe: "3.51.3" },
  fault: null,
  database: {
    version: 2,
    newestVersion: 2,
    journalMode: "wal",
    full: false,
    integrity: { ok: true, value: [] },
    foreignKeys: { ok: true, value: [] },
    schema: { ok: true, value: [] },
  },
  content: CONTENT,
};

function found(id: CheckId, store: StoreFacts = STORE, credentials: CredentialsFacts | null = null) {
  const finding = runChecks({ store, credentials, jwks: undefined, now: NOW }).find((one) => one.id === id);
  if (!finding) throw new Error(`no finding ${id}`);
  return finding;
}

const withFiles = (changes: Partial<FileFacts>): StoreFacts => ({
  ...STORE,
  files: { ...FILES, ...changes },
});
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
      database: null,
      content: null,
      fault: { code: "x", message: "y" },
    };
    for (const store of [STORE, broken]) {
      for (const { id, status, fix } of runChecks({ store, credentials: null, jwks: undefined, now: NOW })) {
        expect([id, fix === null]).toEqual([id, status === "pass" || status === "skip"]);
      }
    }
  });

  test("that cannot be made are skipped, and those of what cannot be read fail", () => {
    const older = { ...STORE, content: null };
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

describe("room on the disk", () => {
  test.each([
    [null, MIB, "skip"],
    [5 * MIB, MIB, "fail"],
    [99 * MIB, MIB, "warn"],
    [500 * MIB, 600 * MIB, "warn"],
    [100 * MIB, MIB, "pass"],
  ])("%s bytes beside a store of %s: %s", (free, size, status) => {
    const parts = FILES.parts.map((part) => ({ ...part, size }));
    expect(found("disk", withFiles({ free, parts })).status).toBe(status);
  });
});

describe("the write-ahead log", () => {
  const log = (size: number) => ({
    part: "log" as const,
    path: "/data/jwtctl.db-wal",
    mode: 0o600,
    mine: true,
    size,
    planted: false,
  });

  test.each([
    [0, "pass"],
    [64 * MIB - 1, "pass"],
    [64 * MIB, "warn"],
  ])("of %i bytes: %s", (size, status) => {
    const finding = found("log_size", withFiles({ parts: [...FILES.parts, log(size)] }));
    expect([finding.status, finding.fixable]).toEqual([status, status === "warn"]);
  });

  test("that others may read is as bad as a store that they may", () => {
    const open = { ...log(1), mode: 0o644 };
    expect(found("permissions", withFiles({ parts: [...FILES.parts, open] })).summary).toContain("-wal");
  });
});

describe("permissions", () => {
  test("are not looked at where there are none", () => {
    expect(found("permissions", withFiles({ hasModes: false })).status).toBe("skip");
  });

  test("of files that belong to another user are doubtful", () => {
    const parts = FILES.parts.map((part) => ({ ...part, mine: false }));
    expect(found("permissions", withFiles({ parts })).summary).toContain("belongs to another user");
  });

  test("of a directory that a group may write to are doubtful, unless only owners can remove files there", () => {
    const directory = (mode: number) => withFiles({ directory: { ...FILES.directory, mode } });
    expect(found("permissions", directory(0o770)).status).toBe("warn");
    expect(found("permissions", directory(0o1770)).status).toBe("pass");
    expect(found("permissions", directory(0o755)).status).toBe("pass");
  });

  test("of a current login of another user are a failure", () => {
    const credentials = { path: "/state/c.json", mode: 0o600, mine: false, kind: "file" } as const;
    expect(found("credentials", STORE, credentials).status).toBe("fail");
    expect(found("credentials", STORE, { ...credentials, mine: true }).status).toBe("pass");
    expect(found("credentials", STORE, { ...credentials, mine: true, kind: "other" }).status).toBe("fail");
    expect(found("credentials", withFiles({ hasModes: false }), credentials).status).toBe("skip");
  });
});

describe("the database", () => {
  test("of a SQLite that may lose a transaction is a failure", () => {
    for (const [version, status] of [
      ["3.51.2", "fail"],
      ["3.51.3", "pass"],
      ["3.100.0", "pass"],
      ["4.0.0", "pass"],
    ]) {
      const sqlite = { ...STORE.sqlite, version: version ?? "" };
      expect([version, found("sqlite", { ...STORE, sqlite }).status]).toEqual([version, status]);
    }
  });

  test("with another journal mode than it was made with is doubtful", () => {
    const database = STORE.database && { ...STORE.database, journalMode: "delete" };
    expect(found("schema", { ...STORE, database })).toMatchObject({ status: "warn" });
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
