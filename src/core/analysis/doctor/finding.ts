/**
 * What `doctor` looks at. The names are part of the public interface (docs/doctor.md): new ones come, but none changes
 * its meaning.
 */
export const CHECKS = {
  file: "the store is a file of its own, where it was looked for",
  permissions: "nobody else may read or write the store, or put another in its place",
  credentials: "nobody else may read the current login",
  disk: "there is room for the store to grow",
  sqlite: "this SQLite does not lose what it has stored",
  identity: "the file is a store of jwtctl, and of this version",
  integrity: "SQLite finds the file whole",
  foreign_keys: "no row refers to something that is not there",
  schema: "tables, indexes and triggers are those of the version",
  log_size: "the write-ahead log has not grown out of bounds",
  leftovers: "no half-made copy of a store lies beside it",
  settings: "the settings are within their limits and sensible",
  encryption: "private keys are kept as the store says",
  active_key: "exactly one key signs",
  standby_key: "the next key is published ahead",
  key_age: "the key that signs is not old",
  key_dates: "no key ends before the tokens it has signed",
  private_halves: "private halves of keys that have ended are destroyed",
  key_material: "each half of a key is the one that its kid names",
  jwks: "the published key set is that of the store",
  sessions: "every login has one unused refresh token, and no gap",
  seals: "what was kept for repeated refreshes is wiped",
  passwords: "no password was let through although it is weak",
  audit: "nothing of the audit log was altered",
  clock: "the clock shows a time that can be right",
} as const satisfies Readonly<Record<string, string>>;

export type CheckId = keyof typeof CHECKS;

/** `skip`: it could not be looked at, and the summary says why. */
export type FindingStatus = "pass" | "warn" | "fail" | "skip";

export interface Finding {
  readonly id: CheckId;
  readonly status: FindingStatus;
  readonly summary: string;
  /** What to do about it; null when nothing need be done. */
  readonly fix: string | null;
  /** `doctor --fix` can do it safely. */
  readonly fixable: boolean;
}

export function pass(id: CheckId, summary: string, fixable = false): Finding {
  return { id, status: "pass", summary, fix: null, fixable };
}

export function skip(id: CheckId, why: string): Finding {
  return { id, status: "skip", summary: why, fix: null, fixable: false };
}

export function warn(id: CheckId, summary: string, fix: string, fixable = false): Finding {
  return { id, status: "warn", summary, fix, fixable };
}

export function fail(id: CheckId, summary: string, fix: string, fixable = false): Finding {
  return { id, status: "fail", summary, fix, fixable };
}

/** The first few names, and how many there are besides. */
export function named(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
