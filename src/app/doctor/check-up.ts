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
  /** The path of the store. */
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
  /** The store's passphrase when it was given; never prompts. Used only with `full`. */
  readonly passphrase: () => Promise<string | undefined>;
}

export interface CheckUp {
  readonly store: StoreFacts;
  readonly findings: readonly Finding[];
}

/** Makes every check and changes nothing. @throws AppError `store_not_found` */
export async function checkUp(input: CheckUpInput, ports: CheckUpPorts): Promise<CheckUp> {
  const now = ports.clock.now();
  const store = await ports.examiner.examine({ path: input.path, full: input.full, now });
  const credentials = await ports.credentials.status();
  const halves = store.content?.halves;
  const keyMaterial = halves?.ok
    ? await examineKeyMaterial(
        halves.value,
        // Key derivation takes a good part of a second for each key.
        async () => (input.full ? ports.passphrase() : undefined),
        ports.keyVault,
      )
    : undefined;
  return { store, findings: runChecks({ store, credentials, jwks: input.jwks, keyMaterial, now }) };
}

/** The result of one repair. */
export interface Repair {
  readonly id: string;
  readonly done: boolean;
  readonly summary: string;
}

export interface RepairPorts extends CheckUpPorts {
  /** Opens the store, for repairs inside it. */
  readonly store: () => Promise<Store>;
  /** Removes the permissions of others from the credentials file. */
  readonly closeCredentials: () => Promise<void>;
  /** Adds a standby key when there is none; never prompts. `made` is false when there was one already. */
  readonly makeStandby: () => Promise<{ readonly kid: string; readonly made: boolean }>;
}

/**
 * Makes the safe repairs: none loses anything that is still needed. A repair that fails is reported and does not
 * stop the others.
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

/** The refusal of a repair while the clock may be ahead: then keys only seem to have ended. */
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
  // `tidy` does both repairs at once; each is still reported by itself.
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
 * Writes the repairs into the store's audit log. A failure to write does not undo them, nor lose the report.
 *
 * @returns the report of the failure, when there was one
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
