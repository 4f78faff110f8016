import { generateKeyPairSync } from "node:crypto";
import { AppError } from "../../core/base/errors.ts";
import { ALGORITHM_TRAITS, type JwsAlgorithm } from "../../core/jose/algorithms.ts";

/** Whether this runtime can use the algorithm. Only ML-DSA is missing anywhere jwtctl runs (before Node 24.7). */
export function runtimeSupports(alg: JwsAlgorithm): boolean {
  if (ALGORITHM_TRAITS[alg].family !== "ml-dsa") return true;
  try {
    // The types know only what the oldest supported runtime has.
    const generate = generateKeyPairSync as unknown as (type: string) => unknown;
    generate(alg.toLowerCase());
    return true;
  } catch {
    return false;
  }
}

/** @throws AppError `algorithm_unsupported` when this runtime lacks the algorithm */
export function requireRuntimeSupport(alg: JwsAlgorithm): void {
  if (runtimeSupports(alg)) return;
  throw new AppError("algorithm_unsupported", `this Node has no ${alg}; Node 24.7 or later has`, {
    hints: ["Run jwtctl with a newer Node, or choose another algorithm"],
    data: { alg },
  });
}
