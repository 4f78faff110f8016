import { publishedKeys } from "../../authority/keys/published-jwks.ts";
import { keyAt, type SigningKey } from "../../authority/keys/signing-key.ts";
import { AppError } from "../../base/errors.ts";
import { readJson } from "../../base/json/read.ts";
import { JsonObject, type JsonValue } from "../../base/json/value.ts";
import { writeJson } from "../../base/json/write.ts";
import { counted, shellWord } from "../../base/text/wording.ts";
import { PRIVATE_JWK_MEMBERS } from "../../jose/jwk.ts";
import { type Finding, fail, named, pass, warn } from "./finding.ts";

/** The JWKS file that verifiers fetch. */
export interface JwksFile {
  readonly path: string;
  /** Null when the file cannot be read, for the reason `why`. */
  readonly text: string | null;
  readonly why?: string;
}

/** Compares a published JWK Set with the keys of the store that have to be in it. @param now ms */
export function checkJwks(file: JwksFile, keys: readonly SigningKey[], now: number): Finding {
  const fix = `Write it anew: jwtctl keys jwks --out ${shellWord(file.path)}`;
  if (file.text === null) return fail("jwks", file.why ?? `${file.path} cannot be read`, fix);
  const present = keysIn(file.text);
  if (present === undefined) return fail("jwks", `${file.path} is no JWK Set`, fix);
  const leaked = present.filter((key) => PRIVATE_JWK_MEMBERS.some((member) => key.has(member)));
  if (leaked.length > 0) {
    return fail(
      "jwks",
      `${file.path} holds private members of ${named(leaked.map(kidOf))}`,
      `${fix}; and revoke those keys: whoever has read the file can sign`,
    );
  }
  const current = keys.map((key) => keyAt(key, now));
  const revoked = current.filter(({ state }) => state === "revoked").flatMap(kidsOf);
  const distrusted = present.map(kidOf).filter((kid) => revoked.includes(kid));
  if (distrusted.length > 0)
    return fail("jwks", `${file.path} publishes ${named(distrusted)}, which is revoked`, fix);
  const wanted = toPublish(current, now);
  return typeof wanted === "string" ? fail("jwks", wanted, fix) : compare(file.path, present, wanted, fix);
}

/** The JWKs to publish, or why there are none. */
function toPublish(keys: readonly SigningKey[], now: number): readonly JsonObject[] | string {
  try {
    return keysIn(writeJson(publishedKeys(keys, now).jwks)) ?? [];
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
}

function compare(
  path: string,
  present: readonly JsonObject[],
  wanted: readonly JsonObject[],
  fix: string,
): Finding {
  const find = (kid: string) => present.find((key) => kidOf(key) === kid);
  const missing = wanted.map(kidOf).filter((kid) => find(kid) === undefined);
  if (missing.length > 0) {
    return fail("jwks", `${path} lacks ${named(missing)}: verifiers refuse its tokens`, fix);
  }
  const differing = wanted.filter((key) => !sameKey(key, find(kidOf(key)))).map(kidOf);
  if (differing.length > 0) return fail("jwks", `${path} has another key under ${named(differing)}`, fix);
  const extra = present.map(kidOf).filter((kid) => wanted.every((key) => kidOf(key) !== kid));
  if (extra.length > 0) {
    return warn("jwks", `${path} also publishes ${named(extra)}, which the store does not (any more)`, fix);
  }
  return pass("jwks", `${path} has the ${counted(wanted.length, "key")} of the store`);
}

function keysIn(text: string): readonly JsonObject[] | undefined {
  const reading = readJson(text);
  const keys = reading.ok && reading.value instanceof JsonObject ? reading.value.get("keys") : undefined;
  if (!Array.isArray(keys) || !keys.every((key: JsonValue) => key instanceof JsonObject)) return undefined;
  return keys as readonly JsonObject[];
}

function kidOf(key: JsonObject): string {
  const kid = key.get("kid");
  return typeof kid === "string" ? kid : "(without kid)";
}

function kidsOf({ kid, formerKid }: SigningKey): string[] {
  return formerKid === undefined ? [kid] : [kid, formerKid];
}

/** Compares the members of the key and its use; order and further members do not matter. */
function sameKey(wanted: JsonObject, found: JsonObject | undefined): boolean {
  return wanted.members.every(([name, value]) => found?.get(name) === value);
}
