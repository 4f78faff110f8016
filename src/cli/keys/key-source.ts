import { AppError } from "../../core/base/errors.ts";
import { contentKind, isPublicContent } from "../../core/base/text/given-content.ts";
import type { Needs } from "../command.ts";
import { fromEnvironment, MAX_SECRET_BYTES, readStdin } from "../input.ts";
import { readNamed } from "../read-named.ts";

export interface KeySource {
  /** How to call it in messages: the file's name, `stdin`, `env:NAME`, `the text of --key`. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const KEY_ITSELF = "A key itself is given as env:NAME, or piped in with -";

/** Reading keys from wherever they are. */
export type KeySourcePorts = Needs<"terminal" | "files" | "env">;

/**
 * The content of a key file: a path, `@path`, `-` (stdin), `env:NAME`, or a public key itself. A private key itself is not
 * taken: others on the machine can read the command line.
 *
 * @param flag the option or argument that it was given with, for messages
 * @throws AppError `usage`, `file_unreadable`, `input_too_large`
 */
export async function readKeySource(given: string, flag: string, ports: KeySourcePorts): Promise<KeySource> {
  const { terminal, files, env } = ports;
  if (given === "-") return { name: "stdin", bytes: await readStdin(terminal, "key", MAX_SECRET_BYTES) };
  if (given.startsWith("env:")) {
    return { name: given, bytes: fromEnvironment(env, given.slice(4), flag).bytes };
  }
  const kind = contentKind(given);
  if (kind === undefined) {
    const name = given.startsWith("@") ? given.slice(1) : given;
    return { name, bytes: await readNamed({ files }, name, MAX_SECRET_BYTES, KEY_ITSELF) };
  }
  if (isPublicContent(kind)) return { name: `the text of ${flag}`, bytes: new TextEncoder().encode(given) };
  throw new AppError("usage", `what ${flag} names is ${textOf(kind)}, not a file name`, {
    hints: [
      kind.endsWith("token")
        ? "Look into a token with: jwtctl decode"
        : `Write it to a file, pipe it in with -, or name the variable that holds it, as in env:PRIVATE_KEY`,
    ],
  });
}

function textOf(kind: string): string {
  return kind.startsWith("a text") ? kind : `the text of ${kind}`;
}
