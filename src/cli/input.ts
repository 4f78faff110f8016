import { AppError } from "../core/base/errors.ts";
import type { Needs } from "./command.ts";
import { readNamed } from "./read-named.ts";
import type { Terminal } from "./terminal.ts";

/** Nothing that is typed or pasted needs more; keys and secrets far less. */
export const MAX_TEXT_BYTES = 16 * 1024 * 1024;
export const MAX_SECRET_BYTES = 1024 * 1024;

/**
 * Text from wherever the user has it: as it is, `-` (stdin), `@file`, or piped stdin when nothing was given. At a
 * terminal with nothing given the user is asked. The name of a file is taken for the file, also without the `@`.
 *
 * @param what its name in questions and errors, as in "token"
 * @throws AppError `usage` when there is nothing, `file_unreadable`, `input_too_large`
 */
export async function readText(
  { terminal, files }: Needs<"terminal" | "files">,
  given: string | undefined,
  what: string,
  limit = MAX_TEXT_BYTES,
): Promise<string> {
  if (given === undefined && terminal.stdin.isTerminal)
    return terminal.askText(`The ${what}:`, `an argument, @file, or a pipe`);
  const source = given !== undefined && (await namesFile({ files }, given)) ? `@${given}` : given;
  if (source !== given)
    terminal.note(
      `the ${what} ${what.endsWith("s") ? "were" : "was"} read from the file ${given} (written @${given})`,
    );
  const bytes =
    source === undefined || source === "-"
      ? await readStdin(terminal, what, limit)
      : await readBytes({ terminal, files }, source, limit);
  const text = new TextDecoder().decode(bytes);
  if (text.trim() !== "") return text;
  throw new AppError(
    "usage",
    `no ${what} ${what.endsWith("s") ? "were" : "was"} given: ${given === undefined || given === "-" ? "stdin" : "the text"} is empty`,
    {
      hints: [
        `Give the ${what} as an argument, as @file, or through a pipe${given === undefined ? "" : " with -"}`,
      ],
    },
  );
}

/**
 * All of stdin. At a terminal, where it may not have been meant, a note says what is being read.
 *
 * @param what its name in the note, as in "token"
 * @throws AppError `input_too_large`
 */
export function readStdin(terminal: Terminal, what: string, limit: number): Promise<Uint8Array> {
  const { stdin } = terminal;
  if (stdin.isTerminal) terminal.note(`reading the ${what} from this terminal; Ctrl-D on a new line ends`);
  return stdin.readAll(limit);
}

/** Bytes named by an argument: `-`, `@file`, or the text itself. */
async function readBytes(
  { terminal, files }: Needs<"terminal" | "files">,
  given: string,
  limit: number,
): Promise<Uint8Array> {
  if (given === "-") return terminal.stdin.readAll(limit);
  if (given.startsWith("@")) return files.read(given.slice(1), limit);
  return new TextEncoder().encode(given);
}

/** What no token, JSON or header line is: a name without quotes, brackets, line breaks, and the beginning of a JWT. */
const FILE_NAME = /^(?!e[wy][A-Za-z0-9_-]{8})[^"'`{}[\]<>|$\0-\x1f]{1,255}$/;

/** Whether a text is the name of a file, given without the `@`. Nothing is asked of the disk for what a token can be. */
export async function namesFile({ files }: Needs<"files">, given: string): Promise<boolean> {
  return FILE_NAME.test(given) && given !== "-" && !given.startsWith("@") && (await files.exists(given));
}

/** What it takes to read a secret from wherever it is. */
export type SecretPorts = Needs<"terminal" | "files" | "env">;

export interface SecretInput {
  readonly bytes: Uint8Array;
  /** `literal` stood on the command line, where other users of the machine can read it. */
  readonly source: "literal" | "file" | "env" | "stdin";
  /** A final line break was taken off. */
  readonly trimmed: boolean;
}

/** The encodings a secret may be written in, by what stands before it. */
const DECODERS: readonly (readonly [mark: string, decode: (text: string, flag: string) => Uint8Array])[] = [
  ["b64:", fromBase64],
  ["hex:", fromHex],
];

/** Whether a secret given like this is read from stdin. */
export function isFromStdin(given: string | undefined): boolean {
  return given !== undefined && /^(?:b64:|hex:)?-$/.test(given);
}

/**
 * A secret from `@file`, `env:NAME`, `-` or, warned about, as it is. With `b64:` or `hex:` before any of these it is
 * decoded: `b64:@file`, `hex:env:NAME`. At a terminal `-` asks for it without an echo: what is typed into a program that
 * merely reads stdin can be seen.
 *
 * @param flag the option it was given with, for messages
 * @param raw keep the final line break of text from a file or stdin
 * @param what its name in questions and errors
 * @throws AppError `usage`, `file_unreadable`
 */
export async function readSecret(
  ports: SecretPorts,
  given: string,
  flag: string,
  raw = false,
  what = "secret",
): Promise<SecretInput> {
  const [mark, decode] = DECODERS.find(([prefix]) => given.startsWith(prefix)) ?? [];
  if (mark === undefined || decode === undefined) return readPlainSecret(ports, given, flag, { raw, what });
  const read = await readPlainSecret(ports, given.slice(mark.length), flag, { mark, what });
  // Programs that encode break long lines, and editors add a last one.
  const text = asUtf8(read.bytes, flag).replace(/\s+/g, "");
  return { ...read, bytes: decode(text, flag) };
}

async function readPlainSecret(
  { terminal, files, env }: SecretPorts,
  given: string,
  flag: string,
  { raw = false, mark = "", what }: { raw?: boolean; mark?: string; what: string },
): Promise<SecretInput> {
  if (given.startsWith("env:")) {
    const input = fromEnvironment(env, given.slice(4), flag);
    return raw ? input : { ...input, bytes: withoutByteOrderMark(input.bytes) };
  }
  if (given === "-" && terminal.stdin.isTerminal) {
    const typed = await terminal.askSecret(`The ${what}:`, `${flag} @file, ${flag} env:NAME, or a pipe`);
    return { bytes: new TextEncoder().encode(typed), source: "stdin", trimmed: false };
  }
  if (given === "-" || given.startsWith("@")) {
    const bytes =
      given === "-"
        ? await terminal.stdin.readAll(MAX_SECRET_BYTES)
        : await readNamed({ files }, given.slice(1), MAX_SECRET_BYTES, itselfWithAt(what, flag));
    const text = raw ? bytes : withoutByteOrderMark(bytes);
    const kept = raw ? bytes : withoutFinalLineBreak(text);
    const trimmed = kept.length < text.length;
    if (text.length < bytes.length) terminal.note(`a byte order mark was taken off the ${what}`);
    if (trimmed && mark === "")
      terminal.detail(`one line break at the end of the secret was taken off (--raw-secret keeps it)`);
    if (kept.length === 0) {
      throw new AppError("usage", `the ${what} from ${flag} ${mark}${given} is empty`, {
        hints: ["Check what is written there"],
      });
    }
    return { bytes: kept, source: given === "-" ? "stdin" : "file", trimmed };
  }
  if (given === "") {
    throw new AppError("usage", `the ${what} from ${flag} is empty`, {
      hints: ["Give it as env:NAME or @file; a variable in the command line may not be set"],
    });
  }
  if (mark === "") {
    terminal.warn(
      `a secret on the command line can be read by others on this machine and stays in the shell's history; ` +
        `use ${flag} @file, env:NAME or -`,
    );
  }
  return { bytes: new TextEncoder().encode(given), source: "literal", trimmed: false };
}

/** For a text that itself begins with @. */
function itselfWithAt(what: string, flag: string): string {
  return `A ${what} that itself begins with @ is given with ${flag} env:NAME, or ${flag} - to type or pipe it in`;
}

/** What a variable of the environment holds. @throws AppError `usage` when it is empty or not set */
export function fromEnvironment(env: SecretPorts["env"], name: string, flag: string): SecretInput {
  if (!/^\w+$/.test(name)) {
    throw new AppError("usage", `what follows env: in ${flag} is not the name of a variable`, {
      hints: [`Give the name alone, as in ${flag} env:NAME`],
    });
  }
  const value = env[name];
  if (value === undefined || value === "") {
    throw new AppError("usage", `the environment variable ${name} (from ${flag}) is not set or empty`, {
      hints: [`Set and export it: export ${name}=…`],
    });
  }
  return { bytes: new TextEncoder().encode(value), source: "env", trimmed: false };
}

/** A refresh token, from where {@link readSecret} takes secrets. @throws AppError `usage` when it is not UTF-8 */
export async function readRefreshToken(ports: SecretPorts, given: string, flag: string): Promise<string> {
  return asUtf8((await readSecret(ports, given, flag, false, "refresh token")).bytes, flag);
}

/** Strict UTF-8. */
export function asUtf8(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new AppError("usage", `the text from ${what} is not UTF-8`, {
      hints: ["Check that it is what you mean: binary data is no such text"],
    });
  }
}

/** Without a byte order mark in UTF-8, which Windows editors and shells write and no secret means. */
export function withoutByteOrderMark(bytes: Uint8Array): Uint8Array {
  const [first, second, third] = bytes;
  return first === 0xef && second === 0xbb && third === 0xbf ? bytes.subarray(3) : bytes;
}

/** Without one final `\n` or `\r\n`, which editors and `echo` add and no secret means. */
export function withoutFinalLineBreak(bytes: Uint8Array): Uint8Array {
  if (bytes[bytes.length - 1] !== 0x0a) return bytes;
  return bytes.subarray(0, bytes.length - (bytes[bytes.length - 2] === 0x0d ? 2 : 1));
}

/** As people write bytes: with `0x` before them or before each, and with colons, commas or hyphens between them. */
function fromHex(given: string, flag: string): Uint8Array {
  const text = given.replace(/^hex:/i, "").replace(/0x|\\x|[:,;-]/gi, "");
  if (text === "" || text.length % 2 !== 0 || !/^[0-9a-fA-F]+$/.test(text)) {
    throw new AppError("usage", `what ${flag} names with hex: is not hexadecimal`, {
      hints: ["Give an even number of the digits 0-9 and a-f; 0x, colons and blanks may stand there too"],
    });
  }
  return Buffer.from(text, "hex");
}

/** Strict base64 in either alphabet; Laravel and others write `base64:` before it. */
function fromBase64(given: string, flag: string): Uint8Array {
  const text = given.replace(/^(?:base64|b64):/i, "");
  const bytes = Buffer.from(text, "base64");
  const canonical = text.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
  if (text === "" || bytes.toString("base64").replace(/=+$/, "") !== canonical) {
    throw new AppError("usage", `what ${flag} names with b64: is not base64 or base64url`, {
      hints: ["Give it whole, as the letters, digits, and - _ or + / of base64"],
    });
  }
  return bytes;
}
