import { importKeys } from "../../app/keys/import-keys.ts";
import { IMPORT_STATES, type ImportState } from "../../app/keys/import-plan.ts";
import { AppError } from "../../core/base/errors.ts";
import { parseInstant } from "../../core/base/time/instant.ts";
import { importedJson, importedText } from "../../output/keys/imported-view.ts";
import type { Context } from "../context.ts";
import { options, type OldVerb as Verb } from "../old-command.ts";
import { readKeyFile } from "./key-files.ts";
import { algorithmOption, choiceOption, keyPorts, storePassphrase, warnUnannounced } from "./shared.ts";

interface Options {
  readonly alg?: string;
  readonly kid?: string;
  readonly all?: boolean;
  readonly as?: string;
  readonly activate?: boolean;
  readonly keepPrivate?: boolean;
  readonly until?: string;
  readonly keyPassphraseFile?: string;
  readonly forgetKid?: boolean;
  readonly allowWeak?: boolean;
  readonly dryRun?: boolean;
}

export const importVerb: Verb = {
  configure: (command) =>
    command
      .argument("<file>", "a key file (JWK, JWKS, PEM, DER, encrypted or not), @file, or - for stdin")
      .option("--as <state>", "standby (default for private keys), active, or retiring (verify only)")
      .option("--activate", "the same as --as active")
      .option("--keep-private", "with --activate: keep the private half of the key that stops signing")
      .option("--alg <name>", "the algorithm, when the file leaves it open")
      .option("--kid <kid>", "of several keys in the file, the one with this kid")
      .option("--all", "all keys of the file")
      .option("--until <time>", "for retiring keys: when they stop verifying (default: when retired by hand)")
      .option("--key-passphrase-file <file>", "where the passphrase of the key file is (default: asked for)")
      .option("--forget-kid", "do not keep the kid the file gives")
      .option("--allow-weak", "take a key that is too weak to protect anything, for tests")
      .option("--dry-run", "say what would be done, and change nothing"),
  examples: [
    ["jwtctl keys import key.pem", "a private key, as the next to sign"],
    ["jwtctl keys import key.pem --alg PS256 --activate", "sign with it at once, as PS256"],
    [
      "jwtctl keys import old-issuer.jwks --all --as retiring --until +30d",
      "go on verifying another issuer's tokens",
    ],
    ["openssl genpkey -algorithm ed25519 | jwtctl keys import -", "from a pipe"],
  ],
  async run(context, invocation) {
    const chosen = options<Options>(invocation);
    const choice = {
      alg: algorithmOption(chosen.alg),
      kid: chosen.kid,
      all: chosen.all ?? false,
      as: stateOption(chosen),
      until: untilOption(context, chosen),
      allowWeak: chosen.allowWeak ?? false,
      forgetKid: chosen.forgetKid ?? false,
      keepPrivate: keepPrivateOption(chosen),
      dryRun: chosen.dryRun ?? false,
      passphrase: storePassphrase(context),
    };
    const ports = await keyPorts(context);
    const file = await readKeyFile(
      context,
      invocation.args[0] ?? "",
      ports.keyTools,
      chosen.keyPassphraseFile,
    );
    const result = await importKeys({ ...choice, keys: file.keys }, ports);
    context.show({
      json: () => importedJson(result),
      text: (style) => importedText(result, context.time(), style),
    });
    for (const note of new Set(result.keys.flatMap(({ notes }) => notes))) context.note(note);
    if (
      !result.dryRun &&
      result.keys.some(({ outcome, key }) => outcome === "added" && key.state === "active")
    )
      warnUnannounced(context);
  },
};

function stateOption({ as, activate }: Options): ImportState | undefined {
  const state = as === undefined ? undefined : choiceOption("--as", as, IMPORT_STATES);
  if (!activate) return state;
  if (state === undefined || state === "active") return "active";
  throw new AppError("usage", `--activate and --as ${state} contradict each other`);
}

function keepPrivateOption(chosen: Options): boolean {
  if (!chosen.keepPrivate || stateOption(chosen) === "active") return chosen.keepPrivate ?? false;
  throw new AppError("usage", "--keep-private goes with --activate");
}

/** @returns ms */
function untilOption(context: Context, { until }: Options): number | undefined {
  if (until === undefined) return undefined;
  const instant = parseInstant(until, "--until", context.time());
  if (instant > context.now()) return instant;
  throw new AppError("usage", "--until lies in the past: the key would verify nothing", {
    hints: ["Give a time ahead, as in --until +30d"],
  });
}
