import { AppError } from "../../base/errors.ts";
import { isCommonPassword, simplified } from "./common-passwords.ts";
import { userNameKey } from "./user.ts";

/** The minimum length, in Unicode code points after normalisation. */
export const MIN_PASSWORD_LENGTH = 15;
/** The maximum, in bytes of UTF-8. A longer password is refused, never truncated. */
export const MAX_PASSWORD_BYTES = 1024;

/** The form in which passwords are hashed (NFC), the same for every keyboard. */
export function passwordForm(text: string): string {
  return text.normalize("NFC");
}

/** Whether a password is short enough to be one; a longer one is not hashed. @param password NFC */
export function isPossiblePassword(password: string): boolean {
  return password !== "" && new TextEncoder().encode(password).length <= MAX_PASSWORD_BYTES;
}

export interface AcceptedPassword {
  /** NFC, ready to be hashed. */
  readonly password: string;
  /** Shorter than {@link MIN_PASSWORD_LENGTH}, accepted with --allow-weak-password. */
  readonly weak: boolean;
}

export interface PasswordPolicy {
  readonly userName: string;
  /** Waives the length, nothing else. */
  readonly allowWeak: boolean;
}

/**
 * Checks a new password (NIST SP 800-63B section 3.1.1): its length, that it is not the user's name, and that it is not
 * guessable. There are no rules about kinds of characters, which make passwords worse.
 *
 * @throws AppError `password_rejected`; never quotes the password
 */
export function acceptPassword(text: string, { userName, allowWeak }: PasswordPolicy): AcceptedPassword {
  const password = passwordForm(text);
  if (password === "") throw rejected("is empty");
  if (!isPossiblePassword(password)) {
    throw rejected(`is longer than ${MAX_PASSWORD_BYTES} bytes`, "Choose a shorter one: it is not cut");
  }
  if (/\p{Cc}/u.test(password)) {
    throw rejected(
      "holds a control character, such as a line break or a tab",
      "Give the password alone, on one line",
    );
  }
  if (isUserName(password, userName)) throw rejected("is the user's name", ADVICE);
  if (isGuessable(password)) {
    throw rejected("is among the first that attackers try: a common password or a simple pattern", ADVICE);
  }
  const weak = [...password].length < MIN_PASSWORD_LENGTH;
  if (weak && !allowWeak) {
    throw rejected(
      `is too short: it needs at least ${MIN_PASSWORD_LENGTH} characters`,
      ADVICE,
      "For a store to teach or test with, say --allow-weak-password",
    );
  }
  return { password, weak };
}

const ADVICE = "Take four or more random words with blanks between them, or one from a password manager";

function rejected(why: string, ...hints: readonly string[]): AppError {
  return new AppError("password_rejected", `the password ${why}`, { hints });
}

/** Whether a password is the user's name, once or repeated. */
function isUserName(password: string, userName: string): boolean {
  const name = userNameKey(userName);
  const key = userNameKey(password);
  return key === name || isRepetition(key, name) || isRepetition(simplified(key), simplified(name));
}

function isGuessable(password: string): boolean {
  const text = simplified(password) || password;
  if (isCommonPassword(text) || isPattern(text)) return true;
  // A common password with digits before or after it.
  const [, before = "", stem = "", after = ""] = /^(\d*)(.*?)(\d*)$/su.exec(text) ?? [];
  const plain = (digits: string) => digits.length <= 4 || isPattern(digits);
  if (!plain(before) || !plain(after)) return false;
  return isCommonPassword(stem) || isPattern(stem) || isCommonPassword(unitOf(stem));
}

/** Whether a password is a repetition, a sequence, or a walk on the keyboard. */
function isPattern(text: string): boolean {
  const unit = unitOf(text);
  return unit.length <= 4 && unit !== text ? true : isSequence(text) || isKeyboardWalk(text);
}

/** The shortest text whose repetition begins with this one: `abc` of `abcabcab`. */
function unitOf(text: string): string {
  for (let length = 1; length * 2 <= text.length; length++) {
    const unit = text.slice(0, length);
    if (isRepetition(text, unit)) return unit;
  }
  return text;
}

function isRepetition(text: string, unit: string): boolean {
  if (unit === "" || text.length < unit.length * 2) return false;
  return unit.repeat(Math.ceil(text.length / unit.length)).startsWith(text);
}

function isSequence(text: string): boolean {
  const points = [...text].map((character) => character.codePointAt(0) ?? 0);
  if (points.length < 3) return false;
  const steps = points.slice(1).map((point, index) => point - (points[index] ?? 0));
  // After 9 comes 0, and before 0 comes 9.
  const upward = steps.every((step) => step === 1 || step === -9);
  return upward || steps.every((step) => step === -1 || step === 9);
}

const WALKS = [
  "qwertyuiopasdfghjklzxcvbnm",
  "qwertzuiopasdfghjklyxcvbnm",
  "azertyuiopqsdfghjklmwxcvbn",
  "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
  "1q2w3e4r5t6y7u8i9o0p",
  "1234567890qwertyuiopasdfghjklzxcvbnm",
].flatMap((walk) => [walk + walk, [...(walk + walk)].reverse().join("")]);

function isKeyboardWalk(text: string): boolean {
  return text.length >= 5 && WALKS.some((walk) => walk.includes(text));
}
