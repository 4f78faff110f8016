import type { StoreExaminer } from "../../core/analysis/doctor/ports.ts";
import type { BackedUp, StoreBackups } from "../../core/authority/ports/backups.ts";
import type { KeyVault } from "../../core/authority/ports/crypto.ts";
import type { AuditStore } from "../../core/authority/ports/store.ts";
import { AppError } from "../../core/base/errors.ts";
import type { Clock } from "../../core/base/ports.ts";
import { requireWholeKeys } from "../doctor/key-material.ts";

export type BackUpInput = Parameters<StoreBackups["backUp"]>[0];

export interface BackUpPorts {
  readonly backups: StoreBackups;
  readonly examiner: StoreExaminer;
  readonly keyVault: KeyVault;
  /** Opens the store, to write the entry of its audit log. */
  readonly store: () => Promise<AuditStore>;
  readonly clock: Clock;
}

export interface StoreBackedUp extends BackedUp {
  /** Whether the store's audit log has an entry of the backup; a read-only store has none. */
  readonly noted: boolean;
}

/**
 * Writes a backup of the store and verifies it; other processes go on working.
 * @throws AppError as `StoreBackups.backUp`; `store_corrupt` also when a half of a key is not that of its kid
 */
export async function backUpStore(input: BackUpInput, ports: BackUpPorts): Promise<StoreBackedUp> {
  await requireWholeKeys(input.from, ports);
  const made = await ports.backups.backUp(input);
  return { ...made, noted: made.current && (await note(made, ports)) };
}

async function note({ audit, counts }: BackedUp, { store, clock }: BackUpPorts): Promise<boolean> {
  const details = { audit_seq: audit?.head.seq ?? 0, users: counts.users, sessions: counts.sessions };
  try {
    await (await store()).noteAudit({ type: "store_backed_up", details }, clock.now());
    return true;
  } catch (error) {
    // The backup is complete even when the log cannot be written now.
    if (error instanceof AppError && error.code.startsWith("store_")) return false;
    throw error;
  }
}
