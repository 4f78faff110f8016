import type { PlannedKey } from "../../core/authority/keys/planned-key.ts";
import type { KeyState, NewSigningKey, SigningKey } from "../../core/authority/keys/signing-key.ts";
import { AppError } from "../../core/base/errors.ts";
import { shellWord } from "../../core/base/text/wording.ts";
import { sameAlgorithm } from "../../core/jose/algorithms.ts";
import { hasPrivateMember, type Jwk } from "../../core/jose/jwk.ts";
import { imaginedKeys, type KeyEntrance } from "./imagined-keys.ts";
import {
  type ImportChoice,
  type ImportState,
  kidTaken,
  type PlannedImport,
  planImport,
} from "./import-plan.ts";
import { sealed } from "./new-signing-key.ts";
import {
  type KeyPorts,
  type PassphraseSource,
  passphraseChanged,
  type VerifiedPassphrase,
  verifiedPassphrase,
} from "./store-passphrase.ts";

export interface ImportKeysInput extends ImportChoice {
  /** The keys of the file. */
  readonly keys: readonly Jwk[];
  /** Import the key of this kid; undefined when the file has one key, or with `all`. */
  readonly kid: string | undefined;
  readonly all: boolean;
  /** When a retiring key stops verifying, in ms; undefined: when it is retired by hand. */
  readonly until: number | undefined;
  /** With an active key: keep the private half of the former active key. */
  readonly keepPrivate: boolean;
  readonly dryRun: boolean;
  readonly passphrase: PassphraseSource;
}

export interface ImportedKey {
  /** `present`: the store had the key already, in the wanted state. */
  readonly outcome: "added" | "present";
  readonly key: SigningKey | PlannedKey;
  readonly notes: readonly string[];
}

export interface KeysImported {
  readonly dryRun: boolean;
  readonly keys: readonly ImportedKey[];
  /** The former active key, when an imported one took its place. */
  readonly previous: SigningKey | null;
}

/**
 * Imports keys of a file. Idempotent: a key that the store has in the wanted state is not changed.
 *
 * @throws AppError `key_ambiguous`, `no_matching_key`, `algorithm_not_allowed`, `key_too_weak`, `key_state_conflict`,
 *   `passphrase_wrong`
 */
export async function importKeys(input: ImportKeysInput, ports: KeyPorts): Promise<KeysImported> {
  const { store, clock } = ports;
  const chosen = chooseKeys(input);
  const present = await store.listKeys(clock.now());
  let proven: VerifiedPassphrase | undefined;
  const unlock = async () => {
    proven ??= await verifiedPassphrase(input.passphrase, present, ports);
    return proven;
  };
  // All keys are planned before the first is added, so that a refusal leaves the store unchanged.
  const keys: ImportedKey[] = [];
  const plans: PlannedImport[] = [];
  for (const jwk of chosen) {
    const same = jwk.kty === "oct" ? await sameSecret(jwk, present, unlock, ports) : undefined;
    if (same) {
      keys.push(alreadyThere(same, "standby", input));
      continue;
    }
    const plan = await planImport(jwk, input, [...present, ...plans], ports.keyTools);
    const there = present.find((key) => key.kid === plan.kid);
    if (there) keys.push(alreadyThere(there, plan.state, input));
    else plans.push(plan);
  }
  refuseSeveralActive(plans);
  const into = { ...ports, store: input.dryRun ? imaginedKeys(present) : store };
  for (const plan of plans) keys.push(await add(plan, input, unlock, into));
  return { dryRun: input.dryRun, keys, previous: await replaced(present, plans, into) };
}

function chooseKeys(input: ImportKeysInput): readonly Jwk[] {
  const { keys, kid, all } = input;
  if (kid !== undefined) {
    const named = keys.filter((key) => key.kid === kid);
    if (named.length === 0) {
      throw new AppError("no_matching_key", `the file has no usable key with the kid "${kid}"`, {
        hints: [`Its kids are: ${kidList(keys)}`],
      });
    }
    return named;
  }
  if (keys.length > 1 && !all) {
    throw new AppError("key_ambiguous", `the file holds ${keys.length} keys`, {
      hints: [`Choose one with --kid (${kidList(keys)}), or take them with --all`],
    });
  }
  return keys;
}

function kidList(keys: readonly Jwk[]): string {
  return keys.map((key) => key.kid ?? "(without a kid)").join(", ");
}

function refuseSeveralActive(plans: readonly PlannedImport[]): void {
  if (plans.filter((plan) => plan.state === "active").length < 2) return;
  throw new AppError("usage", "only one key can be active", {
    hints: ["Choose one with --kid, or take them as standby or retiring"],
  });
}

/** Where keys come in: the store, or what a dry run imagines. */
type EntrancePorts = Omit<KeyPorts, "store"> & { readonly store: KeyEntrance };

async function add(
  plan: PlannedImport,
  input: ImportKeysInput,
  unlock: () => Promise<VerifiedPassphrase>,
  { store, clock, keyVault }: EntrancePorts,
): Promise<ImportedKey> {
  const { state, privateJwk, notes, ...names } = plan;
  const proven = privateJwk && !input.dryRun ? await unlock() : undefined;
  const privateMaterial = privateJwk && (await sealed(privateJwk, proven?.passphrase, keyVault));
  const key: NewSigningKey = { ...names, privateMaterial };
  const result = await store.addKey(
    {
      key,
      state,
      keepPrivate: input.keepPrivate,
      ...(input.until === undefined ? {} : { retiresAt: input.until }),
      ...(proven ? { sealingEpoch: proven.sealingEpoch } : {}),
    },
    clock.now(),
  );
  if (result.outcome === "passphrase_changed") throw passphraseChanged();
  if (result.outcome === "kid_taken") throw kidTaken(key.formerKid ?? key.kid, result.by);
  const after = (await store.listKeys(clock.now())).find((candidate) => candidate.kid === key.kid);
  if (!after)
    throw new AppError("key_not_found", `the key "${key.kid}" was deleted as soon as it was added`, {
      hints: ["Somebody else works on this store, too; list the keys with: jwtctl keys list"],
    });
  return result.outcome === "added"
    ? { outcome: "added", key: after, notes }
    : alreadyThere(after, state, input);
}

/** The former active key, after the import or as it would be. */
async function replaced(
  before: readonly SigningKey[],
  plans: readonly PlannedImport[],
  { store, clock }: EntrancePorts,
): Promise<SigningKey | null> {
  const active = before.find((key) => key.state === "active");
  if (!active || !plans.some((plan) => plan.state === "active")) return null;
  return (await store.listKeys(clock.now())).find((key) => key.kid === active.kid) ?? null;
}

/** The states of a present key that are good enough when the user did not name one. */
const GOOD_ENOUGH: Readonly<Record<ImportState, readonly KeyState[]>> = {
  standby: ["standby", "active"],
  active: ["active"],
  retiring: ["standby", "active", "retiring"],
};

/** @throws AppError `key_state_conflict` when the store has the key in another state, or for another algorithm */
function alreadyThere(key: SigningKey, planned: ImportState, { as: wanted, alg }: ImportChoice): ImportedKey {
  if (alg !== undefined && !sameAlgorithm(alg, key.alg)) {
    throw new AppError(
      "key_state_conflict",
      `the key is in the store already, for ${key.alg} and not ${alg}: ${key.kid}`,
      {
        hints: [
          `A key is used with one algorithm only; make another one with: jwtctl keys generate --alg ${alg}`,
        ],
        data: { kid: key.kid, alg: key.alg },
      },
    );
  }
  const satisfied = wanted === undefined ? GOOD_ENOUGH[planned].includes(key.state) : key.state === wanted;
  if (satisfied) return { outcome: "present", key, notes: [] };
  throw new AppError("key_state_conflict", `the key is in the store already and ${key.state}: ${key.kid}`, {
    hints: [
      key.state === "revoked"
        ? "A revoked key is never taken back; make a new one with: jwtctl keys generate"
        : `See it with: jwtctl keys show ${shellWord(key.kid)}`,
    ],
    data: { kid: key.kid, state: key.state },
  });
}

/** Finds the stored key with the same shared secret: its kid is random and cannot be compared. */
async function sameSecret(
  jwk: Jwk,
  present: readonly SigningKey[],
  unlock: () => Promise<VerifiedPassphrase>,
  ports: KeyPorts,
): Promise<SigningKey | undefined> {
  for (const key of present) {
    if (key.publicJwk !== null || !key.hasPrivate) continue;
    const material = await ports.store.readPrivateKey(key.kid);
    if (!material) continue;
    const secret = await ports.keyVault.open(material, key.kid, (await unlock()).passphrase);
    if (hasPrivateMember(secret) && secret.k === jwk.k) return key;
  }
  return undefined;
}
