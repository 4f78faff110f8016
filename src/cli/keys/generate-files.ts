import { encodingFor } from "../../app/keys/key-encoding.ts";
import { makeStandaloneKey, type StandaloneKey } from "../../app/keys/standalone-key.ts";
import { AppError } from "../../core/base/errors.ts";
import { ALGORITHM_TRAITS, DEFAULT_ALGORITHM, type JwsAlgorithm } from "../../core/jose/algorithms.ts";
import type { KeyEncoding } from "../../core/jose/ports/crypto.ts";
import {
  plannedFilesJson,
  plannedFilesText,
  writtenKeyJson,
  writtenKeyText,
} from "../../output/keys/files-view.ts";
import type { Context } from "../context.ts";
import {
  contentMember,
  type FilePassphraseOptions,
  formatOption,
  newFilePassphrase,
  PRIVATE_MODE,
  PUBLIC_MODE,
  refuseBinaryOnTerminal,
} from "./key-files.ts";
import { algorithmOption, bitsOption } from "./shared.ts";

export interface KeyFilesOptions extends FilePassphraseOptions {
  readonly alg?: string;
  readonly bits?: string;
  readonly out?: string;
  readonly format?: string;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

/** `keys generate --no-store`: a key pair in files, without a store. */
export async function generateKeyFiles(context: Context, chosen: KeyFilesOptions): Promise<void> {
  const { out } = chosen;
  if (out === undefined) {
    throw new AppError("usage", "--no-store needs to know where the key goes", {
      hints: ["Give --out FILE, or --out - to print the private key"],
    });
  }
  const alg = algorithmOption(chosen.alg) ?? DEFAULT_ALGORITHM;
  const file = out === "-" ? undefined : out;
  const encoding = encodingFor({ named: formatOption(chosen.format), file }, isSharedSecret(alg));
  if (out === "-") refuseBinaryOnTerminal(context, encoding);
  else await refuseTargets(context, [out, publicName(out)], chosen.force ?? false);
  if (chosen.dryRun) {
    showPlan(context, { alg, encoding, encrypted: chosen.passphrase }, out);
    return;
  }
  const key = await makeStandaloneKey(
    {
      alg,
      bits: bitsOption(chosen.bits),
      encoding,
      filePassphrase: () => newFilePassphrase(context, chosen, false),
    },
    await context.keyTools(),
  );
  await (out === "-"
    ? print(context, key, encoding)
    : write(context, key, encoding, out, chosen.force ?? false));
}

function showPlan(
  context: Context,
  plan: { alg: JwsAlgorithm; encoding: KeyEncoding; encrypted: boolean },
  out: string,
): void {
  const isSecret = isSharedSecret(plan.alg);
  const planned = {
    ...plan,
    kid: null,
    privateFile: out === "-" ? null : out,
    publicFile: out === "-" || isSecret ? null : publicName(out),
  };
  context.show({ json: () => plannedFilesJson(planned), text: (style) => plannedFilesText(planned, style) });
}

function isSharedSecret(alg: JwsAlgorithm): boolean {
  return ALGORITHM_TRAITS[alg].kty === "oct";
}

function publicName(path: string): string {
  return `${path}.pub`;
}

/** Before the user types a passphrase for nothing; writing checks again, atomically. */
async function refuseTargets(context: Context, paths: readonly string[], overwrite: boolean): Promise<void> {
  for (const path of paths) {
    await context.refuseOwnFile(path);
    if (overwrite || !(await context.runtime.files.exists(path))) continue;
    throw new AppError("file_exists", `${path} exists already`, {
      hints: ["Choose another name, or replace it with --force"],
    });
  }
}

async function write(
  context: Context,
  key: StandaloneKey,
  encoding: KeyEncoding,
  out: string,
  overwrite: boolean,
): Promise<void> {
  const { files } = context.runtime;
  const { kid, alg, encrypted, privateContent, publicContent } = key;
  const replaced = await files.exists(out);
  await context.writeFile(out, privateContent, { mode: PRIVATE_MODE, overwrite });
  try {
    if (publicContent)
      await context.writeFile(publicName(out), publicContent, { mode: PUBLIC_MODE, overwrite });
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
  context.show({ json: () => writtenKeyJson(written), text: (style) => writtenKeyText(written, style) });
}

async function print(context: Context, key: StandaloneKey, encoding: KeyEncoding): Promise<void> {
  const { kid, alg, encrypted, privateContent } = key;
  if (!context.globals.json) {
    context.runtime.stdout.write(privateContent);
    return;
  }
  const json = () => ({
    kid,
    alg,
    format: encoding,
    encrypted,
    ...contentMember(privateContent, encoding, encrypted),
  });
  context.show({ json, text: () => "" });
}
