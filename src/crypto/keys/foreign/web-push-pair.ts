import { createECDH } from "node:crypto";
import type { ReadKeys } from "../../../core/jose/ports/crypto.ts";
import { foundKeys } from "../found.ts";
import { soundKey } from "./sound.ts";
import { pointOf } from "./ssh-wire.ts";

/** A longer text holds more than a pair. */
const LONGEST = 2_000;

/**
 * The VAPID pair of Web Push (RFC 8292 section 3.2): a raw point of P-256 and its private number, each in base64url, in
 * whatever text they stand. Undefined unless the two belong together, which proves what they are.
 */
export function webPushPair(text: string): ReadKeys | undefined {
  if (text.length > LONGEST) return undefined;
  const words = text.match(/[\w-]+/g) ?? [];
  const points = words.filter((word) => word.length === 87 && word.startsWith("B"));
  const numbers = words.filter((word) => word.length === 43);
  const [point, number] = [points[0], numbers[0]];
  if (points.length !== 1 || numbers.length !== 1 || point === undefined || number === undefined)
    return undefined;
  const whole = Buffer.from(point, "base64url");
  try {
    const ecdh = createECDH("prime256v1");
    ecdh.setPrivateKey(Buffer.from(number, "base64url"));
    if (!ecdh.getPublicKey().equals(whole)) return undefined;
  } catch {
    return undefined;
  }
  const jwk = soundKey({ kty: "EC", crv: "P-256", ...pointOf(whole, 32), d: number });
  const repair = { code: "raw_key", message: "the key is a VAPID pair, as Web Push has it" };
  return foundKeys("raw", [jwk], { repairs: [repair] });
}
