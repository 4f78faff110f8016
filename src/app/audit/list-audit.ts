import type { AuditEntry } from "../../core/authority/audit/entry.ts";
import { AUDIT_TYPE_NAMES, type AuditType } from "../../core/authority/audit/entry.ts";
import type { AuditFilter, Store } from "../../core/authority/ports/store.ts";
import { AppError } from "../../core/base/errors.ts";

export interface AuditQuery {
  /** ms */
  readonly since?: number;
  /** ms */
  readonly until?: number;
  readonly user?: string;
  /** The id of a login, or the beginning of one that is still in the store. */
  readonly session?: string;
  /** A kid, or the beginning of one that is still in the store. */
  readonly kid?: string;
  /** Types, or what several begin with (`key`, `login`). */
  readonly types?: readonly string[];
  /** The newest so many. */
  readonly limit?: number;
}

/** @throws AppError `usage` for a type that there is not */
export async function listAudit(
  query: AuditQuery,
  { store, now }: { store: Store; now: number },
): Promise<readonly AuditEntry[]> {
  return store.listAudit(await filterOf(query, store, now));
}

/** What is asked for, in the words of the store. @throws AppError `usage` for a type that there is not */
export async function filterOf(query: AuditQuery, store: Store, now: number): Promise<AuditFilter> {
  const { session, kid, types, ...rest } = query;
  return {
    ...rest,
    ...(session === undefined ? {} : { session: await wholeId(session, store, now) }),
    ...(kid === undefined ? {} : { kid: await wholeKid(kid, store, now) }),
    ...(types === undefined ? {} : { types: types.flatMap(typesNamed) }),
  };
}

/** The log outlives logins and keys: what is not in the store (any more) is looked for as it was typed. */
async function wholeId(given: string, store: Store, now: number): Promise<string> {
  const [only, ...others] = await store.findSessions(given.toLowerCase(), now, 2);
  return only !== undefined && others.length === 0 ? only.id : given.toLowerCase();
}

async function wholeKid(given: string, store: Store, now: number): Promise<string> {
  const keys = await store.listKeys(now);
  const [only, ...others] = keys.filter(({ kid }) => kid.startsWith(given));
  return only !== undefined && others.length === 0 ? only.kid : given;
}

/** `key` means all types that begin with `key_`. */
function typesNamed(given: string): readonly AuditType[] {
  const found = AUDIT_TYPE_NAMES.filter((type) => type === given || type.startsWith(`${given}_`));
  if (found.length > 0) return found;
  throw new AppError("usage", `there is no type of audit entry "${given}"`, {
    hints: [`Choose from: ${AUDIT_TYPE_NAMES.join(", ")}`, "Or name what several begin with, as in key"],
  });
}
