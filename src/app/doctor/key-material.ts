import type { KeyMaterialFacts, StoredHalves } from "../../core/analysis/doctor/facts.ts";
import type { StoreExaminer } from "../../core/analysis/doctor/ports.ts";
import type { KeyVault } from "../../core/authority/ports/crypto.ts";
import { AppError } from "../../core/base/errors.ts";
import { ALGORITHM_TRAITS, algorithmsOfKeyType } from "../../core/jose/algorithms.ts";

/**
 * Compares both halves of every key with its kid, to find a damaged or exchanged half before it is needed.
 *
 * @param passphrase called only when a half is sealed; when it gives undefined, only the header of sealed halves is
 *   checked
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
 * Refuses a store of today's schema in which a half of a key does not belong to its kid. Sealed halves are not opened.
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
