import { decodeBase64Url, encodeBase64Url } from "../../base/base64url.ts";
import { type JsonObject, numberOf } from "../../base/json/value.ts";
import { formatSpan } from "../../base/time/format.ts";
import type { TextDigest } from "../../jose/token/disclosures.ts";
import { type Check, fail, pass, quoted, skip } from "../../jose/verification/check.ts";
import type { AskedKind } from "./asked.ts";

export interface ClaimsContext {
  readonly claims: JsonObject;
  readonly alg: string | undefined;
  /** ms */
  readonly now: number;
  /** Seconds by which clocks may differ. */
  readonly leeway: number;
  readonly digest: TextDigest;
}

/** The checks of an ID token (OpenID Connect Core sections 3.1.3.7 and 3.1.3.8, 3.3.2.11) that an API does not make. */
export function checkIdToken(context: ClaimsContext, asked: AskedKind): readonly Check[] {
  return [
    checkAuthorizedParty(context.claims, asked.clientId ?? ""),
    checkNonce(context.claims, asked.nonce, context.digest),
    checkTokenHash("at_hash", asked.accessToken, "--access-token", context),
    checkTokenHash("c_hash", asked.code, "--code", context),
    checkLoginAge(context, asked.maxAge),
  ];
}

/** `azp` must be the client, and must be there beside several audiences. */
function checkAuthorizedParty(claims: JsonObject, clientId: string): Check {
  const azp = claims.get("azp");
  const aud = claims.get("aud");
  if (azp === undefined) {
    return Array.isArray(aud) && aud.length > 1
      ? fail(
          "azp",
          "client_mismatch",
          `there is no azp, and aud names ${aud.length}: which client it was issued to, nothing says`,
        )
      : skip("azp", "there is no azp, and aud names one");
  }
  return azp === clientId
    ? pass("azp", clientId)
    : fail(
        "azp",
        "client_mismatch",
        `azp is ${typeof azp === "string" ? quoted(azp) : "no text"}: the token was issued to another client than ${quoted(clientId)}`,
      );
}

/** The nonce of the request: it ties the token to the session in which it was asked for. */
export function checkNonce(
  claims: JsonObject,
  expected: string | undefined,
  digest?: TextDigest | undefined,
): Check {
  const nonce = claims.get("nonce");
  if (expected === undefined) {
    const there = nonce === undefined ? "" : "; the token has one: compare it with the one that was sent";
    return skip("nonce", `no nonce was given (--nonce)${there}`);
  }
  if (nonce === expected) return pass("nonce", expected);
  const has =
    nonce === undefined
      ? "there is no nonce"
      : `nonce is ${typeof nonce === "string" ? quoted(nonce) : "no text"}`;
  const form = digest === undefined ? undefined : formOf(nonce, digest("sha-256", expected));
  const remark =
    form === undefined
      ? ""
      : `. It is the SHA-256 hash of that, in ${form}: the request had the hash, as with Sign in with Apple; where that is meant, give it: --nonce ${String(nonce)}`;
  return fail("nonce", "nonce_mismatch", `${has}; expected ${quoted(expected)}${remark}`);
}

/** In which form a claim has a hash, whose base64url is given; undefined when it has another hash, or none. */
export function formOf(claim: unknown, hash: string | undefined): string | undefined {
  if (hash === undefined || typeof claim !== "string") return undefined;
  if (claim === hash) return "base64url";
  const plain = claim.replace(/=+$/, "");
  if (plain === hash) return "base64url with padding";
  if (plain.replaceAll("+", "-").replaceAll("/", "_") === hash) return "standard base64";
  const { bytes } = decodeBase64Url(hash);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return claim.toLowerCase() === hex ? "hexadecimal" : undefined;
}

/** The left half of a hash, by the hash of the token's own algorithm. */
function checkTokenHash(
  name: "at_hash" | "c_hash",
  value: string | undefined,
  flag: string,
  { claims, alg, digest }: ClaimsContext,
): Check {
  const what = name === "at_hash" ? "access token" : "authorization code";
  const hash = claims.get(name);
  if (value === undefined) {
    return skip(name, hash === undefined ? `there is no ${name}` : `no ${what} was given (${flag})`);
  }
  if (hash === undefined) {
    return fail(name, "claim_missing", `there is no ${name}: nothing ties the ${what} to this token`);
  }
  const algorithm = hashOf(alg);
  const whole = algorithm === undefined ? undefined : digest(algorithm, value);
  if (whole === undefined) {
    return fail(name, "claim_invalid", `which hash ${name} is made with, ${quoted(alg ?? "")} does not say`);
  }
  const { bytes } = decodeBase64Url(whole);
  const left = encodeBase64Url(bytes.subarray(0, bytes.length / 2));
  if (hash === left) return pass(name, `is the hash of the ${what} given (${algorithm})`);
  const [ofHalf, ofWhole] = [formOf(hash, left), formOf(hash, whole)];
  const part = ofHalf === undefined ? "whole hash" : "left half of the hash";
  const form = ofHalf ?? ofWhole;
  const detail =
    form === undefined
      ? `is not the hash of the ${what} given (${algorithm})`
      : `is the ${part} of the ${what} given (${algorithm}) in ${form}; its left half in base64url is defined: have the issuer write ${left}`;
  return fail(name, "token_hash_mismatch", detail);
}

/** The hash of a JWS algorithm: EdDSA hashes with SHA-512 inside, and OpenID Connect takes that. */
function hashOf(alg: string | undefined): string | undefined {
  if (alg === "EdDSA" || alg === "Ed25519") return "sha-512";
  const [, bits] = /^(?:HS|RS|PS|ES)(256|384|512)K?$/.exec(alg ?? "") ?? [];
  return bits === undefined ? undefined : `sha-${bits}`;
}

function checkLoginAge({ claims, now, leeway }: ClaimsContext, maxAge: number | undefined): Check {
  const at = numberOf(claims.get("auth_time"));
  if (maxAge === undefined) return skip("auth_time", "how old the login may be was not asked (--max-age)");
  if (at === undefined || !Number.isFinite(at)) {
    return fail("auth_time", "claim_missing", "there is no auth_time: when the user logged in, nothing says");
  }
  const age = now / 1000 - at;
  if (age < -leeway) return fail("auth_time", "claim_invalid", "the login is in the future");
  const told = `the user logged in ${formatSpan(Math.max(0, age) * 1000)} ago`;
  return age <= maxAge + leeway
    ? pass("auth_time", told)
    : fail("auth_time", "login_too_old", `${told}; at most ${formatSpan(maxAge * 1000)} are allowed`);
}

/** A client assertion names the client twice (RFC 7523 section 3): as its issuer and as its subject. */
export function checkClientAssertion({ claims }: ClaimsContext, { clientId = "" }: AskedKind): Check {
  const wrong = ["iss", "sub"].filter((name) => claims.get(name) !== clientId);
  if (wrong.length === 0) return pass("client", `iss and sub are ${quoted(clientId)}`);
  const has = wrong.map((name) => {
    const value = claims.get(name);
    return value === undefined
      ? `there is no ${name}`
      : `${name} is ${typeof value === "string" ? quoted(value) : "no text"}`;
  });
  return fail("client", "client_mismatch", `${has.join(", ")}; expected the client ${quoted(clientId)}`);
}
