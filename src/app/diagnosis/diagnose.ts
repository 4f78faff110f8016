import { explain, trialsFor } from "../../core/analysis/diagnosis/explain.ts";
import { failedVerification, type Trial } from "../../core/analysis/diagnosis/failed-verification.ts";
import { AppError } from "../../core/base/errors.ts";
import type { Diagnosis } from "../../core/jose/verification/report.ts";
import { gatherFacts } from "./gather-facts.ts";
import type { DiagnosisInput, DiagnosisPorts } from "./ports.ts";

/**
 * Finds the causes of a failed verification, the most convincing first. A cause about the signature is named only when
 * a trial with it verified the signature. The verdict does not change.
 */
export async function diagnose(input: DiagnosisInput, ports: DiagnosisPorts): Promise<readonly Diagnosis[]> {
  if (input.report.valid) return [];
  const failure = failedVerification({ ...input, facts: await gatherFacts(input, ports) });
  const { proven, tried } = await firstThatFits(trialsFor(failure), ports);
  return explain(failure, proven, tried).map(({ cause, evidence, fix }) => ({ cause, evidence, fix }));
}

/** The budget of a diagnosis: 400 trials on a usual token, fewer on one of many kilobytes. */
const WORK = 400;
const BYTES_PER_UNIT = 64 * 1024;

async function firstThatFits(
  trials: Iterable<Trial>,
  ports: Pick<DiagnosisPorts, "jws" | "probe">,
): Promise<{ readonly proven: Trial | undefined; readonly tried: number }> {
  let work = WORK;
  let tried = 0;
  for (const trial of trials) {
    work -= 1 + trial.signingInput.length / BYTES_PER_UNIT;
    if (work < 0) break;
    tried++;
    if (await fits(trial, ports)) return { proven: trial, tried };
  }
  return { proven: undefined, tried };
}

async function fits(
  { alg, key, signingInput, signature, probed, hash }: Trial,
  { jws, probe }: Pick<DiagnosisPorts, "jws" | "probe">,
): Promise<boolean> {
  try {
    return probed === undefined
      ? await jws.verify({ alg, key, signingInput, signature })
      : await probe.fits({ alg, key, message: probed, signature, hash });
  } catch (error) {
    // A key that cannot be used this way did not make the signature.
    if (error instanceof AppError) return false;
    throw error;
  }
}
