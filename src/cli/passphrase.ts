import { AppError } from "../core/base/errors.ts";
import type { Needs } from "./command.ts";
import { asUtf8, MAX_SECRET_BYTES, withoutByteOrderMark, withoutFinalLineBreak } from "./input.ts";
import { readNamed } from "./read-named.ts";
import type { Terminal } from "./terminal.ts";

/** In characters (code points). */
const SHORT_PASSPHRASE = 12;

const PASSPHRASE_ITSELF = "A passphrase itself is given in the variable JWTCTL_PASSPHRASE, or asked for";
const INSTEAD = "--passphrase-file FILE, JWTCTL_PASSPHRASE_FILE or JWTCTL_PASSPHRASE";

/**
 * The store's passphrase: from the flag or the environment, or, when private keys are encrypted, from the prompt.
 * Undefined for a store without one.
 */
export async function passphraseForStore({
  store,
  givenPassphrase,
  terminal,
}: Needs<"store" | "givenPassphrase" | "terminal">): Promise<string | undefined> {
  if ((await (await store()).readEncryption()) === "none") return undefined;
  return (await givenPassphrase()) ?? terminal.askSecret("Passphrase of the store:", INSTEAD);
}

/**
 * What --passphrase-file or the environment says, or undefined.
 * @param file the value of the option
 * @throws AppError `file_unreadable`, `usage` for an empty one
 */
export async function givenPassphrase(
  file: string | undefined,
  { files, env }: Needs<"files" | "env">,
): Promise<string | undefined> {
  return file === undefined
    ? env.JWTCTL_PASSPHRASE || undefined
    : readPassphraseFile(file, { files }, PASSPHRASE_ITSELF);
}

/**
 * A file whose content, one final line break apart, is a passphrase.
 * @param itself how a passphrase is given otherwise, for who gave it in place of the name
 * @throws AppError `file_unreadable`, `usage`
 */
export async function readPassphraseFile(
  file: string,
  { files }: Needs<"files">,
  itself = "A passphrase itself is asked for when the option is left out",
): Promise<string> {
  const bytes = await readNamed({ files }, file, MAX_SECRET_BYTES, itself);
  const text = asUtf8(withoutFinalLineBreak(withoutByteOrderMark(bytes)), file);
  if (text === "") {
    throw new AppError("usage", `the passphrase file ${file} is empty`, {
      hints: ["Check what is written to it"],
    });
  }
  return text;
}

/**
 * Warns of a passphrase that is short enough to be guessed with a copy of what it encrypts: only the cost of each guess
 * slows that down. It is accepted all the same, for stores to teach and test with.
 */
export function warnOfShort(terminal: Terminal, passphrase: string): void {
  if ([...passphrase].length >= SHORT_PASSPHRASE) return;
  terminal.warn(
    `the passphrase has fewer than ${SHORT_PASSPHRASE} characters: whoever gets a copy of the file can find it by trying; take four or more random words`,
  );
}

/** A passphrase to encrypt with from now on: flag, environment, or asked for twice. */
export async function newPassphrase(
  what: string,
  { givenPassphrase, terminal }: Needs<"givenPassphrase" | "terminal">,
): Promise<string> {
  const passphrase = (await givenPassphrase()) ?? (await askNewPassphrase(terminal, what, INSTEAD));
  warnOfShort(terminal, passphrase);
  return passphrase;
}

/**
 * Asks for a passphrase twice.
 * @param instead the flags that answer it, for when nobody can be asked
 * @param without the flag for going without one
 */
export async function askNewPassphrase(
  terminal: Terminal,
  what: string,
  instead: string,
  without = "--no-passphrase",
): Promise<string> {
  const first = await terminal.askSecret(
    `New passphrase for ${what}:`,
    `${instead}, or go without: ${without}`,
  );
  if ((await terminal.askSecret("Repeat the passphrase:", instead)) !== first) {
    throw new AppError("usage", "the two passphrases differ; nothing was changed", {
      hints: ["Run the command again"],
    });
  }
  return first;
}
