import { readJson } from "../../base/json/read.ts";
import { JsonObject, type JsonValue } from "../../base/json/value.ts";
import { writeJson } from "../../base/json/write.ts";
import { isInCalendar } from "../../base/time/format.ts";
import type { AuditEntry } from "./entry.ts";

/** An entry as a store keeps it: the details as the text that was hashed. */
export interface AuditRecord extends Omit<AuditEntry, "details"> {
  readonly details: string;
}

/** A record before it has its place in the log. */
export type UnchainedRecord = Omit<AuditRecord, "seq" | "hash">;

/**
 * The exact text whose SHA-256 (of its UTF-8) is the entry's hash: one JSON object on one line that begins with the
 * hash before it. An exported line is this text with the hash added as the last member, so that the log can be verified
 * with nothing but a text tool and SHA-256.
 */
export function canonicalText(entry: Omit<AuditRecord, "hash">, previous: string): string {
  const head = writeJson(JsonObject.of({ prev: previous, ...membersOf(entry) }));
  return `${head.slice(0, -1)},"details":${entry.details}}`;
}

/** One line of an export, without the line break. */
export function exportLine(record: AuditRecord, previous: string): string {
  return `${canonicalText(record, previous).slice(0, -1)},"hash":"${record.hash}"}`;
}

/** The entry as `audit --json` shows it. */
export function auditJson(entry: AuditEntry): JsonObject {
  return JsonObject.of({ ...membersOf(entry), details: entry.details, hash: entry.hash });
}

/** The details of a record; text that is not what was written is shown as it is. */
export function readDetails(text: string): JsonObject {
  const reading = readJson(text);
  return reading.ok && reading.value instanceof JsonObject
    ? reading.value
    : JsonObject.of({ unreadable: text });
}

export interface ExportedLine {
  readonly seq: number;
  readonly prev: string;
  readonly hash: string;
  /** What the hash was made of. */
  readonly canonical: string;
}

const HASH_TAIL = /,"hash":"([0-9a-f]{64})"\}$/;

/** A line of an export, or undefined for anything else. */
export function readExportLine(line: string): ExportedLine | undefined {
  const tail = HASH_TAIL.exec(line);
  const reading = readJson(line);
  if (tail?.[1] === undefined || !reading.ok || !(reading.value instanceof JsonObject)) return undefined;
  const prev = reading.value.get("prev");
  const seq = reading.value.get("seq");
  if (typeof prev !== "string" || typeof seq !== "number" || !Number.isSafeInteger(seq)) return undefined;
  return { seq, prev, hash: tail[1], canonical: `${line.slice(0, tail.index)}}` };
}

function membersOf(entry: Omit<AuditEntry, "details" | "hash">): Record<string, JsonValue> {
  const { seq, at, type, osUser, command, user, session, kid, reason } = entry;
  return {
    seq,
    at: isInCalendar(at) ? new Date(at).toISOString() : at,
    type,
    os_user: osUser,
    command,
    user,
    // The record's format is older than the word; its name is part of every hash.
    login: session,
    kid,
    reason,
  };
}
