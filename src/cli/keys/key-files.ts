import { AppError } from "../../core/base/errors.ts";
import type { KeyEncoding, KeyTools, ReadKeys } from "../../core/jose/ports/crypto.ts";
import type { Context } from "../context.ts";
import { MAX_SECRET_BYTES, readStdin } from "../input.ts";
import { askNewPassphrase, givenPassphrase, readPassphraseFile, warnOfShort } from "../passphrase.ts";
import { choiceOption } from "./shared.ts";

export const KEY_ENCODINGS = ["pem", "der", "jwk"] as const satisfies readonly KeyEncoding[];

/** What --format says in the help. */
export const FORMAT_HELP =
  "pem, der or jwk (default: what FILE ends in, or pem; a shared secret is always a jwk)";

/** The value of --format. @throws AppError `usage` with the list */
export function formatOption(text: string | undefined): KeyEncoding | undefined {
  return text === undefined ? undefined : choiceOption("--format", text, KEY_ENCODINGS);
}

/** Private keys are for their owner alone; the umask can only take more away. */
export const PRIVATE_MODE = 0o600;
export const PUBLIC_MODE = 0o644;

/** What every command that writes private key files takes. */
export interface FilePassphraseOptions {
  /** False with --no-passphrase. */
  readonly passphrase: boolean;
  readonly keyPassphraseFile?: string;
}

/**
 * The passphrase for a private key file that is about to be written. The store's passphrase is another secret and
 * never used for it: what opens an exported key must not open the store.
 *
 * @param storeIsSealed the global passphrase options mean the store, and cannot mean the file
 * @returns undefined with --no-passphrase
 * @throws AppError `usage`, `input_required`
 */
export async function newFilePassphrase(
  context: Context,
  { passphrase, keyPassphraseFile }: FilePassphraseOptions,
  storeIsSealed: boolean,
): Promise<string | undefined> {
  if (!passphrase) {
    if (keyPassphraseFile !== undefined) {
      throw new AppError("usage", "--no-passphrase and --key-passphrase-file contradict each other");
    }
    return undefined;
  }
  const given =
    keyPassphraseFile !== undefined
      ? await readPassphraseFile(context, keyPassphraseFile)
      : storeIsSealed
        ? undefined
        : await givenPassphrase(context);
  const chosen = given ?? (await askNewPassphrase(context, "the key file", "--key-passphrase-file FILE"));
  warnOfShort(context, chosen);
  return chosen;
}

export interface KeyFile extends ReadKeys {
  /** How to call the input in messages. */
  readonly name: string;
}

/**
 * Reads keys from a path, `@path`, or `-` (stdin), in any form KeyTools knows. An encrypted key asks for its
 * passphrase.
 *
 * @throws AppError `file_unreadable`, `key_malformed`, `key_unusable`, `passphrase_wrong`
 */
export async function readKeyFile(
  context: Context,
  given: string,
  keyTools: KeyTools,
  keyPassphraseFile?: string,
): Promise<KeyFile> {
  const name = given === "-" ? "stdin" : given.startsWith("@") ? given.slice(1) : given;
  const { files } = context.runtime;
  const bytes =
    given === "-"
      ? await readStdin(context, "key", MAX_SECRET_BYTES)
      : await files.read(name, MAX_SECRET_BYTES);
  const passphrase = () =>
    keyPassphraseFile === undefined
      ? context.askSecret("Passphrase of the key file:", "--key-passphrase-file FILE")
      : readPassphraseFile(context, keyPassphraseFile);
  const keys = await keyTools.read(bytes, passphrase).catch((error) => {
    throw aboutFile(name, error);
  });
  for (const note of keys.notes) context.note(`left out: ${note}`);
  return { ...keys, name };
}

/** What is wrong with a key, and which file it is in: a command may have been given several. */
export function aboutFile(name: string, error: unknown): unknown {
  if (!(error instanceof AppError)) return error;
  const { code, message, hints, data } = error;
  if (code !== "key_malformed" && code !== "key_unusable") return error;
  return new AppError(code, `${name}: ${message}`, { hints, data, cause: error });
}

/**
 * A key file as a member of a JSON document: `pem` and `jwe` as text, `jwk` as an object, `der_base64`.
 *
 * @param encrypted whether the content is encrypted
 */
export function contentMember(
  content: Uint8Array,
  encoding: KeyEncoding,
  encrypted: boolean,
): Record<string, unknown> {
  if (encoding === "der") return { der_base64: Buffer.from(content).toString("base64") };
  const text = new TextDecoder().decode(content);
  if (encoding === "pem") return { pem: text };
  return encrypted ? { jwe: text.trim() } : { jwk: JSON.parse(text) };
}

/** Binary on a terminal helps nobody. @throws AppError `usage` */
export function refuseBinaryOnTerminal(context: Context, encoding: KeyEncoding | undefined): void {
  if (encoding !== "der" || context.globals.json || !context.runtime.stdout.isTerminal) return;
  throw new AppError("usage", "DER is binary and would garble the terminal", {
    hints: ["Write it to a file with --out FILE, or pipe it on"],
  });
}
