import { JsonObject, jsonFrom } from "../../../core/base/json/value.ts";
import type { Jwk } from "../../../core/jose/jwk.ts";
import { shapeOf } from "../jwk-shape.ts";
import { requireSound } from "../key-material.ts";

/** A key from a format of its own, held to what a JWK is held to. @throws AppError `key_malformed`, `key_unusable` */
export function soundKey(members: Jwk): Jwk {
  const object = jsonFrom(members);
  const { jwk } = shapeOf(object instanceof JsonObject ? object : new JsonObject());
  requireSound(jwk);
  return jwk;
}
