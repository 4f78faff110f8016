import { isUnsafe } from "../../base/text/unsafe-characters.ts";
import type { SigningKey } from "./signing-key.ts";

/** No issuer needs a longer key id; a longer one would only fill headers and screens. */
export const MAX_KID_LENGTH = 200;

/** Whether a kid from elsewhere can be kept: not empty, not overlong, nothing in it that acts or hides. */
export function isUsableKid(kid: string): boolean {
  return kid !== "" && kid.length <= MAX_KID_LENGTH && !isUnsafe(kid);
}

/** What a key is called: by its own kid, and by the one it had where it came from. */
export type KidNames = Pick<SigningKey, "kid" | "formerKid">;

/** The key that has a name the new one would come in under, its former kid included; undefined when they are free. */
export function keyWithSameKid(
  keys: readonly KidNames[],
  { kid, formerKid }: KidNames,
): KidNames | undefined {
  return keys.find((key) => key.formerKid === kid || (formerKid !== undefined && isNamed(key, formerKid)));
}

function isNamed(key: KidNames, kid: string): boolean {
  return key.kid === kid || key.formerKid === kid;
}
