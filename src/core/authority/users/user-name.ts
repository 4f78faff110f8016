import { AppError } from "../../base/errors.ts";
import { isUnsafe } from "../../base/text/unsafe-characters.ts";
import { MAX_USER_NAME_LENGTH } from "./user.ts";

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
