import { isUnsafe } from "../../base/text/unsafe-characters.ts";
import type { SigningKey } from "./signing-key.ts";

/** The longest kid of an imported key that is kept. */
export const MAX_KID_LENGTH = 200;

/** Whether the kid of an imported key can be kept: not empty, not too long, without unsafe characters. */
export function isUsableKid(kid: string): boolean {
  return kid !== "" && kid.length <= MAX_KID_LENGTH && !isUnsafe(kid);
}

/** The kid of a key and, for an imported key, its former kid. */
export type KidNames = Pick<SigningKey, "kid" | "formerKid">;

/** Finds a key that has the kid or former kid of a new key; undefined when both are free. */
export function keyWithSameKid(
  keys: readonly KidNames[],
  { kid, formerKid }: KidNames,
): KidNames | undefined {
  return keys.find((key) => key.formerKid === kid || (formerKid !== undefined && isNamed(key, formerKid)));
}

function isNamed(key: KidNames, kid: string): boolean {
  return key.kid === kid || key.formerKid === kid;
}
