import { JsonObject, type JsonValue } from "../base/json/value.ts";
import { type Jwk, PUBLIC_JWK_MEMBERS } from "./jwk.ts";

/**
 * The public half of a JWK that stands in a token (`cnf.jwk`, or `jwk` in the header of a proof), and nothing else of it;
 * undefined for what is no public key.
 */
export function publicJwkOf(value: JsonValue | undefined): Jwk | undefined {
  if (!(value instanceof JsonObject)) return undefined;
  const kty = value.get("kty");
  const names = typeof kty === "string" ? PUBLIC_JWK_MEMBERS.get(kty) : undefined;
  if (typeof kty !== "string" || names === undefined || names.length === 0) return undefined;
  const members: Record<string, string> = {};
  for (const name of names) {
    const member = value.get(name);
    if (typeof member !== "string") return undefined;
    members[name] = member;
  }
  const alg = value.get("alg");
  return { kty, ...members, ...(typeof alg === "string" ? { alg } : {}) };
}
