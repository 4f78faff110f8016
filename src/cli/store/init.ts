import { checkSettings, parseSetting } from "../../app/config/parse-setting.ts";
import { initialise } from "../../app/store/initialise.ts";
import { DEFAULT_SETTINGS } from "../../core/authority/settings.ts";
import { AppError } from "../../core/base/errors.ts";
import { initJson, initText } from "../../output/init-view.ts";
import { options, type Verb } from "../command.ts";
import { newPassphrase } from "../passphrase.ts";

interface Options {
  readonly issuer?: string;
  readonly audience?: string;
  readonly alg?: string;
  /** False with --no-passphrase. */
  readonly passphrase: boolean;
}

export const init: Verb = {
  configure: (command) =>
    command
      .option("--issuer <uri>", `the iss of the tokens (default: ${DEFAULT_SETTINGS.issuer})`)
      .option("--audience <uri>", `the aud of the access tokens (default: ${DEFAULT_SETTINGS.audience})`)
      .option("--alg <name>", `the signing algorithm (default: ${DEFAULT_SETTINGS.algorithm})`)
      .option("--no-passphrase", "keep private keys unencrypted in the store's file"),
  examples: [
    [
      "jwtctl init --issuer https://auth.example.com --audience https://api.example.com",
      "asks for a passphrase",
    ],
    [
      "jwtctl init --no-passphrase",
      "for trying things out: private keys are readable by whoever has the file",
    ],
  ],
  async run(context, invocation) {
    const chosen = options<Options>(invocation);
    const settings = {
      ...DEFAULT_SETTINGS,
      ...(chosen.issuer === undefined ? {} : parseSetting("issuer", chosen.issuer)),
      ...(chosen.audience === undefined ? {} : parseSetting("audience", chosen.audience)),
      ...(chosen.alg === undefined ? {} : parseSetting("algorithm", chosen.alg)),
    };
    checkSettings(settings);
    const path = await context.storePath();
    await refuseExistingStore(path, async () => (await context.store()).readSettings());
    const passphrase = await newPassphrase(context, !chosen.passphrase, "the private keys");
    const keyTools = await context.keyTools();
    const keyVault = await context.keyVault();
    const { clock } = context.runtime;
    const store = await context.newStore();
    const result = await initialise({ settings, passphrase }, { store, keyTools, keyVault, clock });
    context.show({
      json: () => initJson(path, result),
      text: (style) => initText(path, result, style),
    });
    context.next(["jwtctl users add alice, then jwtctl login alice"]);
  },
};

/** Before the user types a passphrase for nothing; `initialise` checks again, atomically. */
async function refuseExistingStore(path: string, open: () => Promise<unknown>): Promise<void> {
  try {
    await open();
  } catch (error) {
    if (error instanceof AppError && error.code === "store_not_found") return;
    throw error;
  }
  throw new AppError("store_exists", `there is a store already: ${path}`, {
    hints: ["Use it as it is (jwtctl config list), or choose another file with --db"],
  });
}
