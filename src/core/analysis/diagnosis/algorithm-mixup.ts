import { ALGORITHM_TRAITS, JWS_ALGORITHMS, type JwsAlgorithm } from "../../jose/algorithms.ts";
import type { CauseId } from "./causes.ts";
import { type FailedVerification, fixForIssuer, type Trial } from "./failed-verification.ts";
import { fitsKey, nameOf, trustedKeys } from "./trusted-keys.ts";

const TRIED_KEYS = 8;

/**
 * Cause: the signer used another algorithm than the header names, with another hash, RSA padding or curve. Each related
 * one is tried with the given keys; HMAC is never tried with a public key here.
 */
export function* algorithmMixupTrials(failure: FailedVerification): Iterable<Trial> {
  const { alg, signingInput, signature } = failure;
  if (alg === undefined) return;
  for (const candidate of trustedKeys(failure).slice(0, TRIED_KEYS)) {
    for (const other of relatedTo(alg)) {
      if (!fitsKey(other, candidate.jwk)) continue;
      yield {
        ...{ alg: other, key: candidate.jwk, signingInput, signature },
        cause: causeOf(alg, other),
        evidence: `the header says ${alg}, but the signature is a good ${other} signature of ${nameOf(candidate)}`,
        fix: fixForIssuer(`${remedy(alg, other)}, so that header and signature agree`),
      };
    }
  }
}

const RSA = ["rsa-pkcs1", "rsa-pss"];

/** The algorithms of the same family (for RSA: of both paddings), those with the same hash first. */
function relatedTo(alg: JwsAlgorithm): readonly JwsAlgorithm[] {
  const { family } = ALGORITHM_TRAITS[alg];
  const families = RSA.includes(family) ? RSA : [family];
  const others = JWS_ALGORITHMS.filter(
    (name) => name !== alg && families.includes(ALGORITHM_TRAITS[name].family),
  );
  const sameHash = (name: JwsAlgorithm) => name.slice(2) === alg.slice(2);
  return [...others.filter(sameHash), ...others.filter((name) => !sameHash(name))];
}

function causeOf(alg: JwsAlgorithm, other: JwsAlgorithm): CauseId {
  if (ALGORITHM_TRAITS[alg].family === "ecdsa") return "curve_wrong";
  return ALGORITHM_TRAITS[alg].family === ALGORITHM_TRAITS[other].family
    ? "hash_mixed_up"
    : "rsa_padding_mixed_up";
}

function remedy(alg: JwsAlgorithm, other: JwsAlgorithm): string {
  return `write "alg": "${other}" into the header, or really sign with ${alg}`;
}
