import {
  duplicateKids,
  type KeyFinding,
  kidOf,
  memberFindings,
} from "../../core/authority/keys/public-key-file.ts";
import { AppError } from "../../core/base/errors.ts";
import { readJson } from "../../core/base/json/read.ts";
import { JsonObject, type JsonValue } from "../../core/base/json/value.ts";
import { writeJson } from "../../core/base/json/write.ts";
import { pinnedAlgorithm, weaknessOf } from "../../core/jose/algorithms.ts";
import { hasPrivateMember, type Jwk, MAX_KEYS_OF_SET, tooManyKeys } from "../../core/jose/jwk.ts";
import type { KeyTools } from "../../core/jose/ports/crypto.ts";

export interface KeyFileReview {
  /** The number of keys in the file. */
  readonly keys: number;
  readonly findings: readonly KeyFinding[];
  /** What was not reviewed, and why. */
  readonly notes: readonly string[];
}

/**
 * Reviews a file that is meant to be public: a JWK, a JWK Set, PEM or DER.
 *
 * @throws AppError `key_malformed` when it holds no keys at all, `json_malformed`, `input_too_large`
 */
export async function lintKeyFile(bytes: Uint8Array, keyTools: KeyTools): Promise<KeyFileReview> {
  const text = new TextDecoder().decode(bytes).trim();
  if (/^[{[]/.test(text)) return lintJson(text, bytes, keyTools);
  // By the armour alone, to find also a private key of a kind that JWTs do not use.
  const armour = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?)-----/g)];
  if (armour.length === 0) return lintEncoded(bytes, keyTools);
  return {
    keys: armour.length,
    findings: armour.map(([, label], index) => privateIn(index + 1, null, `PEM: ${label}`)),
    notes: [],
  };
}

async function lintJson(text: string, bytes: Uint8Array, keyTools: KeyTools): Promise<KeyFileReview> {
  const reading = readJson(text);
  if (!reading.ok) {
    throw new AppError(
      "json_malformed",
      `the file is not JSON: ${reading.reason} at character ${reading.position + 1}`,
      { hints: ["Copy or fetch the file again, whole"] },
    );
  }
  const keys = keysIn(reading.value);
  if (keys === undefined) return lintEncoded(bytes, keyTools);
  if (keys.length > MAX_KEYS_OF_SET) throw tooManyKeys(keys.length);
  const findings: KeyFinding[] = reading.duplicates.map((pointer) => ({
    code: "duplicate_member",
    key: null,
    kid: null,
    detail: `the member ${pointer} occurs twice, and readers differ on which one counts`,
  }));
  if (keys.length === 0) {
    findings.push({
      code: "no_keys",
      key: null,
      kid: null,
      detail: "the set is empty: nothing can be verified",
    });
  }
  for (const [index, key] of keys.entries()) {
    if (!(key instanceof JsonObject)) {
      findings.push({ code: "unknown_key", key: index + 1, kid: null, detail: "it is not a JSON object" });
      continue;
    }
    const members = memberFindings(key, index + 1, keys.length);
    findings.push(...members, ...(await soundnessFindings(key, index + 1, keyTools)));
  }
  for (const finding of duplicateKids(keys)) findings.push(finding);
  return {
    keys: keys.length,
    findings: findings.slice(0, MAX_FINDINGS),
    notes: [
      ...(Array.isArray(reading.value) ? ["the keys are a bare list; a key set is an object with keys"] : []),
      ...(findings.length > MAX_FINDINGS ? [`only the first ${MAX_FINDINGS} findings are listed`] : []),
    ],
  };
}

/** More findings are read by nobody. */
const MAX_FINDINGS = 1_000;

/** The JWKs of a set, a list or a single key; undefined for other JSON, in which keys may stand somewhere. */
function keysIn(value: JsonValue): readonly JsonValue[] | undefined {
  const isKey = (entry: JsonValue) => entry instanceof JsonObject && entry.has("kty");
  if (isKey(value)) return [value];
  const list = value instanceof JsonObject ? value.get("keys") : value;
  if (!Array.isArray(list)) return undefined;
  const wraps = (entry: JsonValue) => entry instanceof JsonObject && entry.members.length > 0;
  return list.some(isKey) || !list.some(wraps) ? list : undefined;
}

/** Findings about a key that cannot be used, or is too weak. */
async function soundnessFindings(
  key: JsonObject,
  position: number,
  keyTools: KeyTools,
): Promise<KeyFinding[]> {
  const about = { key: position, kid: kidOf(key) };
  try {
    const alone = new TextEncoder().encode(writeJson(key));
    const [jwk] = (await keyTools.read(alone)).keys;
    return jwk ? weakness(jwk, position, keyTools) : [];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // Repeated members have been reported already.
    if (
      error.code === "key_malformed" &&
      new Set(key.members.map(([name]) => name)).size < key.members.length
    ) {
      return [];
    }
    const use = key.get("use");
    const foreign = typeof use === "string" && use !== "sig";
    return [{ ...about, code: foreign ? "not_for_signatures" : "unknown_key", detail: error.message }];
  }
}

function weakness(jwk: Jwk, position: number, keyTools: KeyTools): KeyFinding[] {
  const alg = pinnedAlgorithm(jwk);
  const weak = alg && weaknessOf(jwk, alg, keyTools.sizeOf(jwk));
  return weak === undefined ? [] : [{ code: "weak_key", key: position, kid: jwk.kid ?? null, detail: weak }];
}

/** Reviews PEM, DER or a JWE. An encrypted file counts as private without being opened. */
async function lintEncoded(bytes: Uint8Array, keyTools: KeyTools): Promise<KeyFileReview> {
  let encrypted = false;
  const ask = async (): Promise<string> => {
    encrypted = true;
    throw new AppError("input_required", "the key is encrypted");
  };
  try {
    const { keys, notes, repairs } = await keyTools.read(bytes, ask);
    const findings = keys.flatMap((jwk, index) => [
      ...(hasPrivateMember(jwk) ? [privateIn(index + 1, jwk.kid ?? null, "it is a private key")] : []),
      ...weakness(jwk, index + 1, keyTools),
    ]);
    const undone = repairs.map(({ message }) => message);
    return { keys: keys.length, findings, notes: [...undone, ...notes] };
  } catch (error) {
    if (!encrypted) throw error;
    return { keys: 1, findings: [privateIn(1, null, "it is an encrypted private key")], notes: [] };
  }
}

function privateIn(key: number, kid: string | null, detail: string): KeyFinding {
  return { code: "private_key", key, kid, detail };
}
