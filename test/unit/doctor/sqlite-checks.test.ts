import { describe, expect, test } from "vitest";
import { FILE_CHECKS } from "../../../src/storage/sqlite/doctor/checks.ts";
import { checkStoreFile } from "../../../src/storage/sqlite/doctor/examine-store.ts";
import type { FileFacts, SqliteFacts } from "../../../src/storage/sqlite/doctor/facts.ts";

const MIB = 1024 * 1024;

const FILES: FileFacts = {
  linked: false,
  hasModes: true,
  directory: { path: "/data", mode: 0o700, mine: true },
  parts: [{ part: "store", path: "/data/jwtctl.db", mode: 0o600, mine: true, size: MIB, planted: false }],
  leftovers: [],
  names: 1,
  place: null,
  unwritable: null,
  free: 10_000 * MIB,
};

const STORE: SqliteFacts = {
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
};

function found(id: string, store: SqliteFacts = STORE) {
  const finding = checkStoreFile(store).find((one) => one.id === id);
  if (!finding) throw new Error(`no finding ${id}`);
  return finding;
}

const withFiles = (changes: Partial<FileFacts>): SqliteFacts => ({
  ...STORE,
  files: { ...FILES, ...changes },
});

describe("the checks of a store's file", () => {
  test("each have one finding, in the order of their table, and pass where nothing is wrong", () => {
    const findings = checkStoreFile(STORE);
    expect(findings.map(({ id, about }) => [id, about])).toEqual(Object.entries(FILE_CHECKS));
    expect(findings.filter(({ status }) => status !== "pass")).toEqual([]);
  });

  test("have something to do wherever something is wrong, and nothing where it is not", () => {
    const broken: SqliteFacts = { ...STORE, database: null, fault: { code: "x", message: "y" } };
    for (const { id, status, fix } of [...checkStoreFile(STORE), ...checkStoreFile(broken)]) {
      expect([id, fix === null]).toEqual([id, status === "pass" || status === "skip"]);
    }
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
