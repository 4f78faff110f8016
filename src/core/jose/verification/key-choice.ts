import {
  algorithmForKey,
  intendedAlgorithm,
  isJwsAlgorithm,
  type JwsAlgorithm,
  pinnedAlgorithm,
  sameAlgorithm,
} from "../algorithms.ts";
import type { Jwk } from "../jwk.ts";
import type { LeftOutKey } from "../ports/crypto.ts";
import type { CertificateHashes } from "../token/certificate-hash.ts";
import { isAlgNone } from "../token/inspect-warnings.ts";
import { type Check, fail, oneOf, pass, quoted, skip, warn } from "./check.ts";

/** A key that may verify a token. It comes from the user, never from the token. */
export interface CandidateKey {
  readonly jwk: Jwk;
  /** Its name in reports: `key file public.pem`, `the store`. */
  readonly source: string;
  /** The size of an RSA modulus or an HMAC secret, in bits; undefined for keys of a fixed size. */
  readonly bits: number | undefined;
  /** Of the certificate that the key was taken from. */
  readonly certificate?: CertificateHashes;
  /** For keys of a store; `retired` and `revoked` keys verify nothing. */
  readonly state?: "current" | "retired" | "revoked";
}

/** A key with the algorithm it is pinned to. */
export interface PinnedKey {
  readonly candidate: CandidateKey;
  readonly alg: JwsAlgorithm;
}

export interface KeyChoice {
  readonly algorithm: Check;
  readonly key: Check;
  /** The keys to try in this order; several only with `tryAll`. */
  readonly usable: readonly PinnedKey[];
}

/** The header parameters that choose a key. */
export interface KeyParameters {
  readonly alg: unknown;
  readonly kid: string | undefined;
}

/**
 * Chooses the key by `kid` and compares `alg` with the algorithm the key is pinned to (RFC 8725 sections 3.1 and 3.2).
 * The header chooses among the trusted keys, never the algorithm.
 *
 * @param algorithms the allowed algorithms; empty: the one each key is pinned to
 * @param leftOut keys that were given and cannot be used
 */
export function chooseKey(
  { alg, kid }: KeyParameters,
  candidates: readonly CandidateKey[],
  algorithms: readonly JwsAlgorithm[],
  tryAll: boolean,
  leftOut: readonly LeftOutKey[] = [],
): KeyChoice {
  const named = byKid(tryAll ? undefined : kid, candidates, leftOut);
  const fitting = named.pool.flatMap((candidate) => pinned(candidate, alg, algorithms));
  const algorithm = checkAlgorithm(alg, named.pool, fitting, algorithms);
  if (named.problem) return { algorithm, key: named.problem, usable: [] };
  if (fitting.length > 1 && !tryAll) return { algorithm, key: ambiguous(kid, fitting), usable: [] };
  const [only] = named.pool.length === 1 ? named.pool : fitting.map(({ candidate }) => candidate);
  if (only === undefined) {
    return {
      algorithm,
      key: skip("key", `none of ${named.pool.length} keys is for this algorithm`),
      usable: [],
    };
  }
  const key = fitting.length > 1 ? pass("key", `${fitting.length} keys are tried`) : checkState(only, kid);
  return { algorithm, key, usable: fitting.filter(({ candidate }) => hasMaterial(candidate.jwk)) };
}

/** Whether the key can verify: the secret of a revoked HMAC key is destroyed, but the key is still reported. */
function hasMaterial(jwk: Jwk): boolean {
  return jwk.kty !== "oct" || jwk.k !== undefined;
}

/** Whether a key is neither retired nor revoked. */
function verifies({ state }: CandidateKey): boolean {
  return state !== "revoked" && state !== "retired";
}

function byKid(
  kid: string | undefined,
  candidates: readonly CandidateKey[],
  leftOut: readonly LeftOutKey[],
): { readonly pool: readonly CandidateKey[]; readonly problem: Check | undefined } {
  if (kid === undefined) {
    const pool = candidates.filter(verifies);
    return { pool, problem: noKeys(pool) };
  }
  const same = candidates.filter(({ jwk }) => jwk.kid === kid);
  if (same.length > 0) return { pool: same, problem: undefined };
  // Given keys without a kid (PEM files, secrets) are used for any kid.
  const nameless = candidates.filter(({ jwk, state }) => jwk.kid === undefined && state === undefined);
  if (nameless.length > 0) return { pool: nameless, problem: undefined };
  const unusable = leftOut.find((key) => key.kid === kid);
  if (unusable !== undefined) {
    const detail = `the key ${quoted(kid)} is among those given, but cannot be used: ${unusable.reason}`;
    return { pool: [], problem: fail("key", "no_matching_key", detail) };
  }
  return {
    pool: [],
    problem: noKeys(candidates) ?? fail("key", "no_matching_key", otherKids(kid, candidates)),
  };
}

function noKeys(candidates: readonly CandidateKey[]): Check | undefined {
  return candidates.length === 0
    ? fail("key", "no_matching_key", "there is no key to verify with")
    : undefined;
}

const LISTED = 3;

function otherKids(kid: string, candidates: readonly CandidateKey[]): string {
  const wanted = `the token names the key ${quoted(kid)}`;
  const kids = candidates.flatMap(({ jwk }) => (jwk.kid === undefined ? [] : [jwk.kid]));
  if (candidates.length > LISTED) return `${wanted}, which is none of the ${candidates.length} keys given`;
  return `${wanted}; given: ${kids.map(quoted).join(", ")}`;
}

function ambiguous(kid: string | undefined, fitting: readonly PinnedKey[]): Check {
  const count = fitting.length;
  const could = `${count} keys fit; --try-all tries each`;
  const refuse = (detail: string) => fail("key", "key_ambiguous", detail);
  if (kid === undefined) return refuse(`the token names no key (kid), and ${could}`);
  return fitting.some(({ candidate }) => candidate.jwk.kid === kid)
    ? refuse(`${count} keys have the kid ${quoted(kid)}; --try-all tries each`)
    : refuse(`the token names the key ${quoted(kid)}, but the keys given have no kid: ${could}`);
}

/** The check of the key that made the signature, when several were tried. @param kid the one the token names */
export function checkUsedKey({ candidate }: PinnedKey, kid: string | undefined): Check {
  return checkState(candidate, kid);
}

function checkState({ jwk, source, state }: CandidateKey, kid: string | undefined): Check {
  const name = jwk.kid === undefined ? source : `${quoted(jwk.kid)} from ${source}`;
  if (state === "revoked") {
    return fail("key", "key_revoked", `${name} has been revoked: nothing it signed is to be trusted`);
  }
  if (state === "retired") {
    return fail("key", "no_matching_key", `${name} has been retired: everything it signed has expired`);
  }
  if (!hasMaterial(jwk)) return fail("key", "no_matching_key", `${name}: its secret is not kept any more`);
  if (kid !== undefined && jwk.kid !== kid) {
    const detail = `${name}; the token names the key ${quoted(kid)}`;
    return jwk.kid === undefined ? pass("key", detail) : warn("key", detail);
  }
  return pass("key", name);
}

/** The key with its pinned algorithm when that is the token's; empty otherwise. */
function pinned(
  candidate: CandidateKey,
  alg: unknown,
  algorithms: readonly JwsAlgorithm[],
): readonly PinnedKey[] {
  const pins = pinsOf(candidate, algorithms);
  const meant = algorithmForKey(alg, candidate.jwk);
  const match = pins.find((pin) => typeof meant === "string" && sameAlgorithm(pin, meant));
  return match === undefined ? [] : [{ candidate, alg: match }];
}

function pinsOf({ jwk }: CandidateKey, algorithms: readonly JwsAlgorithm[]): readonly JwsAlgorithm[] {
  const pins =
    algorithms.length === 0 ? [pinnedAlgorithm(jwk)] : algorithms.map((named) => pinnedAlgorithm(jwk, named));
  return pins.filter((pin) => pin !== undefined);
}

function checkAlgorithm(
  alg: unknown,
  pool: readonly CandidateKey[],
  fitting: readonly PinnedKey[],
  algorithms: readonly JwsAlgorithm[],
): Check {
  const refuse = (detail: string) => fail("algorithm", "algorithm_not_allowed", detail);
  if (alg === undefined) return refuse("the header has no alg");
  if (typeof alg !== "string") return refuse("alg is not a string");
  if (isAlgNone(alg)) return refuse(`alg is ${quoted(alg)}: an unsigned token is never accepted`);
  const [fit] = fitting;
  if (fit)
    return pass(
      "algorithm",
      `${alg}, ${algorithms.length > 0 ? "as demanded" : "the only algorithm this key may use"}`,
    );
  const pins = [...new Set(pool.flatMap((candidate) => pinsOf(candidate, algorithms)))];
  if (!isJwsAlgorithm(alg)) return refuse(unknownAlgorithm(alg));
  if (pool.length === 0)
    return skip("algorithm", `the token says ${alg}; there is no key to hold that against`);
  if (pins.length === 0)
    return refuse(`the key cannot be used with ${oneOf(algorithms)}; the token says ${alg}`);
  const whose = pool.length === 1 ? "the key is pinned to" : "the keys are pinned to";
  return refuse(`the token says ${alg}, ${whose} ${pins.join(", ")}${confusion(alg, pool)}`);
}

function unknownAlgorithm(alg: string): string {
  const meant = intendedAlgorithm(alg);
  const hint = meant === undefined ? "" : `: the name is ${meant}, and names are compared letter by letter`;
  return `jwtctl does not verify the algorithm ${quoted(alg)}${hint}`;
}

/** A remark on algorithm confusion (RFC 8725 section 2.1) for an HMAC token and public keys only. */
function confusion(alg: string, pool: readonly CandidateKey[]): string {
  const asymmetric = pool.every(({ jwk }) => jwk.kty !== "oct");
  return alg.startsWith("HS") && asymmetric ? ": a public key must never serve as an HMAC secret" : "";
}
