import { AppError } from "../../base/errors.ts";
import type { JsonObject } from "../../base/json/value.ts";
import { isUnsafe } from "../../base/text/unsafe-characters.ts";

export const USER_STATUSES = ["active", "disabled"] as const;
export type UserStatus = (typeof USER_STATUSES)[number];

/** A user without the password hash, which is read separately. Times are ms. */
export interface User {
  readonly id: string;
  /** The name in NFC. */
  readonly name: string;
  readonly status: UserStatus;
  /** Whether the password was accepted with --allow-weak-password. */
  readonly weakPassword: boolean;
  /** Claims that every access token of this user carries. */
  readonly claims: JsonObject;
  readonly createdAt: number;
  readonly lastLoginAt: number | null;
}

export const MAX_USER_NAME_LENGTH = 64;

/**
 * The form in which names are unique: NFC without case and width. Both upper and lower case are applied: ß and ſ are lower case
 * and become SS and S in capitals.
 */
export function userNameKey(name: string): string {
  return formerUserNameKey(formerUserNameKey(inOneWidth(name)).toUpperCase());
}

/** Full-width and half-width letters as the ordinary ones (RFC 8265 section 3.3.2), as East Asian input methods type them. */
function inOneWidth(text: string): string {
  return text.replace(/[\uff01-\uffdc\uffe0-\uffee]+/g, (wide) => wide.normalize("NFKC"));
}

/** The form in which names were unique in earlier versions: NFC in lower case. */
export function formerUserNameKey(name: string): string {
  return name.normalize("NFC").toLowerCase().normalize("NFC");
}

/**
 * Checks a new user's name and returns it in NFC and in one width: 1 to 64 visible characters without blanks at its ends, so that nobody
 * can pass for another user.
 *
 * @throws AppError `usage`
 */
export function acceptUserName(text: string): string {
  const name = inOneWidth(text).normalize("NFC");
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
