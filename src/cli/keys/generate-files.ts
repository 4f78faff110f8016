import { encodingFor } from "../../app/keys/key-encoding.ts";
import { makeStandaloneKey, type StandaloneKey } from "../../app/keys/standalone-key.ts";
import type { UserFiles } from "../../compose/user-files.ts";
import { AppError } from "../../core/base/errors.ts";
import { ALGORITHM_TRAITS, DEFAULT_ALGORITHM, type JwsAlgorithm } from "../../core/jose/algorithms.ts";
import type { KeyEncoding } from "../../core/jose/ports/crypto.ts";
import {
  plannedFilesJson,
  plannedFilesText,
  writtenKeyJson,
  writtenKeyText,
} from "../../output/keys/files-view.ts";
import type { Needs } from "../command.ts";
import type { Terminal } from "../terminal.ts";
import {
  contentMember,
  type FilePassphraseOptions,
  newFilePassphrase,
  PRIVATE_MODE,
  PUBLIC_MODE,
  refuseBinaryOnTerminal,
} from "./key-files.ts";

type FilePorts = Needs<"terminal" | "files">;

export interface KeyFilesOptions extends FilePassphraseOptions {
  readonly alg: JwsAlgorithm | undefined;
  readonly bits: number | undefined;
  readonly out: string | undefined;
  readonly format: KeyEncoding | undefined;
  readonly force: boolean;
  readonly dryRun: boolean;
}

/** `keys generate --no-store`: a key pair in files, without a store. */
export async function generateKeyFiles(
  chosen: KeyFilesOptions,
  { terminal, files, keyTools, givenPassphrase }: FilePorts & Needs<"keyTools" | "givenPassphrase">,
): Promise<void> {
  if (chosen.out === undefined) {
    throw new AppError("usage", "--no-store needs to know where the key goes", {
      hints: ["Give --out FILE, or --out - to print the private key"],
    });
  }
  const out = await files.outputName(chosen.out);
  const alg = chosen.alg ?? DEFAULT_ALGORITHM;
  const file = out === "-" ? undefined : out;
  const encoding = encodingFor({ named: chosen.format, file }, isSharedSecret(alg));
  if (out === "-") refuseBinaryOnTerminal(terminal, encoding);
  else await refuseTargets([out, publicName(out)], chosen.force, files);
  if (chosen.dryRun) {
    showPlan({ alg, encoding, encrypted: !chosen.noPassphrase }, out, terminal);
    return;
  }
  const key = await makeStandaloneKey(
    {
      alg,
      bits: chosen.bits,
      encoding,
      filePassphrase: () => newFilePassphrase(chosen, false, { terminal, files, givenPassphrase }),
    },
    await keyTools(),
  );
  await (out === "-"
    ? print(key, encoding, terminal)
    : write(key, encoding, out, chosen.force, { terminal, files }));
}

function showPlan(
  plan: { alg: JwsAlgorithm; encoding: KeyEncoding; encrypted: boolean },
  out: string,
  terminal: Terminal,
): void {
  const isSecret = isSharedSecret(plan.alg);
  const planned = {
    ...plan,
    kid: null,
    privateFile: out === "-" ? null : out,
    publicFile: out === "-" || isSecret ? null : publicName(out),
  };
  terminal.show({ json: () => plannedFilesJson(planned), text: (style) => plannedFilesText(planned, style) });
}

function isSharedSecret(alg: JwsAlgorithm): boolean {
  return ALGORITHM_TRAITS[alg].kty === "oct";
}

function publicName(path: string): string {
  return `${path}.pub`;
}

/** Before the user types a passphrase for nothing; writing checks again, atomically. */
async function refuseTargets(paths: readonly string[], overwrite: boolean, files: UserFiles): Promise<void> {
  for (const path of paths) {
    await files.refuseOwn(path);
    if (overwrite || !(await files.exists(path))) continue;
    throw new AppError("file_exists", `${path} exists already`, {
      hints: ["Choose another name, or replace it with --force"],
    });
  }
}

async function write(
  key: StandaloneKey,
  encoding: KeyEncoding,
  out: string,
  overwrite: boolean,
  { terminal, files }: FilePorts,
): Promise<void> {
  const { kid, alg, encrypted, privateContent, publicContent } = key;
  const replaced = await files.exists(out);
  const note = (text: string) => terminal.note(text);
  await files.write(out, privateContent, { mode: PRIVATE_MODE, overwrite, note });
  try {
    if (publicContent)
      await files.write(publicName(out), publicContent, { mode: PUBLIC_MODE, overwrite, note });
  } catch (error) {
    // Half a pair is not left behind; what was replaced on purpose is gone either way.
    if (!replaced) await files.remove(out);
    throw error;
  }
  const written = {
    kid,
    alg,
    encoding,
    encrypted,
    privateFile: out,
    publicFile: publicContent ? publicName(out) : null,
  };
  terminal.show({ json: () => writtenKeyJson(written), text: (style) => writtenKeyText(written, style) });
}

async function print(key: StandaloneKey, encoding: KeyEncoding, terminal: Terminal): Promise<void> {
  const { kid, alg, encrypted, privateContent } = key;
  if (!terminal.json) {
    terminal.stdout.write(privateContent);
    return;
  }
  const json = () => ({
    kid,
    alg,
    format: encoding,
    encrypted,
    ...contentMember(privateContent, encoding, encrypted),
  });
  terminal.show({ json, text: () => "" });
}
