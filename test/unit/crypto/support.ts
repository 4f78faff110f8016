import { createHash, generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import { expect } from "vitest";
import { AppError, type ErrorCode } from "../../../src/core/base/errors.ts";
import type { Random } from "../../../src/core/base/ports.ts";
import {
  ALGORITHM_TRAITS,
  type JwsAlgorithm,
  SIGNING_ALGORITHMS,
} from "../../../src/core/jose/algorithms.ts";
import type { Jwk } from "../../../src/core/jose/jwk.ts";
import { runtimeSupports } from "../../../src/crypto/keys/runtime-support.ts";

/** Different bytes at every call and the same in every run. */
export function countingRandom(seed = "seed"): Random {
  let calls = 0;
  return {
    bytes(length) {
      const blocks: Buffer[] = [];
      for (let at = 0; at < length; at += 32) {
        blocks.push(createHash("sha256").update(`${seed} ${calls++}`).digest());
      }
      return Buffer.concat(blocks).subarray(0, length);
    },
  };
}

/** The algorithms this runtime has; the others are refused, which has tests of its own. */
export const SUPPORTED = SIGNING_ALGORITHMS.filter(runtimeSupports);
export const ASYMMETRIC = SUPPORTED.filter((alg) => ALGORITHM_TRAITS[alg].family !== "hmac");
export const UNSUPPORTED = SIGNING_ALGORITHMS.filter((alg) => !runtimeSupports(alg));

/** A fresh private JWK made by node:crypto alone, without the code under test. */
export function privateJwk(alg: JwsAlgorithm): Jwk {
  return alg.startsWith("HS")
    ? { kty: "oct", k: randomBytes(Number(alg.slice(2)) / 8).toString("base64url") }
    : (keyPair(alg).privateKey.export({ format: "jwk" }) as Jwk);
}

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

// RSA pairs take long to make: a few in turn are enough, and neighbouring calls still get different ones.
const rsaPairs: KeyPair[] = [];
let rsaCalls = 0;

export function keyPair(alg: JwsAlgorithm): KeyPair {
  const { kty, crv } = ALGORITHM_TRAITS[alg];
  const make = generateKeyPairSync as unknown as (type: string, options?: object) => KeyPair;
  if (kty === "EC") return make("ec", { namedCurve: crv });
  if (kty === "RSA") {
    const turn = rsaCalls++ % 3;
    const pair = rsaPairs[turn] ?? make("rsa", { modulusLength: 2048 });
    rsaPairs[turn] = pair;
    return pair;
  }
  return make(kty === "OKP" ? "ed25519" : alg.toLowerCase());
}

export function publicJwk(jwk: Jwk): Jwk {
  const { d, p, q, dp, dq, qi, priv, ...rest } = jwk;
  return rest as Jwk;
}

/** Awaits a refusal and hands it over for a closer look. */
export async function refusal(
  attempt: Promise<unknown> | (() => unknown),
  code: ErrorCode,
): Promise<AppError> {
  let result: unknown;
  try {
    result = await (typeof attempt === "function" ? attempt() : attempt);
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    const refused = error as AppError;
    expect(`${refused.code}: ${refused.message}`).toContain(`${code}: `);
    return refused;
  }
  throw new Error(`expected ${code}, got ${String(result)}`);
}

export function bytes(text: string): Uint8Array {
  return Buffer.from(text, "utf8");
}

/** PEM armour around any bytes, on one line. */
export function pemBlock(label: string, der: Uint8Array | string): string {
  return `-----BEGIN ${label}-----\n${Buffer.from(der).toString("base64")}\n-----END ${label}-----\n`;
}

/** A key without some of its members. */
export function withoutMembers(jwk: Jwk, ...names: readonly string[]): object {
  return Object.fromEntries(Object.entries(jwk).filter(([name]) => !names.includes(name)));
}
