import type { AuditRecord } from "../../src/core/authority/audit/canonical.ts";
import type { QuotaState } from "../../src/core/authority/audit/refusal-quota.ts";
import type { PrivateMaterial, SigningKey } from "../../src/core/authority/keys/signing-key.ts";
import type { StoredSettings, UserFacts } from "../../src/core/authority/ports/store-backend.ts";
import type { RefreshTokenRecord } from "../../src/core/authority/sessions/session.ts";
import type { SessionRecord } from "../../src/core/authority/sessions/session-state.ts";
import type { ThrottleState } from "../../src/core/authority/users/throttle.ts";

/** What a store in memory holds. Rows are replaced, never altered: what was given out stays as it was. */
export interface Tables {
  settings: StoredSettings | null;
  /** By kid, the oldest first. */
  readonly keys: Map<string, KeyRow>;
  readonly users: Map<string, UserFacts>;
  readonly sessions: Map<string, SessionRecord>;
  /** By hash in hexadecimal digits; those of a session in the order of `seq`. */
  readonly tokens: Map<string, TokenRow>;
  /** Attempts at names that nobody has. */
  readonly unknownNames: Map<string, ThrottleState>;
  readonly audit: AuditRecord[];
  readonly refusals: Map<string, QuotaState>;
}

export interface KeyRow {
  readonly key: SigningKey;
  readonly material: PrivateMaterial | null;
}

export interface TokenRow {
  readonly sessionId: string;
  readonly record: RefreshTokenRecord;
  readonly seal: { readonly bytes: Uint8Array; readonly until: number } | null;
}

export function emptyTables(): Tables {
  return {
    settings: null,
    keys: new Map(),
    users: new Map(),
    sessions: new Map(),
    tokens: new Map(),
    unknownNames: new Map(),
    audit: [],
    refusals: new Map(),
  };
}

/** The same rows in tables of their own. */
export function copyOf(tables: Tables): Tables {
  return {
    settings: tables.settings,
    keys: new Map(tables.keys),
    users: new Map(tables.users),
    sessions: new Map(tables.sessions),
    tokens: new Map(tables.tokens),
    unknownNames: new Map(tables.unknownNames),
    audit: [...tables.audit],
    refusals: new Map(tables.refusals),
  };
}

/** Adds a row. @throws Error when there is one already, as a database does */
export function insert<Row>(table: Map<string, Row>, key: string, row: Row): void {
  if (table.has(key)) throw new Error(`there is a row "${key}" already`);
  table.set(key, row);
}

/** Puts another row in the place of one, when there is one. */
export function update<Row>(table: Map<string, Row>, key: string, change: (row: Row) => Row): void {
  const row = table.get(key);
  if (row !== undefined) table.set(key, change(row));
}
