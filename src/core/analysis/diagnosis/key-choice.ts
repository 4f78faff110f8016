import { pinnedAlgorithm, sameAlgorithm } from "../../jose/algorithms.ts";
import { quoted } from "../../jose/verification/check.ts";
import type { CandidateKey } from "../../jose/verification/key-choice.ts";
import {
  checkFailed,
  type Explanation,
  type FailedVerification,
  fixForIssuer,
  fixForVerifier,
  signaturePassed,
  type Trial,
} from "./failed-verification.ts";
import { fitsKey, nameOf, trustedKeys } from "./trusted-keys.ts";

/** How many keys of a JWK Set are tried at most. */
const TRIED_KEYS = 100;

/** Cause: `kid` is missing or names another key, but a key of the set verifies the token. */
export function* otherKeyTrials(failure: FailedVerification): Iterable<Trial> {
  const { alg, kid, signingInput, signature } = failure;
  if (alg === undefined) return;
  for (const candidate of trustedKeys(failure).slice(0, TRIED_KEYS)) {
    const { jwk } = candidate;
    if (!fitsKey(alg, jwk)) continue;
    const base = { alg, key: jwk, signingInput, signature };
    if (kid === undefined || jwk.kid === undefined || jwk.kid === kid) {
      if (checkFailed(failure, "key", "key_ambiguous")) yield { ...base, ...ambiguity(failure, candidate) };
    } else {
      yield {
        ...base,
        cause: "key_id_wrong",
        evidence: `the token names the key ${quoted(kid)}, but it is ${nameOf(candidate)} that verifies it`,
        fix: `${fixForIssuer("write the kid of the key that signs into the header")}. ${fixForVerifier(
          "make sure that the published kids are the issuer's",
        )}`,
      };
    }
  }
}

/** Explains why this key, which verifies the token, was not chosen. */
function ambiguity({ kid, facts }: FailedVerification, candidate: CandidateKey): Explanation {
  const thumbprint = facts.thumbprints.get(candidate);
  const name =
    thumbprint === undefined ? nameOf(candidate) : `${nameOf(candidate)} (thumbprint ${thumbprint})`;
  if (kid === undefined) {
    return {
      cause: "key_id_missing",
      evidence: `the token has no kid; of the keys given, ${name} verifies it`,
      fix: `${fixForIssuer("write the key's kid into the header")}. ${fixForVerifier(
        "choose that key, or let --try-all find it",
      )}`,
    };
  }
  if (candidate.jwk.kid === undefined) {
    return {
      cause: "key_without_id",
      evidence: `the token names the key ${quoted(kid)}, the keys given have no kid, and ${name} verifies it`,
      fix: fixForVerifier("give that key alone, or the keys as a JWK Set in which each has its kid"),
    };
  }
  return {
    cause: "key_id_shared",
    evidence: `several keys have the kid ${quoted(kid)}; of these, ${name} verifies it`,
    fix: `${fixForIssuer(
      "whoever publishes the key set has to give each key a kid of its own (its RFC 7638 thumbprint, for example)",
    )}. ${fixForVerifier("until then give that key alone: --key FILE")}`,
  };
}

/** Cause: the key that verifies the token is retired or revoked. */
export function* withdrawnKeyTrials(failure: FailedVerification): Iterable<Trial> {
  const { alg, candidates, signingInput, signature } = failure;
  if (alg === undefined) return;
  for (const candidate of candidates) {
    if (!isWithdrawn(candidate) || !fitsKey(alg, candidate.jwk)) continue;
    yield { ...withdrawal(candidate), alg, key: candidate.jwk, signingInput, signature };
  }
}

/** Cause: the verification chose a retired or revoked key. */
export function explainWithdrawnKey(failure: FailedVerification): readonly Explanation[] {
  const { candidates, kid } = failure;
  if (!signaturePassed(failure) || !checkFailed(failure, "key")) return [];
  const used = candidates.find((candidate) => isWithdrawn(candidate) && candidate.jwk.kid === kid);
  return used === undefined ? [] : [withdrawal(used)];
}

function isWithdrawn({ state }: CandidateKey): boolean {
  return state === "revoked" || state === "retired";
}

function withdrawal(candidate: CandidateKey): Explanation {
  return {
    cause: "key_withdrawn",
    evidence: `the signature is of ${nameOf(candidate)}, and that key is ${candidate.state}`,
    fix:
      candidate.state === "revoked"
        ? fixForVerifier("do not accept the token: the key may be in other hands; let the user log in again")
        : fixForIssuer("sign with the active key; get a new token"),
  };
}

/** Cause: the key verifies the token with the header's `alg`, but is pinned to another, or --alg demands another. */
export function* pinTrials(failure: FailedVerification): Iterable<Trial> {
  const { alg, options, signingInput, signature } = failure;
  if (alg === undefined || !checkFailed(failure, "algorithm")) return;
  for (const candidate of trustedKeys(failure).slice(0, TRIED_KEYS)) {
    if (!fitsKey(alg, candidate.jwk)) continue;
    const demanded = options.algorithms.filter((name) => !sameAlgorithm(name, alg));
    const pinned = pinnedAlgorithm(candidate.jwk) ?? candidate.jwk.alg;
    const pin = demanded.length > 0 ? `--alg demands ${demanded.join(", ")}` : `it is pinned to ${pinned}`;
    yield {
      ...{ alg, key: candidate.jwk, signingInput, signature },
      cause: "algorithm_pin",
      evidence: `the signature is a good ${alg} signature of ${nameOf(candidate)}, but ${pin}`,
      fix: `${fixForVerifier(`if the issuer is meant to sign with ${alg}, pin exactly that: --alg ${alg}`)}. ${fixForIssuer(
        "otherwise sign with the algorithm that was agreed on",
      )}`,
    };
  }
}
