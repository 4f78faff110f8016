import { AppError } from "../../core/base/errors.ts";
import type { JsonReading } from "../../core/base/json/read.ts";
import { JsonObject, type JsonValue } from "../../core/base/json/value.ts";
import { type Jwk, MAX_KEYS_OF_SET, tooManyKeys } from "../../core/jose/jwk.ts";
import type { LeftOutKey, ReadKeys } from "../../core/jose/ports/crypto.ts";
import { foundKeys } from "./found.ts";
import { type KeyPurpose, shapeOf } from "./jwk-shape.ts";
import { requireSound } from "./key-material.ts";
import type { KeyReader } from "./key-reader.ts";
import { malformed, unusable } from "./refusals.ts";

/** So many reasons are told when no key of a set can be used. */
const TOLD_REASONS = 20;

/**
 * The keys of a JWK or a JWK Set (RFC 7517 sections 4 and 5), or of other JSON that holds keys somewhere. Keys of a set
 * that cannot be used are left out with a note, as section 5 has it; repeated member names make the whole file
 * unreadable: two readers could see two keys.
 * @throws AppError `key_malformed`, `key_unusable`, `algorithm_unsupported`, `input_too_large`
 */
export async function keysFromJson(
  { value, duplicates }: Extract<JsonReading, { ok: true }>,
  reader: KeyReader,
): Promise<ReadKeys> {
  const [duplicate] = duplicates;
  if (duplicate !== undefined) {
    throw malformed(
      `the member "${duplicate.slice(1)}" is there twice, and readers differ on which one counts`,
      "Remove one of the two",
    );
  }
  if (value instanceof JsonObject) {
    if (isJwk(value)) {
      const { jwk, notes } = await soundJwk(value, reader.purpose);
      return foundKeys("jwk", [jwk], { notes });
    }
    const members = value.get("keys");
    if (Array.isArray(members) && isJwkList(members)) return keysOfSet(members, reader.purpose);
  }
  const { keysInJson } = await import("./wrapping/json-containers.ts");
  return keysInJson(value, reader);
}

/** Whether the entries are to be read as JWKs, and not as wrappings around keys. */
export function isJwkList(entries: readonly JsonValue[]): boolean {
  const objects = entries.filter((entry) => entry instanceof JsonObject);
  return objects.some(isJwk) || !objects.some((entry) => entry.members.length > 0);
}

/** Whether an object is meant as a JWK. UAA writes a PEM text as "value" into one, beside its numbers or without them. */
export function isJwk(object: JsonObject): boolean {
  return object.has("kty") && (typeof object.get("value") !== "string" || hasMaterial(object));
}

/** Tells where a text stops being JSON. */
export function brokenJson(
  text: string,
  { reason, position }: Extract<JsonReading, { ok: false }>,
): AppError {
  const before = text.slice(0, position);
  const lineStart = before.lastIndexOf("\n") + 1;
  let line = 1;
  for (let at = before.indexOf("\n"); at >= 0; at = before.indexOf("\n", at + 1)) line++;
  const place = `line ${line}, column ${position - lineStart + 1}`;
  return malformed(`this is not whole JSON: ${reason} (${place})`, "Copy the file again, whole");
}

/** One JWK, checked in form and numbers. @throws AppError `key_malformed`, `key_unusable` */
export async function soundJwk(
  object: JsonObject,
  purpose: KeyPurpose,
): Promise<{ jwk: Jwk; notes: readonly string[] }> {
  const certified = lacksMaterial(object) ? await import("./wrapping/certified-jwk.ts") : undefined;
  const shaped = certified?.fromCertificate(object, purpose) ?? shapeOf(object, purpose);
  requireSound(shaped.jwk);
  return shaped;
}

/** Whether a public key's numbers could stand in its certificate alone (RFC 7517 section 4.7). */
function lacksMaterial(object: JsonObject): boolean {
  return object.has("x5c") && !hasMaterial(object);
}

function hasMaterial(object: JsonObject): boolean {
  return ["n", "x", "pub", "k"].some((name) => typeof object.get(name) === "string");
}

/** The keys of a set, whatever the set was written as. */
export async function keysOfSet(members: readonly JsonValue[], purpose: KeyPurpose): Promise<ReadKeys> {
  if (members.length === 0) throw unusable("the key set is empty");
  if (members.length > MAX_KEYS_OF_SET) throw tooManyKeys(members.length);
  const keys: Jwk[] = [];
  const notes: string[] = [];
  const leftOut: LeftOutKey[] = [];
  let first: AppError | undefined;
  for (const [index, member] of members.entries()) {
    const kid = member instanceof JsonObject ? member.get("kid") : undefined;
    const name = typeof kid === "string" ? `key ${index + 1} ("${kid}")` : `key ${index + 1}`;
    try {
      if (!(member instanceof JsonObject)) throw malformed("not a JSON object");
      const { jwk, notes: own } = await soundJwk(member, purpose);
      keys.push(jwk);
      notes.push(...own.map((note) => `${name}: ${note}`));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      first ??= error;
      leftOut.push({ kid: typeof kid === "string" ? kid : undefined, reason: error.message });
      notes.push(`${name} was left out: ${error.message}`);
    }
  }
  if (keys.length > 0 || first === undefined) return foundKeys("jwks", keys, { notes, leftOut });
  if (members.length === 1) throw first;
  throw new AppError("key_unusable", `none of the ${members.length} keys in this set can be used`, {
    hints: [`Look at the first of them: ${first.message}`],
    data: { reasons: notes.slice(0, TOLD_REASONS) },
  });
}
