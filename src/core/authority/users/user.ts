import { AppError } from "../../base/errors.ts";
import type { JsonObject } from "../../base/json/value.ts";
import { isUnsafe } from "../../base/text/unsafe-characters.ts";

export const USER_STATUSES = ["active", "disabled"] as const;
export type UserStatus = (typeof USER_STATUSES)[number];

/** A user as commands see one; the password hash is read apart. Times are ms. */
export interface User {
  readonly id: string;
  /** As it was given, NFC. */
  readonly name: string;
  readonly status: UserStatus;
  /** Set with --allow-weak-password. */
  readonly weakPassword: boolean;
  /** Claims that every access token of this user carries. */
  readonly claims: JsonObject;
  readonly createdAt: number;
  readonly lastLoginAt: number | null;
}

export const MAX_USER_NAME_LENGTH = 64;

/**
 * The form under which names are unique: NFC, and the same for every spelling in capital and small letters. Lower case
 * alone is not: ß and ſ are lower case, and STRASSE and SAM are how they are written in capitals.
 */
export function userNameKey(name: string): string {
  return formerUserNameKey(formerUserNameKey(name).toUpperCase());
}

/** The form under which earlier versions kept names: NFC, lower case. */
export function formerUserNameKey(name: string): string {
  return name.normalize("NFC").toLowerCase().normalize("NFC");
}

/**
 * A new user's name in the form it is kept (NFC): 1 to 64 characters, visible, without blanks at its ends, for a name
 * that cannot be seen or told from another is a way to pass for somebody else.
 *
 * @throws AppError `usage`
 */
export function acceptUserName(text: string): string {
  const name = text.normalize("NFC");
  if (name === "") throw refused("is empty");
  if (isUnsafe(name)) throw refused("holds a control character or one that cannot be seen");
  if (/^\s|\s$/u.test(name)) throw refused("begins or ends with a blank");
  if (/[^\S ]/u.test(name)) throw refused("holds a blank that looks like the ordinary one and is another");
  if ([...name].length > MAX_USER_NAME_LENGTH) {
    throw refused(`is longer than ${MAX_USER_NAME_LENGTH} characters`);
  }
  return name;
}

function refused(why: string): AppError {
  return new AppError("usage", `the user name ${why}`, {
    hints: [`Choose 1 to ${MAX_USER_NAME_LENGTH} visible characters, as in alice or alice@example.com`],
  });
}
