import { AppError } from "../core/base/errors.ts";
import type { Context } from "./context.ts";
import { asUtf8, MAX_SECRET_BYTES, withoutFinalLineBreak } from "./input.ts";

/** In characters (code points). */
const SHORT_PASSPHRASE = 12;

const INSTEAD = "--passphrase-file FILE, JWTCTL_PASSPHRASE_FILE or JWTCTL_PASSPHRASE";

/**
 * The store's passphrase from the flag, the environment, or, when private keys are encrypted and a person is there,
 * the prompt. Undefined for a store without one.
 */
export async function passphraseForStore(context: Context): Promise<string | undefined> {
  const store = await context.store();
  if ((await store.readEncryption()) === "none") return undefined;
  return (await givenPassphrase(context)) ?? context.askSecret("Passphrase of the store:", INSTEAD);
}

/** What flag or environment say, or undefined. @throws AppError `file_unreadable`, `usage` for an empty one */
export async function givenPassphrase(context: Context): Promise<string | undefined> {
  const { passphraseFile } = context.globals;
  if (passphraseFile !== undefined) return readPassphraseFile(context, passphraseFile);
  return context.runtime.env.JWTCTL_PASSPHRASE || undefined;
}

/** A file whose content, one final line break apart, is a passphrase. @throws AppError `file_unreadable`, `usage` */
export async function readPassphraseFile(context: Context, file: string): Promise<string> {
  const bytes = await context.runtime.files.read(file, MAX_SECRET_BYTES);
  const text = asUtf8(withoutFinalLineBreak(bytes), file);
  if (text === "") {
    throw new AppError("usage", `the passphrase file ${file} is empty`, {
      hints: ["Check what is written to it"],
    });
  }
  return text;
}

/**
 * Warns of a passphrase that is found by trying, by whoever has a copy of what is encrypted with it: nothing slows them
 * down but the cost of each guess. It is taken all the same, for stores to teach and test with.
 */
export function warnOfShort(context: Context, passphrase: string): void {
  if ([...passphrase].length >= SHORT_PASSPHRASE) return;
  context.warn(
    `the passphrase has fewer than ${SHORT_PASSPHRASE} characters: whoever gets a copy of the file can find it by trying; take four or more random words`,
  );
}

/** A passphrase to encrypt with from now on: flag, environment, or asked for twice. */
export async function newPassphrase(context: Context, what: string): Promise<string> {
  const passphrase = (await givenPassphrase(context)) ?? (await askNewPassphrase(context, what, INSTEAD));
  warnOfShort(context, passphrase);
  return passphrase;
}

/**
 * Asks for a passphrase twice.
 * @param instead the flags that answer it, for when nobody can be asked
 * @param without the flag for going without one
 */
export async function askNewPassphrase(
  context: Context,
  what: string,
  instead: string,
  without = "--no-passphrase",
): Promise<string> {
  const first = await context.askSecret(
    `New passphrase for ${what}:`,
    `${instead}, or go without: ${without}`,
  );
  if ((await context.askSecret("The same again:", instead)) !== first) {
    throw new AppError("usage", "the two passphrases differ; nothing was changed", {
      hints: ["Run the command again"],
    });
  }
  return first;
}
