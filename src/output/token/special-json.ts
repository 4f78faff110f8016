import type { JsonObject } from "../../core/base/json/value.ts";
import type { DecodedToken } from "../../core/jose/token/decoded-token.ts";
import type { Disclosed } from "../../core/jose/token/disclosures.ts";
import type { InspectedToken } from "../../core/jose/token/inspect.ts";
import { jweParts } from "../../core/jose/token/jwe-parts.ts";
import { decodeJson, jsonOf, otherwise } from "./decode-json.ts";

/** The members that `decode --json` adds for tokens with more than header, payload and signature. */
export function specialJson(shown: DecodedToken): Record<string, unknown> {
  const { token, inner, packed } = shown;
  return {
    ...(token.json ? formJson(token) : {}),
    ...(token.encrypted ? { parts: partsJson(token) } : {}),
    ...(packed === undefined ? {} : { inflated_from: packed.bytes }),
    ...(shown.disclosed ? { sd_jwt: disclosedJson(shown) } : {}),
    ...(inner ? { nested: fullJson(inner) } : {}),
  };
}

/** The document of `decode --json` for any token. */
export function fullJson(shown: DecodedToken): Record<string, unknown> {
  return { ...decodeJson(shown), ...specialJson(shown) };
}

function formJson({ json, encrypted }: InspectedToken) {
  if (json === undefined) return {};
  const signatures = json.signatures.map((entry) => ({
    header: jsonOf(entry.protected),
    ...otherwise("header", entry.protected),
    unprotected_header: orNull(entry.unprotected),
    signature: entry.signature.text,
  }));
  const recipients = json.recipients.map(({ header, encryptedKey }) => ({
    unprotected_header: orNull(header),
    encrypted_key: encryptedKey.text,
  }));
  return {
    serialization: json.name,
    unprotected_header: orNull(json.unprotected),
    ...(encrypted ? { recipients } : { signatures }),
  };
}

function orNull(object: JsonObject | undefined): JsonObject | null {
  return object ?? null;
}

function partsJson(token: InspectedToken) {
  return jweParts(token).map(({ name, bytes }, index) => ({
    name,
    bytes,
    value: token.segments[index] ?? "",
  }));
}

function disclosedJson({ disclosed, keyBinding }: DecodedToken) {
  if (disclosed === undefined) return null;
  return {
    ...disclosuresJson(disclosed),
    key_binding: keyBinding ? { sd_hash_fits: keyBinding.fits ?? null, ...fullJson(keyBinding.proof) } : null,
  };
}

/** The disclosures of an SD-JWT. */
export function disclosuresJson({ algorithm, claims, hidden, disclosures }: Disclosed) {
  return {
    hash: algorithm,
    claims,
    hidden,
    disclosures: disclosures.map(({ text, digest, content, where }) => ({
      where: where ?? null,
      name: content?.name ?? null,
      value: content?.value ?? null,
      salt: content?.salt ?? null,
      digest: digest ?? null,
      text,
    })),
  };
}
