import { AppError } from "../../base/errors.ts";
import { type JsonMember, JsonObject, type JsonValue, numberOf } from "../../base/json/value.ts";
import { formatSpan } from "../../base/time/format.ts";
import { ALGORITHM_TRAITS, type JwsAlgorithm } from "../algorithms.ts";
import { ACCESS_TOKEN_TYPE, isSameMediaType } from "../token/content.ts";
import type { Finding } from "../token/finding.ts";
import { ACCESS_TOKEN_CLAIMS } from "../verification/claim-checks.ts";
import { type GivenMembers, jqWithout, mergeMembers } from "./claims-input.ts";

/** The lifetime, in seconds, beyond which a note is given: a signed token cannot be revoked. */
const LONG_LIFETIME = 24 * 60 * 60;

/** The token to mint, as the user gave it. */
export interface MintRequest {
  /** Claims with their sources, in the order they were given. */
  readonly claims: readonly GivenMembers[];
  /** Further header parameters. */
  readonly header: readonly GivenMembers[];
  /** Undefined: `JWT`; empty: no `typ` at all. */
  readonly typ: string | undefined;
  /** Seconds from `iat` (or now) to `exp`; undefined: the default, unless an `exp` is given. */
  readonly ttl: number | undefined;
  /** Which missing claims are added. */
  readonly add: {
    readonly iat: boolean;
    readonly exp: boolean;
    readonly iss: boolean;
    readonly aud: boolean;
  };
}

/** The values of added claims. */
export interface MintDefaults {
  /** The issuer of the store whose key signs. */
  readonly iss?: string;
  readonly aud?: string;
  /** Seconds. */
  readonly ttl: number;
  /** A random id, for access tokens without one. */
  readonly jti: () => string;
}

/** The header parameters that name the signing key. */
export interface SigningKeyParameters {
  readonly alg: JwsAlgorithm;
  readonly kid: string | undefined;
}

export interface ComposedToken {
  readonly header: JsonObject;
  readonly payload: JsonObject;
  /** NumericDate, or null for a token that never expires (or whose `exp` is no number). */
  readonly exp: number | null;
  /** Notes for the user. */
  readonly notes: readonly Finding[];
}

/**
 * Composes header and claims of a new token in the conventional order: `alg, typ, kid` first; `iss, sub, aud` first and
 * `nbf, iat, exp, jti` last among the claims that were not given as JSON.
 *
 * @param now ms
 * @throws AppError `usage` when something is given twice or contradicts itself
 */
export function composeToken(
  request: MintRequest,
  defaults: MintDefaults,
  key: SigningKeyParameters,
  now: number,
): ComposedToken {
  const header = composeHeader(request, key);
  const payload = composeClaims(request, defaults, isAccessToken(header), now);
  const exp = numberOf(payload.get("exp"));
  const notes = [...lifetimeNotes(payload, now), ...profileNotes(header, payload)];
  return { header, payload, exp: exp !== undefined && Number.isFinite(exp) ? exp : null, notes };
}

function composeHeader(request: MintRequest, key: SigningKeyParameters): JsonObject {
  const given = mergeMembers([
    ...(request.typ === undefined ? [] : [{ source: "--typ", members: [["typ", request.typ] as const] }]),
    ...request.header,
  ]);
  for (const name of ["alg", "b64"]) {
    if (!given.has(name)) continue;
    throw new AppError("usage", `the header's ${name} cannot be set`, {
      hints: [
        name === "alg" ? "The key decides the algorithm; name it with --alg" : "Payloads are always encoded",
      ],
    });
  }
  const typ = given.get("typ") ?? "JWT";
  const kid = given.get("kid") ?? key.kid;
  return new JsonObject([
    ["alg", key.alg],
    ...present("typ", typ === "" ? undefined : typ),
    ...present("kid", kid),
    ...given.members.filter(([name]) => name !== "typ" && name !== "kid"),
  ]);
}

function composeClaims(
  request: MintRequest,
  defaults: MintDefaults,
  accessToken: boolean,
  now: number,
): JsonObject {
  const given = mergeMembers(request.claims);
  refuseSecondExp(request, given);
  const { add } = request;
  const absent = (name: string) => !given.has(name);
  const iat = given.get("iat") ?? (add.iat ? Math.floor(now / 1000) : undefined);
  const ttl = request.ttl ?? (add.exp && absent("exp") ? defaults.ttl : undefined);
  const added: readonly JsonMember[] = [
    ...present("iss", add.iss && absent("iss") ? defaults.iss : undefined),
    ...present("aud", add.aud && absent("aud") ? defaults.aud : undefined),
    ...present("iat", absent("iat") ? iat : undefined),
    ...present("exp", ttl === undefined ? undefined : (numberOf(iat) ?? Math.floor(now / 1000)) + ttl),
    ...present("jti", accessToken && absent("jti") ? defaults.jti() : undefined),
  ];
  return inOrder(request.claims, added);
}

/** Refuses `--ttl` together with `exp`. */
function refuseSecondExp(request: MintRequest, given: JsonObject): void {
  if (request.ttl === undefined || !given.has("exp")) return;
  const place = request.claims.find(({ members }) => members.some(([name]) => name === "exp"));
  throw new AppError("usage", `"exp" is given twice: by ${place?.source} and --ttl`, {
    // --ttl counts from iat: with an old iat the token would be expired already.
    hints: ["Give it once", ...(place?.within === undefined ? [] : [jqWithout(place, ["exp", "iat"])])],
  });
}

const FIRST = ["iss", "sub", "aud"];
const LAST = ["nbf", "iat", "exp", "jti"];

/** Puts claims of flags and defaults around those of the JSON document, which keep their order. */
function inOrder(given: readonly GivenMembers[], added: readonly JsonMember[]): JsonObject {
  const asGiven = given.filter(({ source }) => source === JSON_DOCUMENT).flatMap(({ members }) => members);
  const loose = [
    ...given.filter(({ source }) => source !== JSON_DOCUMENT).flatMap(({ members }) => members),
    ...added,
  ];
  const pick = (names: readonly string[]) =>
    names.flatMap((name) => loose.filter((member) => member[0] === name));
  const others = loose.filter(([name]) => !FIRST.includes(name) && !LAST.includes(name));
  return new JsonObject([...pick(FIRST), ...asGiven, ...others, ...pick(LAST)]);
}

/** The source of members of the JSON document. */
export const JSON_DOCUMENT = "the JSON";

function present(name: string, value: JsonValue | undefined): readonly JsonMember[] {
  return value === undefined ? [] : [[name, value]];
}

function isAccessToken(header: JsonObject): boolean {
  const typ = header.get("typ");
  return typeof typ === "string" && isSameMediaType(typ, ACCESS_TOKEN_TYPE);
}

function lifetimeNotes(payload: JsonObject, now: number): readonly Finding[] {
  if (!payload.has("exp")) {
    return [{ code: "never_expires", message: "the token never expires, and nobody can take it back" }];
  }
  const exp = numberOf(payload.get("exp"));
  if (exp === undefined || !Number.isFinite(exp))
    return [{ code: "not_a_date", message: "exp is not a number of seconds" }];
  const never = neverValidNote(payload, exp, now / 1000);
  if (never) return [never];
  const lifetime = exp - (numberOf(payload.get("iat")) ?? now / 1000);
  if (lifetime <= LONG_LIFETIME) return [];
  const span = formatSpan(lifetime * 1000);
  return [{ code: "long_lifetime", message: `the token lives for ${span}, and nobody can take it back` }];
}

/**
 * A note on a token that is never valid; not on one that has expired already, which is deliberate.
 * @param exp seconds
 */
function neverValidNote(payload: JsonObject, exp: number, now: number): Finding | undefined {
  const starts = (["nbf", "iat"] as const).filter((name) => {
    const start = numberOf(payload.get(name));
    return start !== undefined && start >= exp && (name === "nbf" || exp > now);
  });
  const [start] = starts;
  if (start === undefined) return undefined;
  return { code: "never_valid", message: `the token is never valid: exp is not after ${start}` };
}

function profileNotes(header: JsonObject, payload: JsonObject): readonly Finding[] {
  if (!isAccessToken(header)) return [];
  const missing = ["exp", ...ACCESS_TOKEN_CLAIMS].filter((name) => !payload.has(name));
  if (missing.length === 0) return [];
  const message = `an access token (RFC 9068) also has: ${missing.join(", ")}`;
  return [{ code: "profile_incomplete", message }];
}

/**
 * Refuses keys too small for their algorithm (RFC 7518 sections 3.2 and 3.3).
 * @param bits the size of an RSA modulus or an HMAC secret
 * @throws AppError `key_too_weak`
 */
export function refuseWeakKey(alg: JwsAlgorithm, bits: number | undefined): void {
  const { minimumBits, kty } = ALGORITHM_TRAITS[alg];
  if (minimumBits === undefined || bits === undefined || bits >= minimumBits) return;
  const what = kty === "oct" ? "the secret" : "the key";
  throw new AppError("key_too_weak", `${what} has ${bits} bits; ${alg} needs at least ${minimumBits}`, {
    hints: [
      kty === "oct"
        ? `Make one with: jwtctl keys generate --alg ${alg} --no-store --out secret.jwk`
        : "Make one with: jwtctl keys generate --alg RS256 --no-store --out key.pem",
      "For teaching and testing there is --allow-weak",
    ],
    data: { bits, minimum_bits: minimumBits },
  });
}
