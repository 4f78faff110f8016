import { createHash } from "node:crypto";
import type { NewSigningKey } from "../../src/core/authority/keys/signing-key.ts";
import type {
  NewSession,
  NewStore,
  NewUser,
  RotateRefreshToken,
  Store,
} from "../../src/core/authority/ports/store.ts";
import { DEFAULT_SETTINGS } from "../../src/core/authority/settings.ts";
import { JsonObject } from "../../src/core/base/json/value.ts";

/** When the tests' stores begin, and the units to move on from there (ms). */
export const START = Date.UTC(2025, 0, 1);
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const IDLE = 14 * DAY;
export const MAX = 90 * DAY;
export const WINDOW = 10 * SECOND;

/** What a store keeps of the refresh token with that label. */
export function hashOf(label: string): Uint8Array {
  return new Uint8Array(createHash("sha256").update(label).digest());
}

/** Stands for the successor's secret under the parent's key; the store cannot tell. */
export function sealOf(label: string): Uint8Array {
  return new Uint8Array(createHash("sha512").update(label).digest());
}

export function sampleKey(kid: string, changes: Partial<NewSigningKey> = {}): NewSigningKey {
  const jwk = { kty: "EC", crv: "P-256", x: `x-of-${kid}`, y: `y-of-${kid}` };
  return {
    kid,
    alg: "ES256",
    publicJwk: { ...jwk, kid, alg: "ES256", use: "sig" },
    privateMaterial: { form: "plain", jwk: { ...jwk, d: `d-of-${kid}` } },
    ...changes,
  };
}

/** A shared secret: it has no public half. */
export function sampleSecret(kid: string): NewSigningKey {
  return sampleKey(kid, {
    alg: "HS256",
    publicJwk: null,
    privateMaterial: { form: "plain", jwk: { kty: "oct", k: `k-of-${kid}` } },
  });
}

export function sampleStore(changes: Partial<NewStore> = {}): NewStore {
  return {
    settings: DEFAULT_SETTINGS,
    encryption: "none",
    active: sampleKey("first"),
    standby: sampleKey("second"),
    ...changes,
  };
}

export function sampleUser(name: string, changes: Partial<NewUser> = {}): NewUser {
  return {
    id: `user-${name}`,
    name,
    passwordHash: `hash-of-${name}`,
    weakPassword: false,
    claims: new JsonObject(),
    ...changes,
  };
}

/** A login of a user made by {@link sampleUser}, with the refresh token `<id>/1`. */
export function sampleSession(
  id: string,
  user: string,
  now = START,
  changes: Partial<NewSession> = {},
): NewSession {
  return {
    id,
    userId: `user-${user}`,
    passwordHash: `hash-of-${user}`,
    clientId: "jwtctl",
    tokenHash: hashOf(`${id}/1`),
    idleExpiresAt: now + IDLE,
    expiresAt: now + MAX,
    ...changes,
  };
}

/** The order to trade one refresh token for another, both by label. */
export function trade(
  from: string,
  to: string,
  changes: Partial<RotateRefreshToken> = {},
): RotateRefreshToken {
  return {
    tokenHash: hashOf(from),
    successorHash: hashOf(to),
    sealedSuccessor: sealOf(to),
    reuseWindow: WINDOW,
    idleLifetime: IDLE,
    ...changes,
  };
}

/** Fills a store: initialised, with the user "ada" and one login of hers, "login-1", whose refresh token is `login-1/1`. */
export async function fill(store: Store): Promise<Store> {
  await store.initialise(sampleStore(), START);
  await store.addUser(sampleUser("ada"), START);
  await store.createSession(sampleSession("login-1", "ada"), START);
  return store;
}

/** The one login with this id as of `now`. */
export async function sessionOf(store: Store, id: string, now: number) {
  const [session, ...others] = await store.findSessions(id, now);
  if (session === undefined || others.length > 0) throw new Error(`"${id}" names ${others.length} logins`);
  return session;
}
