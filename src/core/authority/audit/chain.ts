import { JsonObject } from "../../base/json/value.ts";
import { writeJson } from "../../base/json/write.ts";
import { type AuditRecord, canonicalText, type ExportedLine, type UnchainedRecord } from "./canonical.ts";
import { type Actor, AUDIT_ORIGIN, type AuditEvent, type AuditHead } from "./entry.ts";

/** SHA-256 of a text's UTF-8, as 64 hexadecimal digits. */
export type Sha256 = (text: string) => string;

/** The record of what happened at `now` (ms), before it has its place. */
export function unchained(event: AuditEvent, actor: Actor, now: number): UnchainedRecord {
  const { type, user = null, session = null, kid = null, reason = null } = event;
  const details = writeJson(JsonObject.of(event.details ?? {}));
  return { at: now, type, ...actor, user, session, kid, reason, details };
}

/** Gives a record its place behind `head`. */
export function linked(entry: UnchainedRecord, head: AuditHead, sha256: Sha256): AuditRecord {
  const record = { seq: head.seq + 1, ...entry };
  return { ...record, hash: sha256(canonicalText(record, head.hash)) };
}

/** The record of what happened at `now` (ms) after `head`. */
export function chained(
  event: AuditEvent,
  { actor, now, head, sha256 }: { actor: Actor; now: number; head: AuditHead; sha256: Sha256 },
): AuditRecord {
  return linked(unchained(event, actor, now), head, sha256);
}

/** One way in which a log is not what was written. */
export type ChainFault =
  /** The entry, or the one before it, is not what it was. */
  | { readonly kind: "altered"; readonly seq: number }
  /** Entries from `seq` to `last` are gone. */
  | { readonly kind: "missing"; readonly seq: number; readonly last: number }
  /** A number came twice or out of turn. */
  | { readonly kind: "disordered"; readonly seq: number }
  /** The log says that it ends at `last`; entries from `seq` on are gone. */
  | { readonly kind: "cut"; readonly seq: number; readonly last: number }
  /** Entries from `seq` on were added behind the log's back. */
  | { readonly kind: "added"; readonly seq: number }
  /** The last entry is not the one that was written last. */
  | { readonly kind: "head"; readonly seq: number }
  /** The entry that was noted elsewhere is another, or not there. */
  | { readonly kind: "anchor"; readonly seq: number }
  /** A line of a file is no entry. */
  | { readonly kind: "unreadable"; readonly line: number };

export interface ChainVerdict {
  /** How many entries were looked at. */
  readonly entries: number;
  /** What the first one follows on; seq 0 when the log is there from its beginning. */
  readonly start: AuditHead;
  /** The last entry. */
  readonly head: AuditHead;
  /** The first {@link MAX_FAULTS}. */
  readonly faults: readonly ChainFault[];
  readonly faultCount: number;
}

export const MAX_FAULTS = 20;

/**
 * Reads a log from its beginning and notes what does not fit. After a fault it goes on from what is there, so that one
 * alteration is one fault.
 */
export class ChainCheck {
  readonly #sha256: Sha256;
  readonly #anchor: AuditHead | undefined;
  #anchored = false;
  #start: AuditHead | undefined;
  #last: AuditHead | undefined;
  #entries = 0;
  #count = 0;
  readonly #faults: ChainFault[] = [];

  /** @param anchor an entry's number and hash, noted elsewhere at an earlier time */
  constructor(sha256: Sha256, anchor?: AuditHead) {
    this.#sha256 = sha256;
    this.#anchor = anchor;
  }

  /** The next entry of a store; the log of a store begins at its beginning. */
  record(record: AuditRecord): void {
    this.#last ??= AUDIT_ORIGIN;
    const prev = this.#last.hash;
    this.#add({ seq: record.seq, hash: record.hash, prev, canonical: canonicalText(record, prev) }, false);
  }

  /** The next line of an export, which may begin later. */
  line(line: ExportedLine): void {
    this.#last ??= { seq: line.seq - 1, hash: line.prev };
    this.#add(line, true);
  }

  /** A line that is no entry. @param number counts from 1 */
  unreadable(number: number): void {
    this.#fault({ kind: "unreadable", line: number });
  }

  /** @param saysPrev the entry itself says what it follows on, and so can be looked at behind a gap */
  #add({ seq, hash, prev, canonical }: ExportedLine, saysPrev: boolean): void {
    const last = this.#last ?? AUDIT_ORIGIN;
    const own = this.#sha256(canonical) === hash;
    this.#start ??= last;
    this.#entries++;
    if (seq > last.seq + 1) {
      this.#fault({ kind: "missing", seq: last.seq + 1, last: seq - 1 });
      if (saysPrev && !own) this.#fault({ kind: "altered", seq });
    } else if (seq <= last.seq) this.#fault({ kind: "disordered", seq });
    else if (prev !== last.hash || !own) this.#fault({ kind: "altered", seq });
    if (seq === this.#anchor?.seq && hash === this.#anchor.hash) this.#anchored = true;
    this.#last = { seq: Math.max(seq, last.seq), hash };
  }

  /** @param head where the store says that its log ends; undefined for a file, which says nothing */
  verdict(head?: AuditHead): ChainVerdict {
    const last = this.#last ?? AUDIT_ORIGIN;
    if (head !== undefined) {
      if (head.seq > last.seq) this.#fault({ kind: "cut", seq: last.seq + 1, last: head.seq });
      else if (head.seq < last.seq) this.#fault({ kind: "added", seq: head.seq + 1 });
      else if (head.hash !== last.hash) this.#fault({ kind: "head", seq: last.seq });
    }
    if (this.#anchor !== undefined && !this.#anchored) this.#fault({ kind: "anchor", seq: this.#anchor.seq });
    return {
      entries: this.#entries,
      start: this.#start ?? AUDIT_ORIGIN,
      head: last,
      faults: this.#faults,
      faultCount: this.#count,
    };
  }

  #fault(fault: ChainFault): void {
    this.#count++;
    if (this.#faults.length < MAX_FAULTS) this.#faults.push(fault);
  }
}
