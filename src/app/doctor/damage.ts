import type { CheckId } from "../../core/analysis/doctor/finding.ts";
import type { StoreExaminer } from "../../core/analysis/doctor/ports.ts";
import { runChecks } from "../../core/analysis/doctor/run-checks.ts";
import { AppError } from "../../core/base/errors.ts";

/** What fails when the file itself is damaged, and not what was done with it. */
const DAMAGE: readonly CheckId[] = ["identity", "integrity", "foreign_keys", "schema"];

/**
 * Says whether the file of a store is damaged, to explain an error that nobody expected.
 *
 * @param input.now ms
 * @returns `store_corrupt`, or undefined when the file is sound
 */
export async function damageOf(
  { path, now, cause }: { path: string; now: number; cause: unknown },
  examiner: StoreExaminer,
): Promise<AppError | undefined> {
  const store = await examiner.examine({ path, full: true, now });
  const findings = runChecks({ store, credentials: null, jwks: undefined, now });
  const [finding] = findings.filter(({ id, status }) => status === "fail" && DAMAGE.includes(id));
  if (finding === undefined) return undefined;
  return new AppError("store_corrupt", `the store "${path}" is damaged: ${finding.summary}`, {
    hints: [
      "Keep a copy of the file as it is, then restore your last backup: jwtctl restore FILE",
      "See all that is wrong with: jwtctl doctor --full",
    ],
    data: { path },
    cause,
  });
}
