import { AppError } from "../../core/base/errors.ts";
import { readJson } from "../../core/base/json/read.ts";
import { JsonObject, type JsonValue } from "../../core/base/json/value.ts";
import type { Jwk } from "../../core/jose/jwk.ts";
import type { ReadKeys } from "../../core/jose/ports/crypto.ts";
import { shapeOf } from "./jwk-shape.ts";
import { requireSound } from "./key-material.ts";
import { malformed, unusable } from "./refusals.ts";

/**
 * The keys of a JWK or a JWK Set (RFC 7517 sections 4 and 5). Keys of a set that cannot be used are left out with a
 * note, as section 5 has it; repeated member names make the whole file unreadable: two readers could see two keys.
 * @throws AppError `key_malformed`, `key_unusable`, `algorithm_unsupported`
 */
export function keysFromJson(text: string): ReadKeys {
  const value = parsed(text);
  if (!(value instanceof JsonObject)) {
    throw malformed("this is a JSON array, not a key", 'Write a key set as an object: {"keys": [...]}');
  }
  if (value.has("kty")) {
    const { jwk, notes } = checked(value);
    return { format: "jwk", keys: [jwk], notes };
  }
  const members = value.get("keys");
  if (Array.isArray(members)) return keysOfSet(members);
  throw notAKey(value);
}

function parsed(text: string): JsonValue {
  const reading = readJson(text);
  if (!reading.ok) {
    const before = text.slice(0, reading.position).split("\n");
    const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
    throw malformed(`this is not whole JSON: ${reading.reason} (${place})`, "Copy the file again, whole");
  }
  const [duplicate] = reading.duplicates;
  if (duplicate !== undefined) {
    throw malformed(
      `the member "${duplicate.slice(1)}" is there twice, and readers differ on which one counts`,
      "Remove one of the two",
    );
  }
  return reading.value;
}

function checked(object: JsonObject): { jwk: Jwk; notes: readonly string[] } {
  const shaped = shapeOf(object);
  requireSound(shaped.jwk);
  return shaped;
}

function keysOfSet(members: readonly JsonValue[]): ReadKeys {
  if (members.length === 0) throw unusable("the key set is empty");
  const keys: Jwk[] = [];
  const notes: string[] = [];
  const refusals: AppError[] = [];
  members.forEach((member, index) => {
    const name = nameOf(member, index);
    try {
      if (!(member instanceof JsonObject)) throw malformed("not a JSON object");
      const { jwk, notes: own } = checked(member);
      keys.push(jwk);
      notes.push(...own.map((note) => `${name}: ${note}`));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      refusals.push(error);
      notes.push(`${name} was left out: ${error.message}`);
    }
  });
  const [first] = refusals;
  if (keys.length > 0 || first === undefined) return { format: "jwks", keys, notes };
  if (members.length === 1) throw first;
  throw new AppError("key_unusable", `none of the ${members.length} keys in this set can be used`, {
    hints: [`Look at the first of them: ${first.message}`],
    data: { reasons: notes },
  });
}

function nameOf(member: JsonValue, index: number): string {
  const kid = member instanceof JsonObject ? member.get("kid") : undefined;
  return typeof kid === "string" ? `key ${index + 1} ("${kid}")` : `key ${index + 1}`;
}

/** Says what other JSON it is, where that is plain to see. */
function notAKey(object: JsonObject): AppError {
  if (object.has("ciphertext")) {
    return malformed("this is a JWE in its JSON form", "Give the encrypted key in the compact form");
  }
  if (object.has("jwks_uri")) {
    return malformed("this is a server's metadata, not a key set", 'Give the document its "jwks_uri" names');
  }
  const pem = object.members.find(([, value]) => typeof value === "string" && value.includes("-----BEGIN "));
  if (pem !== undefined) {
    return malformed(`this JSON holds a PEM text in "${pem[0]}"`, "Put that text into a file of its own");
  }
  return malformed('this JSON is neither a JWK (no "kty") nor a key set (no "keys")');
}
