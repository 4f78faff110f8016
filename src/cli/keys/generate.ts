import { generateKey } from "../../app/keys/generate-key.ts";
import { AppError } from "../../core/base/errors.ts";
import { generatedJson, generatedText } from "../../output/keys/generated-view.ts";
import type { Context } from "../context.ts";
import { options, type OldVerb as Verb } from "../old-command.ts";
import { generateKeyFiles, type KeyFilesOptions } from "./generate-files.ts";
import { FORMAT_HELP } from "./key-files.ts";
import { algorithmOption, bitsOption, keyPorts, storePassphrase, warnUnannounced } from "./shared.ts";

interface Options extends KeyFilesOptions {
  readonly activate?: boolean;
  readonly keepPrivate?: boolean;
  /** False with --no-store. */
  readonly store: boolean;
}

export const generate: Verb = {
  configure: (command) =>
    command
      .option("--alg <name>", "the signing algorithm (default: the store's setting, or ES256)")
      .option("--bits <number>", "size of an RSA key or an HMAC secret")
      .option("--activate", "sign with it at once; without this it is a standby, published ahead")
      .option("--keep-private", "with --activate: keep the private half of the key that stops signing")
      .option("--dry-run", "say what would be done, and change nothing")
      .option("--no-store", "make a key pair that belongs to no store, in files")
      .option(
        "-o, --out <file>",
        "with --no-store: FILE gets the private key, FILE.pub the public one; - prints",
      )
      .option("--format <form>", `with --no-store: ${FORMAT_HELP}`)
      .option("--force", "with --no-store: replace files that are there")
      .option(
        "--key-passphrase-file <file>",
        "with --no-store: the passphrase to encrypt the private key under",
      )
      .option("--no-passphrase", "with --no-store: do not encrypt the private key"),
  examples: [
    ["jwtctl keys generate", "one more standby, published before it signs"],
    ["jwtctl keys generate --alg RS256 --bits 3072", "a standby for another algorithm"],
    ["jwtctl keys generate --activate", "sign with a new key at once; the old one verifies only"],
    [
      "jwtctl keys generate --no-store --out service.pem",
      "service.pem (asks for a passphrase) and service.pem.pub",
    ],
    ["jwtctl keys generate --no-store --alg HS256 --no-passphrase --out -", "print an HMAC secret"],
  ],
  async run(context, invocation) {
    const chosen = options<Options>(invocation);
    checkCombination(chosen);
    await (chosen.store ? inStore(context, chosen) : generateKeyFiles(context, chosen));
  },
};

async function inStore(context: Context, chosen: Options): Promise<void> {
  const result = await generateKey(
    {
      alg: algorithmOption(chosen.alg),
      bits: bitsOption(chosen.bits),
      activate: chosen.activate ?? false,
      keepPrivate: chosen.keepPrivate ?? false,
      dryRun: chosen.dryRun ?? false,
      passphrase: storePassphrase(context),
    },
    await keyPorts(context),
  );
  context.show({
    json: () => generatedJson(result),
    text: (style) => generatedText(result, context.time(), style),
  });
  if (chosen.activate && !chosen.dryRun) warnUnannounced(context);
}

function checkCombination(chosen: Options): void {
  const misplaced = chosen.store
    ? chosen.out !== undefined ||
      chosen.format !== undefined ||
      chosen.force ||
      !chosen.passphrase ||
      chosen.keyPassphraseFile !== undefined
    : chosen.activate;
  if (chosen.keepPrivate && !chosen.activate)
    throw new AppError("usage", "--keep-private goes with --activate");
  if (!misplaced) return;
  if (!chosen.store) {
    throw new AppError(
      "usage",
      "--activate is for keys of the store, and --no-store makes one outside of it",
    );
  }
  throw new AppError(
    "usage",
    "--out, --format, --force, --no-passphrase and --key-passphrase-file go with --no-store",
    {
      hints: ["A key of the store goes into the store; write it to a file with: jwtctl keys export"],
    },
  );
}
