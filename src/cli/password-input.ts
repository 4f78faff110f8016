import type { PasswordSource } from "../app/users/request-password.ts";
import { AppError } from "../core/base/errors.ts";
import type { Needs } from "./command.ts";
import type { DeclaredOptions, OptionsOf } from "./declare.ts";
import { asUtf8, withoutByteOrderMark, withoutFinalLineBreak } from "./input.ts";
import { readNamed } from "./read-named.ts";
import type { Terminal } from "./terminal.ts";

/** Far more than a password may have; what is longer is some other file. */
const MAX_BYTES = 64 * 1024;
const INSTEAD = "--password-stdin or --password-file FILE";
const PASSWORD_ITSELF =
  "A password itself is piped in: --password-stdin; without either option it is asked for";

/**
 * The ways to give a password. `--password` and `-p` are understood only to be refused: the message about an unknown
 * option would quote what follows.
 */
export const PASSWORD_OPTIONS = {
  passwordStdin: { help: "read the password from stdin", conflicts: ["passwordFile"] },
  passwordFile: { value: "file", help: "read the password from a file", completes: "file" },
  password: {
    short: "p",
    help: "",
    hidden: true,
    refused: {
      message: "a password is never taken from the command line",
      hints: [
        `Leave it out to be asked, or use ${INSTEAD}`,
        "What was typed is in the shell's history now: take another password",
      ],
    },
  },
} as const satisfies DeclaredOptions;

type PasswordOptions = OptionsOf<Pick<typeof PASSWORD_OPTIONS, "passwordStdin" | "passwordFile">>;
type PasswordPorts = Needs<"terminal" | "files">;

/** Said when there are more words than the command takes: one of them may be a password. */
export const EXCESS_HINT = `A password is never taken from the command line; leave it out to be asked, or use ${INSTEAD}`;

/** The password of a user who has one. @throws AppError `usage`, `input_required`, `file_unreadable` */
export async function existingPassword(
  options: PasswordOptions,
  userName: string,
  ports: PasswordPorts,
): Promise<string> {
  return (
    (await givenPassword(options, ports)) ?? ports.terminal.askSecret(`Password for ${userName}:`, INSTEAD)
  );
}

/** A password to be set: given once, or typed twice. What it throws: as {@link existingPassword}, or what `check` does. */
export function newPassword(
  options: PasswordOptions,
  userName: string,
  ports: PasswordPorts,
): PasswordSource {
  return async (check) => {
    const given = await givenPassword(options, ports);
    if (given !== undefined) return given;
    const first = await ports.terminal.askSecret(`New password for ${userName}:`, INSTEAD);
    check(first);
    if ((await ports.terminal.askSecret("Repeat the password:", INSTEAD)) === first) return first;
    throw new AppError("usage", "the two passwords differ; nothing was changed", {
      hints: ["Run the command again and type the same password twice"],
    });
  };
}

async function givenPassword(
  { passwordStdin, passwordFile }: PasswordOptions,
  { terminal, files }: PasswordPorts,
): Promise<string | undefined> {
  if (passwordStdin) return fromStdin(terminal);
  if (passwordFile === undefined) return undefined;
  return textOf(
    terminal,
    await readNamed({ files }, passwordFile, MAX_BYTES, PASSWORD_ITSELF),
    "--password-file",
  );
}

async function fromStdin(terminal: Terminal): Promise<string> {
  const { stdin } = terminal;
  if (stdin.isTerminal) {
    throw new AppError("usage", "--password-stdin needs a pipe or a file on stdin", {
      hints: ["Leave --password-stdin out to be asked for the password"],
    });
  }
  return textOf(terminal, await stdin.readAll(MAX_BYTES), "--password-stdin");
}

function textOf(terminal: Terminal, bytes: Uint8Array, flag: string): string {
  const text = withoutByteOrderMark(bytes);
  const kept = withoutFinalLineBreak(text);
  if (kept.length < text.length) terminal.detail("one line break at the end of the password was taken off");
  if (kept.length === 0) {
    throw new AppError("usage", `the password from ${flag} is empty`, {
      hints: ["Check what is written to it"],
    });
  }
  return asUtf8(kept, flag);
}
