import type { AuditHead } from "../../core/authority/audit/entry.ts";
import { changesUndoneBy, type UndoneChange } from "../../core/authority/backup/undone-changes.ts";
import type { Staged, Standing, StoreBackups, StoreCounts } from "../../core/authority/ports/backups.ts";
import type { Store } from "../../core/authority/ports/store.ts";
import { AppError } from "../../core/base/errors.ts";
import type { Clock } from "../../core/base/ports.ts";
import { shellWord } from "../../core/base/text/wording.ts";

export interface RestoreInput {
  readonly backup: string;
  /** The path of the store, which need not be there. */
  readonly target: string;
  /** Leave the sessions of the backup as they are. */
  readonly keepSessions: boolean;
  /** Take a backup although its audit log was altered. */
  readonly force: boolean;
  /** Asked when a store is there already; throws when it is not to be replaced. */
  readonly confirm: (standing: Standing) => Promise<void>;
}

export interface RestorePorts {
  readonly backups: StoreBackups;
  /** Opens the store at a path. */
  readonly open: (path: string) => Promise<Store>;
  readonly clock: Clock;
}

export interface Restored {
  readonly counts: StoreCounts;
  /** Where the replaced store is kept; null when there was none. */
  readonly keptAside: string | null;
  /** The sessions that were ended. */
  readonly revoked: readonly string[];
  /** What happened after the backup, and now has not; null when the replaced store could not be read. */
  readonly undone: readonly UndoneChange[] | null;
  /** The end of the log in the backup. */
  readonly backupHead: AuditHead;
}

/**
 * Puts a backup in the place of the store. It is verified first, and made ready beside the store, so that what takes
 * the store's place is whole: with its sessions ended, and a log that tells of the restoration.
 *
 * Sessions are ended because a backup does not know which of its refresh tokens have been used since: each of them, a
 * stolen one too, would buy a new one.
 *
 * While a person is asked, others go on working with the store: what is told of it, and what the restored one takes
 * over from it, comes from when nobody else can write to it any more.
 *
 * @throws AppError as `StoreBackups.stage` and `replace`; `audit_altered`; what `confirm` throws. The store is
 *   untouched
 */
export async function restoreStore(input: RestoreInput, ports: RestorePorts): Promise<Restored> {
  const { backups } = ports;
  const staged = await backups.stage(input);
  try {
    if (!input.force) refuseAltered(staged, input.backup);
    const asked = await ask(await backups.lookAt(input.target), input);
    // Before others are kept waiting: this may take long.
    const ready = await makeReady(staged, input, ports);
    return { counts: staged.counts, ...ready, ...(await replace({ staged, ready, asked }, input, ports)) };
  } finally {
    await staged.discard();
  }
}

function refuseAltered({ audit }: Staged, backup: string): void {
  if (audit === null || audit.faultCount === 0) return;
  throw new AppError("audit_altered", `the audit log in "${backup}" is not what was written`, {
    hints: [
      `See what is wrong with it: jwtctl audit verify --db ${shellWord(backup)}`,
      "Take an older backup, or restore it all the same with --force",
    ],
  });
}

/** @returns whether there was something to ask about */
async function ask(standing: Standing, { confirm }: RestoreInput): Promise<boolean> {
  if (standing.state === "nothing") return false;
  await confirm(standing);
  return true;
}

type Ready = Pick<Restored, "revoked" | "backupHead">;

/** Nothing is replaced unasked that has come into being after the first look. */
async function replace(
  { staged, ready, asked }: { staged: Staged; ready: Ready; asked: boolean },
  input: RestoreInput,
  ports: RestorePorts,
): Promise<Pick<Restored, "keptAside" | "undone">> {
  let seen: Standing = { state: "nothing" };
  let undone: Restored["undone"] = [];
  const replaced = await ports.backups.replace({
    staged,
    target: input.target,
    now: ports.clock.now(),
    async settle(standing) {
      seen = standing;
      if (!asked && standing.state !== "nothing") return false;
      undone = await settle(staged, standing, { ...ready, keepSessions: input.keepSessions }, ports);
      return true;
    },
  });
  if (replaced !== null) return { keptAside: replaced.keptAside, undone };
  await ask(seen, input);
  return replace({ staged, ready, asked: true }, input, ports);
}

/** Brings the copy up to date, and ends its sessions. */
async function makeReady(
  staged: Staged,
  { keepSessions }: RestoreInput,
  { open, clock }: RestorePorts,
): Promise<Ready> {
  const store = await open(staged.path);
  try {
    const backupHead = await store.readAuditHead();
    const revoked = keepSessions ? [] : await store.revokeSessions({ all: true }, "revoked", clock.now());
    return { revoked, backupHead };
  } finally {
    await store.close();
  }
}

/** Takes over from the store that is replaced what must not be forgotten, and has the log tell what happens. */
async function settle(
  staged: Staged,
  standing: Standing,
  about: Ready & { readonly keepSessions: boolean },
  { open, backups, clock }: RestorePorts,
): Promise<Restored["undone"]> {
  const store = await open(staged.path);
  try {
    const now = clock.now();
    await coverTokens(store, standing, now);
    await noteRestoration(store, { ...about, standing }, now);
    if (standing.state === "nothing") return [];
    const restored = await backups.lookAt(staged.path);
    const isComparable = restored.state === "store" && standing.state === "store";
    return isComparable ? changesUndoneBy(restored.summary, standing.summary) : null;
  } finally {
    await store.close();
  }
}

/**
 * The key that signs may have signed tokens since the backup that live longer than any it knows of: it is kept for
 * those, too.
 */
async function coverTokens(store: Store, standing: Standing, now: number): Promise<void> {
  const active = (await store.listKeys(now)).find(({ state }) => state === "active");
  if (active === undefined) return;
  const { access_ttl } = await store.readSettings();
  const known = standing.state === "store" ? standing.summary.keys : [];
  const since = known.find(({ kid }) => kid === active.kid);
  if (since?.signedWithoutExp) await store.reserveSignature(active.kid, null, now);
  const exp = Math.max(Math.ceil(now / 1000) + access_ttl, since?.maxExp ?? 0);
  await store.reserveSignature(active.kid, exp, now);
}

async function noteRestoration(
  store: Store,
  about: {
    readonly backupHead: AuditHead;
    readonly standing: Standing;
    readonly revoked: readonly string[];
    readonly keepSessions: boolean;
  },
  now: number,
): Promise<void> {
  const { backupHead, standing, revoked, keepSessions } = about;
  const replaced = standing.state === "store" ? standing.summary.auditHead : null;
  const details = {
    backup_seq: backupHead.seq,
    backup_hash: backupHead.hash,
    replaced_seq: replaced?.seq ?? null,
    replaced_hash: replaced?.hash ?? null,
    logins_kept: keepSessions,
    logins_revoked: revoked.length,
  };
  await store.noteAudit({ type: "store_restored", details }, now);
}
