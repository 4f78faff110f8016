import { AppError } from "../base/errors.ts";
import { JsonObject, type JsonValue, jsonFrom } from "../base/json/value.ts";
import { type Jwk, PRIVATE_JWK_MEMBERS } from "../jose/jwk.ts";
import type { Finding } from "../jose/token/finding.ts";
import { displayUrl } from "./remote-url.ts";

/** The members that are taken from a remote key: an allow-list of what verification needs. */
const MEMBERS = ["kty", "kid", "use", "alg", "crv", "x", "y", "n", "e", "pub", "x5t", "x5t#S256"] as const;

export interface RemoteKeys {
  readonly keys: readonly Jwk[];
  /** Faults of the set that do not prevent its use. */
  readonly warnings: readonly Finding[];
}

/**
 * Reads the public keys of a remote JWK Set (RFC 7517 section 5). Entries that are no keys are ignored, as the section
 * says; private members and symmetric keys are left out with a warning, because they are published.
 *
 * @throws AppError `network_bad_content` when it is not a JWK Set
 */
export function readRemoteJwks(value: JsonValue, at: URL): RemoteKeys {
  const list = value instanceof JsonObject ? value.get("keys") : undefined;
  if (!Array.isArray(list)) throw notAJwks(value, at);
  const keys: Jwk[] = [];
  const warnings: Finding[] = [];
  list.forEach((entry: JsonValue, index: number) => {
    const kty = entry instanceof JsonObject ? entry.get("kty") : undefined;
    if (!(entry instanceof JsonObject) || typeof kty !== "string") return;
    const key = publicMembers(entry, kty);
    if (PRIVATE_JWK_MEMBERS.some((name) => entry.has(name))) warnings.push(published(key, index, at));
    if (kty !== "oct") keys.push(key);
  });
  return { keys, warnings };
}

function publicMembers(entry: JsonObject, kty: string): Jwk {
  const key: Record<string, unknown> = { kty };
  for (const name of MEMBERS) {
    const member = entry.get(name);
    if (typeof member === "string") key[name] = member;
  }
  const uses = entry.get("key_ops");
  if (Array.isArray(uses)) key["key_ops"] = uses.filter((use) => typeof use === "string");
  const chain = entry.get("x5c");
  const onlyThere =
    !entry.has("n") && !entry.has("x") && Array.isArray(chain) && typeof chain[0] === "string";
  return { ...key, kty, ...(onlyThere ? { x5c: [chain[0]] } : {}) };
}

function published(key: Jwk, index: number, at: URL): Finding {
  const name = key.kid === undefined ? `number ${index + 1}` : `"${key.kid}"`;
  const where = displayUrl(at);
  return key.kty === "oct"
    ? {
        code: "secret_published",
        message: `${where} gives out the shared secret ${name}: anyone can sign with it, so it is not used`,
      }
    : {
        code: "private_key_published",
        message: `${where} gives out the private half of the key ${name}: anyone can sign with it; tell the issuer`,
      };
}

function notAJwks(value: JsonValue, at: URL): AppError {
  const where = displayUrl(at);
  const members = value instanceof JsonObject ? value : new JsonObject();
  if (typeof members.get("jwks_uri") === "string") {
    return new AppError("network_bad_content", `${where} is not a JWKS but the metadata of an issuer`, {
      hints: ["Give the issuer's URL with --issuer-url, or its jwks_uri with --jwks"],
    });
  }
  if (members.members.some(([, member]) => typeof member === "string" && member.includes("-----BEGIN"))) {
    return new AppError("network_bad_content", `${where} is not a JWKS but a list of certificates`, {
      hints: ["Look for the provider's JWKS address: it ends in jwks, jwk or certs, and its answer has keys"],
    });
  }
  return new AppError("network_bad_content", `${where} is not a JWKS: it has no array "keys"`, {
    hints: ["Check the URL; an issuer's metadata name it as jwks_uri"],
  });
}

/** The set for the cache: the keys of {@link readRemoteJwks} and its warnings. */
export function writeCachedJwks({ keys, warnings }: RemoteKeys): JsonValue {
  return jsonFrom({ keys, warnings });
}

/** Reads a set that {@link writeCachedJwks} wrote. @throws AppError `network_bad_content` for anything else */
export function readCachedJwks(value: JsonValue, at: URL): RemoteKeys {
  const { keys } = readRemoteJwks(value, at);
  const kept = value instanceof JsonObject ? value.get("warnings") : undefined;
  const warnings = (Array.isArray(kept) ? kept : []).flatMap((entry: JsonValue) => {
    const [code, message] =
      entry instanceof JsonObject ? [entry.get("code"), entry.get("message")] : [undefined, undefined];
    return typeof code === "string" && typeof message === "string" ? [{ code, message }] : [];
  });
  return { keys, warnings };
}
