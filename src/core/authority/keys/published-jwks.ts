import { AppError } from "../../base/errors.ts";
import { JsonObject, type JsonValue } from "../../base/json/value.ts";
import { type Jwk, PRIVATE_JWK_MEMBERS, PUBLIC_JWK_MEMBERS } from "../../jose/jwk.ts";
import { isPublished, type KEY_STATES, type SigningKey, stateAt } from "./signing-key.ts";

/** The order in the set: the active key first, for consumers that use the first key. */
const ORDER = ["active", "standby", "retiring"] as const satisfies readonly (typeof KEY_STATES)[number][];

export interface PublishedKeys {
  /** The JWK Set (RFC 7517 section 5). The same keys in the same states always give the same set. */
  readonly jwks: JsonObject;
  /** Keys in the set. */
  readonly published: readonly SigningKey[];
  /** Symmetric keys, which belong in no public file. */
  readonly symmetric: readonly SigningKey[];
}

/**
 * The JWK Set for verifiers: the public members of standby, active and retiring keys. An imported key is in it under
 * its former kid, too, for the tokens it signed before.
 *
 * @param now ms
 * @throws AppError `store_corrupt` when a public key has a private member or lacks a public one
 */
export function publishedKeys(keys: readonly SigningKey[], now: number): PublishedKeys {
  const current = keys.filter((key) => isPublished(key, now)).sort((a, b) => compare(a, b, now));
  const published = current.filter((key) => key.publicJwk !== null);
  const entries = published.map((key) => publicJwk(key, key.kid));
  const taken = new Set(published.map((key) => key.kid));
  for (const key of published) {
    if (key.formerKid === undefined || taken.has(key.formerKid)) continue;
    taken.add(key.formerKid);
    entries.push(publicJwk(key, key.formerKid));
  }
  return {
    jwks: new JsonObject([["keys", entries]]),
    published,
    symmetric: current.filter((key) => key.publicJwk === null),
  };
}

function compare(a: SigningKey, b: SigningKey, now: number): number {
  const rank = (key: SigningKey) => (ORDER as readonly string[]).indexOf(stateAt(key, now));
  return rank(a) - rank(b) || a.createdAt - b.createdAt || (a.kid < b.kid ? -1 : 1);
}

/**
 * The public JWK of a key, with the members of an allow-list only.
 *
 * @throws AppError `key_unusable` for a symmetric key, `store_corrupt`
 */
export function publicJwk(key: SigningKey, kid = key.kid): JsonObject {
  const source = key.publicJwk;
  if (source === null) {
    throw new AppError(
      "key_unusable",
      `the key "${key.kid}" is a shared secret (oct): it has no public half`,
      { hints: ["Whoever verifies with it can sign, too; export it with --private, or use a key pair"] },
    );
  }
  const leak = PRIVATE_JWK_MEMBERS.find((member) => source[member] !== undefined);
  if (leak !== undefined) throw corrupt(key, `holds the private member "${leak}"`);
  const names = PUBLIC_JWK_MEMBERS.get(source.kty);
  if (names === undefined || names.length === 0) throw corrupt(key, "is of no public key type");
  return new JsonObject([
    ["kty", source.kty],
    ["use", "sig"],
    ["alg", key.alg],
    ["kid", kid],
    ...names.map((name): [string, JsonValue] => [name, textMember(key, source, name)]),
  ]);
}

function textMember(key: SigningKey, source: Jwk, name: string): string {
  const value = source[name];
  if (typeof value !== "string") throw corrupt(key, `has no member "${name}"`);
  return value;
}

function corrupt(key: SigningKey, how: string): AppError {
  return new AppError("store_corrupt", `the public half of the key "${key.kid}" in the store ${how}`, {
    hints: [
      "Nothing was written; restore the store from a backup, and revoke the key if the file was public",
    ],
    data: { kid: key.kid },
  });
}
