import type { StoreExaminer } from "../../core/analysis/doctor/ports.ts";
import { AppError } from "../../core/base/errors.ts";

/**
 * Checks whether the store's file is damaged, to explain an unexpected error.
 *
 * @param input.now ms
 * @returns `store_corrupt`, or undefined when the file is sound
 */
export async function damageOf(
  { path, now, cause }: { path: string; now: number; cause: unknown },
  examiner: StoreExaminer,
): Promise<AppError | undefined> {
  const store = await examiner.examine({ path, full: true, now });
  if (store.damage === null) return undefined;
  return new AppError("store_corrupt", `the store "${path}" is damaged: ${store.damage}`, {
    hints: [
      "Keep a copy of the file as it is, then restore your last backup: jwtctl restore FILE",
      "See all that is wrong with: jwtctl doctor --full",
    ],
    data: { path },
    cause,
  });
}
