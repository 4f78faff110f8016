import { ALGORITHM_TRAITS, type JwsAlgorithm } from "../../jose/algorithms.ts";
import type { Jwk } from "../../jose/jwk.ts";
import { quoted } from "../../jose/verification/check.ts";
import type { CandidateKey } from "../../jose/verification/key-choice.ts";
import type { FailedVerification } from "./failed-verification.ts";

/** How many keys of a large set are tried, beside the one the token names. */
const TRIED_KEYS = 8;

/** Whether a key has the type and curve that an algorithm needs. */
export function fitsKey(alg: JwsAlgorithm, key: Jwk): boolean {
  const traits = ALGORITHM_TRAITS[alg];
  if (traits.kty !== key.kty) return false;
  if (traits.kty === "AKP") return key.alg === alg;
  return traits.crv === undefined || traits.crv === key.crv;
}

/** The keys that are not retired or revoked; the one the token names first. */
export function trustedKeys({ candidates, kid }: FailedVerification): readonly CandidateKey[] {
  const trusted = candidates.filter(({ state }) => state !== "revoked" && state !== "retired");
  const named = trusted.filter(({ jwk }) => kid !== undefined && jwk.kid === kid);
  return [...named, ...trusted.filter((candidate) => !named.includes(candidate))];
}

/** The trusted keys that an algorithm can be used with. */
export function keysFor(failure: FailedVerification, alg: JwsAlgorithm | undefined): readonly CandidateKey[] {
  if (alg === undefined) return [];
  return trustedKeys(failure)
    .filter(({ jwk }) => fitsKey(alg, jwk))
    .slice(0, TRIED_KEYS);
}

/** The trusted keys that are HMAC secrets. */
export function secretsOf(failure: FailedVerification): readonly CandidateKey[] {
  return trustedKeys(failure)
    .filter(({ jwk }) => jwk.kty === "oct")
    .slice(0, TRIED_KEYS);
}

/** Names a key in a sentence: by its kid, or by its source. Never by its material. */
export function nameOf({ jwk, source }: CandidateKey): string {
  if (jwk.kty === "oct" && jwk.kid === undefined) return source;
  return jwk.kid === undefined ? `the key from ${source}` : `the key ${quoted(jwk.kid)} from ${source}`;
}
