import type { KeyMaterialFacts, StoredHalves } from "../../core/analysis/doctor/facts.ts";
import type { StoreExaminer } from "../../core/analysis/doctor/ports.ts";
import type { KeyVault } from "../../core/authority/ports/crypto.ts";
import { AppError } from "../../core/base/errors.ts";
import { ALGORITHM_TRAITS, algorithmsOfKeyType } from "../../core/jose/algorithms.ts";

/**
 * Compares each half of each key with its kid, as every command does that meets one: a damaged or exchanged half is
 * found before it is needed.
 *
 * @param passphrase asked for only when there is something sealed; undefined: what is sealed stays closed, and only its
 *   header is looked at
 */
export async function examineKeyMaterial(
  halves: readonly StoredHalves[],
  passphrase: () => Promise<string | undefined>,
  vault: KeyVault,
): Promise<KeyMaterialFacts> {
  const isSealed = halves.some(({ privateMaterial }) => privateMaterial?.form === "encrypted");
  const given = isSealed ? await passphrase() : undefined;
  const wrongPublic: string[] = [];
  const found = { whole: [], wrong: [], locked: [], unopened: [], opened: [] } as Record<Outcome, string[]>;
  for (const half of halves) {
    const { kid } = half;
    if (!(await hasItsPublicHalf(half, vault))) wrongPublic.push(kid);
    found[await openPrivate(half, given, vault)].push(kid);
  }
  const { wrong: wrongPrivate, locked, unopened, opened } = found;
  return { wrongPublic, wrongPrivate, locked, unopened, opened };
}

async function hasItsPublicHalf({ kid, alg, publicJwk }: StoredHalves, vault: KeyVault): Promise<boolean> {
  if (publicJwk === null) return ALGORITHM_TRAITS[alg].kty === "oct";
  return algorithmsOfKeyType(publicJwk).includes(alg) && vault.isPublicHalfOf(publicJwk, kid);
}

type Outcome = "whole" | "wrong" | "locked" | "unopened" | "opened";

async function openPrivate(
  { kid, privateMaterial }: StoredHalves,
  passphrase: string | undefined,
  vault: KeyVault,
): Promise<Outcome> {
  if (privateMaterial === null) return "whole";
  try {
    await vault.open(privateMaterial, kid, passphrase);
    return privateMaterial.form === "plain" ? "whole" : "opened";
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === "input_required") return "unopened";
    return error.code === "passphrase_wrong" ? "locked" : "wrong";
  }
}

/**
 * For a copy that is to be called verified: refuses a store of today's schema in which a half of a key is not the one
 * that its kid names. What is sealed is not opened.
 *
 * @throws AppError `store_corrupt`; `store_*` when it cannot be read
 */
export async function requireWholeKeys(
  path: string,
  { examiner, keyVault }: { examiner: StoreExaminer; keyVault: KeyVault },
): Promise<void> {
  const halves = await examiner.readHalves(path);
  const found = await examineKeyMaterial(halves ?? [], async () => undefined, keyVault);
  const kids = [...new Set([...found.wrongPublic, ...found.wrongPrivate])];
  if (kids.length === 0) return;
  throw new AppError(
    "store_corrupt",
    `the store "${path}" does not hold these keys whole: ${kids.join(", ")}`,
    {
      hints: [
        "See what is wrong with: jwtctl doctor",
        "Restore your last backup: jwtctl restore FILE; or replace the keys (jwtctl keys rotate, jwtctl keys delete KID)",
      ],
      data: { path, kids },
    },
  );
}
