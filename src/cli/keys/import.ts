import { importKeys } from "../../app/keys/import-keys.ts";
import { IMPORT_STATES, type ImportState } from "../../app/keys/import-plan.ts";
import { AppError } from "../../core/base/errors.ts";
import type { TimeContext } from "../../core/base/time/instant.ts";
import { parseInstant } from "../../core/base/time/instant.ts";
import { importedJson, importedText } from "../../output/keys/imported-view.ts";
import { defineVerb } from "../command.ts";
import { KEY_PASSPHRASE_FILE, readKeyFile } from "./key-files.ts";
import { ALGORITHM, DRY_RUN, KEEP_PRIVATE } from "./key-options.ts";
import { warnUnannounced } from "./publishing.ts";

export const importVerb = defineVerb({
  arguments: {
    file: {
      help: "a key file (JWK, JWKS, PEM, DER, encrypted or not), env:NAME, or - for stdin",
      completes: "file",
    },
  },
  options: {
    as: {
      value: "state",
      choices: IMPORT_STATES,
      help: "what it is in the store; retiring keys only verify",
      defaultHelp: "standby for private keys, retiring for public ones",
    },
    activate: { help: "the same as --as active" },
    keepPrivate: KEEP_PRIVATE,
    alg: { ...ALGORITHM, help: "the algorithm, when the file leaves it open" },
    kid: { value: "kid", help: "of several keys in the file, the one with this kid" },
    all: { help: "all keys of the file" },
    until: {
      value: "time",
      help: "for retiring keys: when they stop verifying",
      defaultHelp: "when retired by hand",
      parse: parseUntil,
    },
    keyPassphraseFile: KEY_PASSPHRASE_FILE,
    forgetKid: { help: "do not keep the kid the file gives" },
    allowWeak: { help: "take a key that is too weak to protect anything, for tests" },
    dryRun: DRY_RUN,
  },
  examples: [
    ["jwtctl keys import key.pem", "a private key, as the next to sign"],
    ["jwtctl keys import key.pem --alg PS256 --activate", "sign with it at once, as PS256"],
    [
      "jwtctl keys import old-issuer.jwks --all --as retiring --until +30d",
      "go on verifying another issuer's tokens",
    ],
    ["openssl genpkey -algorithm ed25519 | jwtctl keys import -", "from a pipe"],
  ],
  async run(
    { file: given, keyPassphraseFile, ...chosen },
    { terminal, files, env, keyPorts, passphrase, time },
  ) {
    const as = stateOption(chosen);
    const ports = await keyPorts();
    const sources = { terminal, files, env };
    const { keys } = await readKeyFile(given, { flag: "<file>", keyPassphraseFile }, ports.keyTools, sources);
    const result = await importKeys({ ...chosen, as, keys, passphrase }, ports);
    terminal.show({
      json: () => importedJson(result),
      text: (style) => importedText(result, time(), style),
    });
    for (const note of new Set(result.keys.flatMap(({ notes }) => notes))) terminal.note(note);
    const added = result.keys.filter(({ outcome }) => outcome === "added");
    if (!result.dryRun && added.some(({ key }) => key.state === "active")) warnUnannounced(terminal);
  },
});

interface StateOptions {
  readonly as: ImportState | undefined;
  readonly activate: boolean;
  readonly keepPrivate: boolean;
}

/** @throws AppError `usage` when --activate, --as and --keep-private do not go together */
function stateOption({ as, activate, keepPrivate }: StateOptions): ImportState | undefined {
  if (activate && as !== undefined && as !== "active") {
    throw new AppError("usage", `--activate and --as ${as} contradict each other`);
  }
  const state = activate ? "active" : as;
  if (keepPrivate && state !== "active") throw new AppError("usage", "--keep-private needs --activate");
  return state;
}

/** @returns ms */
function parseUntil(text: string, flag: string, time: TimeContext): number {
  const instant = parseInstant(text, flag, time);
  if (instant > time.now) return instant;
  throw new AppError("usage", `${flag} lies in the past: the key would verify nothing`, {
    hints: [`Give a time ahead, as in ${flag} +30d`],
  });
}
