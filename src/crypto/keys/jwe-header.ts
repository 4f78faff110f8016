import { decodeBase64Url } from "../../core/base/base64url.ts";
import { readJson } from "../../core/base/json/read.ts";
import { JsonObject } from "../../core/base/json/value.ts";

/** How jwtctl itself encrypts a key under a passphrase (RFC 7518 sections 4.8 and 5.3). */
export const SEALING = { alg: "PBES2-HS512+A256KW", enc: "A256GCM" } as const;

/** The ways under a passphrase that others use too. */
export const PASSPHRASE_ALGORITHMS = [SEALING.alg, "PBES2-HS384+A192KW", "PBES2-HS256+A128KW"] as const;

/** The most rounds of PBKDF2 that a JWE may ask for: the header is the attacker's, and 10^9 rounds take half an hour. */
export const MAX_P2C = 1_200_000;

/** The protected header of a compact JWE; undefined when it is not one JSON object without repeated members. */
export function jweHeader(jwe: string): JsonObject | undefined {
  const decoding = decodeBase64Url(jwe.slice(0, Math.max(0, jwe.indexOf("."))));
  if (!decoding.ok) return undefined;
  const reading = readJson(Buffer.from(decoding.bytes).toString("utf8"));
  if (!reading.ok || reading.duplicates.length > 0 || !(reading.value instanceof JsonObject))
    return undefined;
  return reading.value;
}

/**
 * Why a JWE is not to be opened with a passphrase; undefined when it may be. To be asked before anything is derived.
 * @returns as in `its key derivation asks for 1000000000 rounds, and 1200000 is the most jwtctl spends`
 */
export function headerFault(header: JsonObject, algorithms: readonly string[]): string | undefined {
  const alg = header.get("alg");
  const rounds = header.get("p2c");
  if (typeof alg !== "string" || !algorithms.includes(alg))
    return `its "alg" is not ${algorithms.join(" or ")}`;
  if (typeof rounds !== "number" || !Number.isSafeInteger(rounds) || rounds < 1) {
    return 'its "p2c" is not a count of rounds';
  }
  if (rounds > MAX_P2C)
    return `its key derivation asks for ${rounds} rounds, and ${MAX_P2C} is the most jwtctl spends`;
  if (header.has("crit") || header.has("zip"))
    return 'its header has "crit" or "zip", which no encrypted key needs';
  return undefined;
}
