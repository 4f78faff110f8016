import type { Command } from "commander";
import { Option } from "commander";
import type { PasswordSource } from "../app/users/request-password.ts";
import { AppError } from "../core/base/errors.ts";
import type { Context } from "./context.ts";
import { asUtf8, withoutFinalLineBreak } from "./input.ts";

/** Far more than a password may have; what is longer is some other file. */
const MAX_BYTES = 64 * 1024;
const INSTEAD = "--password-stdin or --password-file FILE";

export interface PasswordOptions {
  readonly passwordStdin?: boolean;
  readonly passwordFile?: string;
  /** Refused. */
  readonly password?: string | true;
}

/**
 * The ways to give a password. That `--password` and `-p` are known only to be refused keeps what follows them out of
 * an error message, which would quote an unknown option whole.
 */
export function passwordOptions(command: Command): Command {
  return command
    .option("--password-stdin", "read the password from stdin")
    .option("--password-file <file>", "read the password from a file")
    .addOption(new Option("-p, --password [value]").hideHelp());
}

/** Said when there are more words than the command takes: one of them may be a password. */
export const EXCESS_HINT = `A password is never taken from the command line; leave it out to be asked, or use ${INSTEAD}`;

/** The password of a user who has one. @throws AppError `usage`, `input_required`, `file_unreadable` */
export async function existingPassword(
  context: Context,
  options: PasswordOptions,
  userName: string,
): Promise<string> {
  return (await givenPassword(context, options)) ?? context.askSecret(`Password for ${userName}:`, INSTEAD);
}

/** A password to be set: given once, or typed twice. What it throws: as {@link existingPassword}, or what `check` does. */
export function newPassword(context: Context, options: PasswordOptions, userName: string): PasswordSource {
  return async (check) => {
    const given = await givenPassword(context, options);
    if (given !== undefined) return given;
    const first = await context.askSecret(`New password for ${userName}:`, INSTEAD);
    check(first);
    if ((await context.askSecret("The same again:", INSTEAD)) === first) return first;
    throw new AppError("usage", "the two passwords differ; nothing was changed", {
      hints: ["Run the command again and type the same password twice"],
    });
  };
}

async function givenPassword(context: Context, options: PasswordOptions): Promise<string | undefined> {
  const { password, passwordStdin, passwordFile } = options;
  if (password !== undefined) {
    throw new AppError("usage", "a password is never taken from the command line", {
      hints: [
        `Leave it out to be asked, or use ${INSTEAD}`,
        "What was typed is in the shell's history now: take another password",
      ],
    });
  }
  if (passwordStdin && passwordFile !== undefined) {
    throw new AppError("usage", "--password-stdin and --password-file contradict each other", {
      hints: ["Give one of them"],
    });
  }
  if (passwordStdin) return fromStdin(context);
  if (passwordFile === undefined) return undefined;
  return textOf(context, await context.runtime.files.read(passwordFile, MAX_BYTES), "--password-file");
}

async function fromStdin(context: Context): Promise<string> {
  const { stdin } = context.runtime;
  if (stdin.isTerminal) {
    throw new AppError("usage", "--password-stdin needs a pipe or a file on stdin", {
      hints: ["Leave --password-stdin out to be asked for the password"],
    });
  }
  return textOf(context, await stdin.readAll(MAX_BYTES), "--password-stdin");
}

function textOf(context: Context, bytes: Uint8Array, flag: string): string {
  const kept = withoutFinalLineBreak(bytes);
  if (kept.length < bytes.length) context.detail("one line break at the end of the password was taken off");
  if (kept.length === 0) {
    throw new AppError("usage", `the password from ${flag} is empty`, {
      hints: ["Check what is written to it"],
    });
  }
  return asUtf8(kept, flag);
}
