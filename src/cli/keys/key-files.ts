import { AppError } from "../../core/base/errors.ts";
import type { KeyEncoding, KeyTools, ReadKeys } from "../../core/jose/ports/crypto.ts";
import type { Needs } from "../command.ts";
import type { DeclaredOption } from "../declare.ts";
import { askNewPassphrase, readPassphraseFile, warnOfShort } from "../passphrase.ts";
import type { Terminal } from "../terminal.ts";
import { type KeySourcePorts, readKeySource } from "./key-source.ts";

export const KEY_ENCODINGS = ["pem", "der", "jwk"] as const satisfies readonly KeyEncoding[];

/** --format of what is written. */
export const FORMAT = {
  value: "form",
  choices: KEY_ENCODINGS,
  help: "the form of the file",
  defaultHelp: "what FILE ends in, or pem; a shared secret is always a jwk",
} as const satisfies DeclaredOption;

/** Where the passphrase of a key file is. */
export const KEY_PASSPHRASE_FILE = {
  value: "file",
  help: "where the passphrase of the key file is",
  defaultHelp: "asked for",
  completes: "file",
} as const satisfies DeclaredOption;

export const FORCE = { help: "replace the file if it is there" } as const satisfies DeclaredOption;

/** Private keys are for their owner alone; the umask can only take more away. */
export const PRIVATE_MODE = 0o600;
export const PUBLIC_MODE = 0o644;

/** What every command that writes private key files takes. */
export interface FilePassphraseOptions {
  readonly noPassphrase: boolean;
  readonly keyPassphraseFile: string | undefined;
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
  { noPassphrase, keyPassphraseFile }: FilePassphraseOptions,
  storeIsSealed: boolean,
  { terminal, files, givenPassphrase }: Needs<"terminal" | "files" | "givenPassphrase">,
): Promise<string | undefined> {
  if (noPassphrase) return undefined;
  const given =
    keyPassphraseFile !== undefined
      ? await readPassphraseFile(keyPassphraseFile, { files })
      : storeIsSealed
        ? undefined
        : await givenPassphrase();
  const chosen = given ?? (await askNewPassphrase(terminal, "the key file", "--key-passphrase-file FILE"));
  warnOfShort(terminal, chosen);
  return chosen;
}

export interface KeyFileChoice {
  /** The option or argument that names the file, for messages. */
  readonly flag: string;
  readonly keyPassphraseFile: string | undefined;
  /** `any`: keys for encryption, too. */
  readonly purpose?: "signature" | "any";
}

export interface KeyFile extends ReadKeys {
  /** How to call the input in messages. */
  readonly name: string;
}

/**
 * Reads keys from wherever {@link readKeySource} does, in any form KeyTools knows. An encrypted key asks for its
 * passphrase.
 *
 * @throws AppError `file_unreadable`, `key_malformed`, `key_unusable`, `passphrase_wrong`
 */
export async function readKeyFile(
  given: string,
  { flag, keyPassphraseFile, purpose }: KeyFileChoice,
  keyTools: KeyTools,
  ports: KeySourcePorts,
): Promise<KeyFile> {
  const { terminal, files } = ports;
  const { name, bytes } = await readKeySource(given, flag, ports);
  const passphrase = () =>
    keyPassphraseFile === undefined
      ? terminal.askSecret("Passphrase of the key file:", "--key-passphrase-file FILE")
      : readPassphraseFile(keyPassphraseFile, { files });
  const keys = await keyTools.read(bytes, passphrase, purpose).catch((error) => {
    throw aboutFile(name, error);
  });
  tellAbout(terminal, keys);
  return { ...keys, name };
}

/** Layouts that every reader takes: said only to those who want to know everything. */
const HARMLESS: ReadonlySet<string> = new Set(["line_ends"]);

/** Says what had to be undone to read a key file, and what is to be known about its keys. */
export function tellAbout(terminal: Terminal, { repairs, notes }: Pick<ReadKeys, "repairs" | "notes">): void {
  for (const { code, message } of repairs) {
    if (HARMLESS.has(code)) terminal.detail(message);
    else terminal.note(message);
  }
  for (const note of notes) terminal.note(note);
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

/** Refuses to print binary on a terminal. @throws AppError `usage` */
export function refuseBinaryOnTerminal(terminal: Terminal, encoding: KeyEncoding | undefined): void {
  if (encoding !== "der" || terminal.json || !terminal.stdout.isTerminal) return;
  throw new AppError("usage", "DER is binary and would garble the terminal", {
    hints: ["Write it to a file with --out FILE, or pipe it on"],
  });
}
