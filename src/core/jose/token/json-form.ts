import { JsonObject, type JsonValue } from "../../base/json/value.ts";
import { stringMember } from "./content.ts";

/**
 * Whether an object has the members of a JWS or JWE in JSON serialization (RFC 7515 section 7.2, RFC 7516 section 7.2).
 */
export function isJsonForm(object: JsonObject): boolean {
  return isJweForm(object) || isJwsForm(object);
}

export function isJweForm(object: JsonObject): boolean {
  return stringMember(object, "ciphertext") !== undefined;
}

function isJwsForm(object: JsonObject): boolean {
  const signatures = object.get("signatures");
  if (isList(signatures)) return signatures.some((entry) => isSignature(entry));
  return isSignature(object) && (object.has("payload") || object.has("protected"));
}

function isSignature(value: JsonValue): boolean {
  if (!(value instanceof JsonObject)) return false;
  const header = stringMember(value, "protected") !== undefined || value.get("header") instanceof JsonObject;
  return header && stringMember(value, "signature") !== undefined;
}

export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
