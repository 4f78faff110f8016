/**
 * The checks of `doctor` for every backend; each backend adds its own. The names are part of the public interface
 * (docs/doctor.md): new ones may come, but none changes its meaning.
 */
export const CHECKS = {
  credentials: "nobody else may read the current login",
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

/** `skip`: the check could not be made, for the reason in the summary. */
export type FindingStatus = "pass" | "warn" | "fail" | "skip";

export interface Finding {
  readonly id: string;
  /** What the check is about, when all is well. */
  readonly about: string;
  readonly status: FindingStatus;
  readonly summary: string;
  /** What to do; null when nothing has to be done. */
  readonly fix: string | null;
  /** Whether `doctor --fix` can do it. */
  readonly fixable: boolean;
}

/** Makes the findings of the checks of a table. */
export function findingsOf<Id extends string>(checks: Readonly<Record<Id, string>>) {
  const make =
    (status: FindingStatus) =>
    (id: Id, summary: string, fix: string | null, fixable: boolean): Finding => ({
      id,
      about: checks[id],
      status,
      summary,
      fix,
      fixable,
    });
  return {
    pass: (id: Id, summary: string, fixable = false) => make("pass")(id, summary, null, fixable),
    skip: (id: Id, why: string) => make("skip")(id, why, null, false),
    warn: (id: Id, summary: string, fix: string, fixable = false) => make("warn")(id, summary, fix, fixable),
    fail: (id: Id, summary: string, fix: string, fixable = false) => make("fail")(id, summary, fix, fixable),
  };
}

export const { pass, skip, warn, fail } = findingsOf(CHECKS);

/** The first few names and the number of the others, as in `a, b and 3 more`. */
export function named(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
