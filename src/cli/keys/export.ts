import { exportKey, type KeyExported } from "../../app/keys/export-key.ts";
import { AppError } from "../../core/base/errors.ts";
import { writtenKeyJson, writtenKeyText } from "../../output/keys/files-view.ts";
import type { Context } from "../context.ts";
import { options, type OldVerb as Verb } from "../old-command.ts";
import {
  contentMember,
  type FilePassphraseOptions,
  FORMAT_HELP,
  formatOption,
  newFilePassphrase,
  PRIVATE_MODE,
  PUBLIC_MODE,
  refuseBinaryOnTerminal,
} from "./key-files.ts";
import { keyPorts, storePassphrase } from "./shared.ts";

interface Options extends FilePassphraseOptions {
  readonly private?: boolean;
  readonly format?: string;
  readonly out?: string;
  readonly force?: boolean;
}

export const exportVerb: Verb = {
  configure: (command) =>
    command
      .argument("<kid>", "the key, by any beginning of its kid that fits only one")
      .option("--format <form>", FORMAT_HELP)
      .option("--private", "the private half, encrypted under a passphrase of its own")
      .option("--key-passphrase-file <file>", "with --private: where that passphrase is (default: asked for)")
      .option("--no-passphrase", "with --private: do not encrypt it")
      .option("-o, --out <file>", "write it there (- prints); a private key is readable by its owner only")
      .option("--force", "replace the file if it is there"),
  examples: [
    ["jwtctl keys export dW5p", "the public key as PEM, for those who verify"],
    ["jwtctl keys export dW5p --format jwk --out dW5p.pub.json", "as a JWK, in a file"],
    ["jwtctl keys export dW5p --private --out key.pem", "the private key, encrypted (asks for a passphrase)"],
    [
      "jwtctl keys export dW5p --private --no-passphrase --format der | openssl pkey -inform DER -noout -text",
      "unencrypted, into a pipe",
    ],
  ],
  async run(context, invocation) {
    const chosen = options<Options>(invocation);
    const named = formatOption(chosen.format);
    if (!chosen.private && (!chosen.passphrase || chosen.keyPassphraseFile !== undefined)) {
      throw new AppError("usage", "--no-passphrase and --key-passphrase-file go with --private", {
        hints: ["A public key is no secret and is never encrypted"],
      });
    }
    const out = chosen.out === "-" ? undefined : chosen.out;
    if (out === undefined) refuseBinaryOnTerminal(context, named);
    else await context.refuseOwnFile(out);
    const ports = await keyPorts(context);
    const storeIsSealed = (await ports.store.readEncryption()) === "passphrase";
    const result = await exportKey(
      {
        given: invocation.args[0] ?? "",
        half: chosen.private ? "private" : "public",
        encoding: { named, file: out },
        passphrase: storePassphrase(context),
        filePassphrase: () => newFilePassphrase(context, chosen, storeIsSealed),
      },
      ports,
    );
    await deliver(context, result, out, chosen.force ?? false);
  },
};

async function deliver(
  context: Context,
  result: KeyExported,
  out: string | undefined,
  overwrite: boolean,
): Promise<void> {
  const { key, half, encoding, encrypted, content } = result;
  if (out === undefined) {
    const { kid, alg } = key;
    const json = () => ({
      kid,
      alg,
      half,
      format: encoding,
      encrypted,
      ...contentMember(content, encoding, encrypted),
    });
    if (context.globals.json) context.show({ json, text: () => "" });
    else context.runtime.stdout.write(content);
    return;
  }
  const isPrivate = half === "private";
  await context.writeFile(out, content, {
    mode: isPrivate ? PRIVATE_MODE : PUBLIC_MODE,
    overwrite,
  });
  const written = {
    kid: key.kid,
    alg: key.alg,
    encoding,
    encrypted: isPrivate ? encrypted : null,
    privateFile: isPrivate ? out : null,
    publicFile: isPrivate ? null : out,
  };
  context.show({ json: () => writtenKeyJson(written), text: (style) => writtenKeyText(written, style) });
}
