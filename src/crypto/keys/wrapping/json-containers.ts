import { AppError } from "../../../core/base/errors.ts";
import { JsonObject, type JsonValue } from "../../../core/base/json/value.ts";
import type { ReadKeys } from "../../../core/jose/ports/crypto.ts";
import { webPushPair } from "../foreign/web-push-pair.ts";
import { afterRepair } from "../found.ts";
import { isJwkList, keysOfSet } from "../jwk-file.ts";
import type { KeyReader } from "../key-reader.ts";
import { malformed } from "../refusals.ts";
import { candidatesIn } from "./json-candidates.ts";
import { readCandidate } from "./json-readings.ts";
import { mergedKeys, type Part } from "./parts.ts";

/**
 * The keys in JSON that is neither a JWK nor a JWK Set: a bare list of JWKs, a map from kid to PEM, a service account, a
 * realm, a secret; the keys in it are found by what they are, wherever they stand.
 * @throws AppError `key_malformed` when no value in it is a key, or the only one is damaged; `key_unusable`
 */
export async function keysInJson(value: JsonValue, reader: KeyReader): Promise<ReadKeys> {
  if (typeof value === "string") {
    const repair = { code: "json_string", message: "the key is the text of a JSON string" };
    return afterRepair(await reader.deeper().text(value), repair);
  }
  if (Array.isArray(value) && isJwkList(value) && value.some((entry) => entry instanceof JsonObject)) {
    const repair = { code: "json_list", message: 'the keys are a bare list, where {"keys": […]} is usual' };
    return afterRepair(await keysOfSet(value, reader.purpose), repair);
  }
  const pair = value instanceof JsonObject ? pairIn(value) : undefined;
  if (pair !== undefined) return pair;
  const parts: Part[] = [];
  for (const candidate of candidatesIn(value)) {
    const part = await readCandidate(candidate, reader);
    if (part !== undefined) parts.push(part);
  }
  const found = parts.filter(({ read }) => !(read instanceof AppError));
  if (found.length === 0) throw refusalOf(value, parts);
  const places = [...new Set(found.map(({ place }) => place))];
  const shown = places.length > SHOWN ? `${places.slice(0, SHOWN).join(", ")} and others` : places.join(", ");
  return afterRepair(mergedKeys(parts), {
    code: "json_member",
    message: `the ${found.length === 1 ? "key was" : "keys were"} read from ${shown} of the JSON`,
  });
}

const SHOWN = 3;

/** A VAPID pair, whose halves prove each other; each alone could be anything. */
function pairIn(object: JsonObject): ReadKeys | undefined {
  const values = object.members.flatMap(([, value]) =>
    value instanceof JsonObject ? value.members.map(([, inner]) => inner) : [value],
  );
  return webPushPair(values.filter((value) => typeof value === "string").join(" "));
}

function refusalOf(value: JsonValue, parts: readonly Part[]): AppError {
  for (const { read, isKey } of parts) if (isKey && read instanceof AppError) return read;
  return value instanceof JsonObject ? notAKey(value) : malformed("this is a JSON array without a key in it");
}

/** Says what other JSON it is, where that is plain to see. */
function notAKey(object: JsonObject): AppError {
  if (object.has("ciphertext")) {
    return malformed("this is a JWE in its JSON form", "Give the encrypted key in the compact form");
  }
  if (object.has("jwks_uri")) {
    return malformed(
      "this is a server's metadata, not a key set",
      'Give the document its "jwks_uri" names, or the issuer with --issuer-url',
    );
  }
  if (object.has("access_token") || object.has("id_token")) {
    return malformed(
      "this is the response of a token request: tokens, not keys",
      "Look into it with: jwtctl decode @FILE",
    );
  }
  return malformed(
    'this JSON is neither a JWK (no "kty") nor a key set (no "keys"), and no value in it is a key',
    "Give the JWK, the JWK Set, or the key as PEM or DER",
  );
}
