import type { CredentialsFacts } from "../../core/analysis/doctor/check-credentials.ts";
import type { JwksFile } from "../../core/analysis/doctor/check-jwks.ts";
import type { StoreFacts } from "../../core/analysis/doctor/facts.ts";
import type { Finding } from "../../core/analysis/doctor/finding.ts";
import type { StoreExaminer, StoreRepair } from "../../core/analysis/doctor/ports.ts";
import { runChecks } from "../../core/analysis/doctor/run-checks.ts";
import type { KeyVault } from "../../core/authority/ports/crypto.ts";
import type { Store } from "../../core/authority/ports/store.ts";
import { AppError } from "../../core/base/errors.ts";
import type { Clock } from "../../core/base/ports.ts";
import { refuseAfterClockJump } from "../store/clock-jump.ts";
import { examineKeyMaterial } from "./key-material.ts";

export interface CheckUpInput {
  /** The path that was named. */
  readonly path: string;
  readonly full: boolean;
  /** The published JWK Set to compare with. */
  readonly jwks: JwksFile | undefined;
}

export interface CheckUpPorts {
  readonly examiner: StoreExaminer;
  readonly clock: Clock;
  readonly credentials: { status(): Promise<CredentialsFacts | null> };
  readonly keyVault: KeyVault;
  /** The store's passphrase if it was given; never asks. Private keys that are under one are opened with `full` alone. */
  readonly passphrase: () => Promise<string | undefined>;
}

export interface CheckUp {
  readonly store: StoreFacts;
  readonly findings: readonly Finding[];
}

/** Looks at everything and changes nothing. @throws AppError `store_not_found` */
export async function checkUp(input: CheckUpInput, ports: CheckUpPorts): Promise<CheckUp> {
  const now = ports.clock.now();
  const store = await ports.examiner.examine({ path: input.path, full: input.full, now });
  const credentials = await ports.credentials.status();
  const halves = store.content?.halves;
  const keyMaterial = halves?.ok
    ? await examineKeyMaterial(
        halves.value,
        // Deriving a key from the passphrase takes a good part of a second, for each of them.
        async () => (input.full ? ports.passphrase() : undefined),
        ports.keyVault,
      )
    : undefined;
  return { store, findings: runChecks({ store, credentials, jwks: input.jwks, keyMaterial, now }) };
}

/** One thing that was put right, or could not be. */
export interface Repair {
  readonly id: string;
  readonly done: boolean;
  readonly summary: string;
}

export interface RepairPorts extends CheckUpPorts {
  /** Opened only when a repair is made inside the store. */
  readonly store: () => Promise<Store>;
  /** Closes the current login's file to others. */
  readonly closeCredentials: () => Promise<void>;
  /** Adds a standby key where there is none; never asks anybody. `made` is false when one is there by now. */
  readonly makeStandby: () => Promise<{ readonly kid: string; readonly made: boolean }>;
}

/**
 * Does what can be done safely about what was found: nothing that is still of use is lost by it. A repair that fails is
 * told, and the others go on.
 */
export async function repair(found: CheckUp, path: string, ports: RepairPorts): Promise<readonly Repair[]> {
  const wanted = new Set(found.findings.filter(({ fixable }) => fixable).map(({ id }) => id));
  const repairs: Repair[] = [];
  const attempt = async (id: string, work: () => Promise<string>): Promise<void> => {
    if (!wanted.has(id)) return;
    try {
      repairs.push({ id, done: true, summary: await work() });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      repairs.push({ id, done: false, summary: error.message });
    }
  };
  await repairStore(attempt, path, "before_content", ports.examiner);
  await attempt("credentials", async () => {
    await ports.closeCredentials();
    return "closed the current login to others";
  });
  if (found.store.content !== null) await repairContent(attempt, ports);
  await repairStore(attempt, path, "after_content", ports.examiner);
  const untold = await note(found, repairs, ports);
  return untold === undefined ? repairs : [...repairs, untold];
}

/** A clock that is ahead has ended keys that are still needed. */
const KEPT = {
  undone: "no private half was destroyed",
  meant:
    "go on using it, and a month later it is done; to remove a key at once: jwtctl keys delete KID --force",
};

type Attempt = (id: string, work: () => Promise<string>) => Promise<void>;

/** What the backend can put right by itself. */
async function repairStore(
  attempt: Attempt,
  path: string,
  turn: StoreRepair["turn"],
  examiner: StoreExaminer,
): Promise<void> {
  for (const one of examiner.repairs) {
    if (one.turn === turn) await attempt(one.id, () => one.run(path));
  }
}

async function repairContent(attempt: Attempt, { store, clock, makeStandby }: RepairPorts): Promise<void> {
  // One step does both; the second call finds nothing left to do, and so each is told by itself.
  await attempt("private_halves", async () => {
    const open = await store();
    const { destroyed } = await open.tidy(clock.now());
    if (destroyed.length === 0) await refuseAfterClockJump(open, clock.now(), KEPT);
    return `destroyed the private half of ${destroyed.join(", ")}`;
  });
  await attempt("seals", async () => {
    await (await store()).tidy(clock.now());
    return "wiped what was kept for repeated refreshes";
  });
  await attempt("standby_key", async () => {
    const { kid, made } = await makeStandby();
    return made ? `made the standby key ${kid}` : `somebody else has made the standby key ${kid} by now`;
  });
}

/**
 * The store's own log tells what was done to it. A log that cannot be written takes nothing from the repairs, and the
 * report of them is not lost with it.
 *
 * @returns what is to be told when it could not be written
 */
async function note(
  { store }: CheckUp,
  repairs: readonly Repair[],
  ports: RepairPorts,
): Promise<Repair | undefined> {
  const done = repairs.filter((one) => one.done).map(({ id }) => id);
  if (done.length === 0 || store.content === null) return undefined;
  try {
    const event = { type: "store_repaired", details: { repairs: done } } as const;
    await (await ports.store()).noteAudit(event, ports.clock.now());
    return undefined;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { id: "audit", done: false, summary: `the log was not told of the repairs: ${error.message}` };
  }
}
