import { checkSettings, parseSetting } from "../../app/config/parse-setting.ts";
import { initialise } from "../../app/store/initialise.ts";
import { DEFAULT_SETTINGS } from "../../core/authority/settings.ts";
import { AppError } from "../../core/base/errors.ts";
import { initJson, initText } from "../../output/init-view.ts";
import { defineVerb } from "../command.ts";
import { ALGORITHM } from "../keys/key-options.ts";
import { newPassphrase } from "../passphrase.ts";

export const init = defineVerb({
  options: {
    issuer: { value: "uri", help: "the iss of the tokens", defaultHelp: DEFAULT_SETTINGS.issuer },
    audience: { value: "uri", help: "the aud of the access tokens", defaultHelp: DEFAULT_SETTINGS.audience },
    alg: { ...ALGORITHM, help: "the signing algorithm", defaultHelp: DEFAULT_SETTINGS.algorithm },
    noPassphrase: {
      help: "keep private keys unencrypted in the store's file",
      conflicts: ["passphraseFile"],
    },
  },
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
  async run({ issuer, audience, alg, noPassphrase }, { terminal, storePath, ...ports }) {
    const settings = {
      ...DEFAULT_SETTINGS,
      ...(issuer === undefined ? {} : parseSetting("issuer", issuer)),
      ...(audience === undefined ? {} : parseSetting("audience", audience)),
      ...(alg === undefined ? {} : { algorithm: alg }),
    };
    checkSettings(settings);
    const path = await storePath();
    await refuseExistingStore(path, async () => (await ports.store()).readSettings());
    const { givenPassphrase, clock } = ports;
    const passphrase = noPassphrase
      ? undefined
      : await newPassphrase("the private keys", { givenPassphrase, terminal });
    const keyTools = await ports.keyTools();
    const keyVault = await ports.keyVault();
    const store = await ports.newStore();
    const result = await initialise({ settings, passphrase }, { store, keyTools, keyVault, clock });
    terminal.show({
      json: () => initJson(path, result),
      text: (style) => initText(path, result, style),
    });
    terminal.next(["jwtctl users add alice, then jwtctl login alice"]);
  },
});

/** Before the user types a passphrase for nothing; `initialise` checks again, atomically. */
async function refuseExistingStore(path: string, open: () => Promise<unknown>): Promise<void> {
  try {
    await open();
  } catch (error) {
    if (error instanceof AppError && error.code === "store_not_found") return;
    throw error;
  }
  throw new AppError("store_exists", `a store already exists: ${path}`, {
    hints: ["Use it as it is (jwtctl config list), or choose another file with --db"],
  });
}
