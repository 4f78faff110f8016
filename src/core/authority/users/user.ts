import type { JsonObject } from "../../base/json/value.ts";

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
