import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type AuditRecord,
  canonicalText,
  exportLine,
  readExportLine,
} from "../../../src/core/authority/audit/canonical.ts";
import { ChainCheck, chained, MAX_FAULTS } from "../../../src/core/authority/audit/chain.ts";
import { AUDIT_ORIGIN, type AuditEvent, type AuditHead } from "../../../src/core/authority/audit/entry.ts";

const NOW = Date.UTC(2026, 0, 1, 12);
const ACTOR = { osUser: "root", command: "users add" };

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

const EVENTS: readonly AuditEvent[] = [
  { type: "store_initialised", kid: "first", details: { standby: "second" } },
  { type: "user_added", user: "Zoë", details: { weak_password: false, claims: ["role"] } },
  { type: "login_started", user: "Zoë", session: "l1", details: { client_id: "jwtctl" } },
  { type: "token_refreshed", user: "Zoë", session: "l1", details: { rotation: 1 } },
  { type: "login_refused", user: null, reason: "unknown_user" },
  { type: "login_revoked", user: "Zoë", session: "l1", reason: "logout" },
];

function log(events: readonly AuditEvent[] = EVENTS): AuditRecord[] {
  const records: AuditRecord[] = [];
  let head = AUDIT_ORIGIN;
  for (const [index, event] of events.entries()) {
    const record = chained(event, { actor: ACTOR, now: NOW + index, head, sha256 });
    records.push(record);
    head = headOf(record);
  }
  return records;
}

function headOf({ seq, hash }: AuditRecord): AuditHead {
  return { seq, hash };
}

/** What a store says about its log. */
function verdict(records: readonly AuditRecord[], head = headOf(log().at(-1) as AuditRecord)) {
  const check = new ChainCheck(sha256);
  for (const record of records) check.record(record);
  return check.verdict(head);
}

/** What can be said about the lines of an export. */
function verdictOfLines(lines: readonly string[], anchor?: AuditHead) {
  const check = new ChainCheck(sha256, anchor);
  for (const [index, line] of lines.entries()) {
    const entry = readExportLine(line);
    if (entry) check.line(entry);
    else check.unreadable(index + 1);
  }
  return check.verdict();
}

function lines(records: readonly AuditRecord[] = log()): string[] {
  return records.map((record, index) => exportLine(record, records[index - 1]?.hash ?? AUDIT_ORIGIN.hash));
}

/** Gives every record from `first` on the number and the hash that it would have had after those before. */
function rechained(records: readonly AuditRecord[]): AuditRecord[] {
  let head = AUDIT_ORIGIN;
  return records.map((record) => {
    const numbered = { ...record, seq: head.seq + 1 };
    const made = { ...numbered, hash: sha256(canonicalText(numbered, head.hash)) };
    head = headOf(made);
    return made;
  });
}

describe("the text that is hashed", () => {
  test("is one line of JSON with the hash before it, and never changes its form", () => {
    const [first, second] = log();
    expect(first && canonicalText(first, AUDIT_ORIGIN.hash)).toBe(
      `{"prev":"${"0".repeat(64)}","seq":1,"at":"2026-01-01T12:00:00.000Z","type":"store_initialised",` +
        '"os_user":"root","command":"users add","user":null,"login":null,"kid":"first","reason":null,' +
        '"details":{"standby":"second"}}',
    );
    expect(first?.hash).toBe("7889586fc9e8ccee79bb4c0de1194acb4eee38759df1540048a584aa6d47ac8d");
    expect(second && canonicalText(second, first?.hash ?? "")).toContain('"user":"Zoë"');
  });

  test("can be had back from an exported line by taking the hash off its end", () => {
    for (const line of lines()) {
      const [, canonical, hash] = /^(.*),"hash":"([0-9a-f]{64})"}$/.exec(line) ?? [];
      expect(sha256(`${canonical}}`)).toBe(hash);
    }
  });

  test("holds no character that could act on a terminal", () => {
    const evil = "\u001b]52;c;aGFoYQ==\u0007\u202e";
    const [record] = log([{ type: "user_added", user: evil, details: { note: evil } }]);
    expect(record && canonicalText(record, AUDIT_ORIGIN.hash)).toMatch(/^[\x20-\x7e]*$/);
  });
});

describe("a log that is as it was written", () => {
  test("has no fault, and says where it begins and ends", () => {
    const records = log();
    const head = headOf(records.at(-1) as AuditRecord);
    expect(verdict(records)).toEqual({ entries: 6, start: AUDIT_ORIGIN, head, faults: [], faultCount: 0 });
    expect(verdictOfLines(lines())).toMatchObject({ entries: 6, start: AUDIT_ORIGIN, head, faultCount: 0 });
  });

  test("may be empty", () => {
    expect(verdict([], AUDIT_ORIGIN)).toMatchObject({ entries: 0, faultCount: 0, head: AUDIT_ORIGIN });
  });

  test("may be exported from a later entry on", () => {
    expect(verdictOfLines(lines().slice(2))).toMatchObject({
      entries: 4,
      start: { seq: 2, hash: log()[1]?.hash },
      faultCount: 0,
    });
  });

  test("holds the entry that was noted elsewhere", () => {
    const anchor = headOf(log()[2] as AuditRecord);
    expect(verdictOfLines(lines(), anchor).faults).toEqual([]);
  });
});

describe("a log that somebody has worked on", () => {
  test("an entry edited", () => {
    const records = log().map((record) => (record.seq === 3 ? { ...record, user: "mallory" } : record));
    expect(verdict(records).faults).toEqual([{ kind: "altered", seq: 3 }]);
  });

  test("an entry edited and given a hash that fits it: the next one does not follow", () => {
    const records = log();
    const edited = { ...(records[2] as AuditRecord), user: "mallory" };
    const hash = sha256(canonicalText(edited, records[1]?.hash ?? ""));
    records[2] = { ...edited, hash };
    expect(verdict(records).faults).toEqual([{ kind: "altered", seq: 4 }]);
  });

  test("an entry deleted", () => {
    const records = log().filter(({ seq }) => seq !== 3);
    expect(verdict(records).faults).toEqual([{ kind: "missing", seq: 3, last: 3 }]);
    expect(verdictOfLines(lines().filter((_, index) => index !== 2)).faults).toEqual([
      { kind: "missing", seq: 3, last: 3 },
    ]);
  });

  test("an entry deleted and the rest numbered anew", () => {
    const records = log()
      .filter(({ seq }) => seq !== 3)
      .map((record, index) => ({ ...record, seq: index + 1 }));
    expect(verdict(records).faults[0]).toEqual({ kind: "altered", seq: 3 });
    expect(verdict(records).faults.at(-1)).toEqual({ kind: "cut", seq: 6, last: 6 });
  });

  test("the beginning cut off", () => {
    expect(verdict(log().slice(2)).faults).toEqual([{ kind: "missing", seq: 1, last: 2 }]);
  });

  test("the end cut off", () => {
    expect(verdict(log().slice(0, 4)).faults).toEqual([{ kind: "cut", seq: 5, last: 6 }]);
  });

  test("everything cut off", () => {
    expect(verdict([]).faults).toEqual([{ kind: "cut", seq: 1, last: 6 }]);
  });

  test("an entry added at the end", () => {
    const records = log();
    const last = headOf(records.at(-1) as AuditRecord);
    const more = chained({ type: "user_added" }, { actor: ACTOR, now: NOW, head: last, sha256 });
    expect(verdict([...records, more]).faults).toEqual([{ kind: "added", seq: 7 }]);
  });

  test("the last entry exchanged for another that fits", () => {
    const records = log().slice(0, 5);
    const head = headOf(records.at(-1) as AuditRecord);
    records.push(chained({ type: "user_added" }, { actor: ACTOR, now: NOW, head, sha256 }));
    expect(verdict(records).faults).toEqual([{ kind: "head", seq: 6 }]);
  });

  test("two entries exchanged", () => {
    const [a, b, c, d, e, f] = log() as [
      AuditRecord,
      AuditRecord,
      AuditRecord,
      AuditRecord,
      AuditRecord,
      AuditRecord,
    ];
    const swapped = [a, b, { ...d, seq: 3 }, { ...c, seq: 4 }, e, f];
    expect(verdict(swapped).faults.map(({ kind }) => kind)).toEqual(["altered", "altered", "altered"]);
    const [one, two, three, ...rest] = lines();
    expect(verdictOfLines([one, three, two, ...rest] as string[]).faults[0]).toEqual({
      kind: "missing",
      seq: 2,
      last: 2,
    });
  });

  test("an entry twice", () => {
    const [one, two, ...rest] = lines();
    expect(verdictOfLines([one, two, two, ...rest] as string[]).faults[0]).toEqual({
      kind: "disordered",
      seq: 2,
    });
  });

  test("a line of an export that is no entry", () => {
    const [one, , ...rest] = lines();
    expect(verdictOfLines([one, "not an entry", ...rest] as string[]).faults).toEqual([
      { kind: "unreadable", line: 2 },
      { kind: "missing", seq: 2, last: 2 },
    ]);
  });

  test("behind a gap an edited line is noticed, for a line says what it follows on", () => {
    const tampered = lines().map((line) => line.replace('"rotation":1', '"rotation":9'));
    expect(verdictOfLines(tampered.filter((_, index) => index !== 2)).faults).toEqual([
      { kind: "missing", seq: 3, last: 3 },
      { kind: "altered", seq: 4 },
    ]);
  });

  test("every hash computed anew: nothing shows inside, and the entry noted elsewhere gives it away", () => {
    const forged = rechained(log().filter(({ user }) => user !== "Zoë"));
    const head = headOf(forged.at(-1) as AuditRecord);
    expect(verdict(forged, head).faults).toEqual([]);
    const check = new ChainCheck(sha256, headOf(log()[3] as AuditRecord));
    for (const record of forged) check.record(record);
    expect(check.verdict(head).faults).toEqual([{ kind: "anchor", seq: 4 }]);
  });

  test("any single change of any field of any entry is noticed", () => {
    const field = fc.constantFrom(
      "at",
      "type",
      "osUser",
      "command",
      "user",
      "session",
      "kid",
      "reason",
      "details",
      "hash",
    );
    fc.assert(
      fc.property(fc.nat({ max: 5 }), field, fc.string(), (index, name, text) => {
        const records = log();
        const record = records[index] as AuditRecord;
        const value = name === "at" ? record.at + 1 + text.length : text;
        fc.pre(record[name as keyof AuditRecord] !== value);
        records[index] = { ...record, [name]: value };
        expect(verdict(records).faultCount).toBeGreaterThan(0);
      }),
    );
  });

  test("counts all faults and keeps the first ones", () => {
    const many = Array.from({ length: 60 }, (): AuditEvent => ({ type: "user_added" }));
    const records = log(many).map((record) => ({ ...record, user: "mallory" }));
    const { faults, faultCount } = verdict(records, headOf(log(many).at(-1) as AuditRecord));
    expect([faults.length, faultCount]).toEqual([MAX_FAULTS, 60]);
  });
});

describe("a line that is not from an export", () => {
  test.each([
    ["", "nothing"],
    ["{}", "an object without a hash"],
    [`{"prev":"0","seq":1.5,"hash":"${"0".repeat(64)}"}`, "a number that is not whole"],
    [`{"prev":null,"seq":1,"hash":"${"0".repeat(64)}"}`, "no hash before it"],
    [`["prev","hash":"${"0".repeat(64)}"}`, "no JSON"],
    [`{"prev":"0","seq":1,"hash":"${"0".repeat(63)}"}`, "a hash that is cut"],
  ])("%s is not read (%s)", (line) => {
    expect(readExportLine(line)).toBeUndefined();
  });
});
