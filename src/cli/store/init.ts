import { checkSettings, parseSetting } from "../../app/config/parse-setting.ts";
import { initialise } from "../../app/store/initialise.ts";
import type { KeyState } from "../../core/authority/keys/signing-key.ts";
import type { Store } from "../../core/authority/ports/store.ts";
import { DEFAULT_SETTINGS, type Settings } from "../../core/authority/settings.ts";
import { AppError } from "../../core/base/errors.ts";
import { initJson, initText, presentText } from "../../output/init-view.ts";
import { defineVerb, type Needs } from "../command.ts";
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
    ifMissing: { help: "do nothing, with exit code 0, when there is a store already" },
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
    ["jwtctl init --no-passphrase --if-missing", "for scripts that may run again"],
  ],
  async run({ issuer, audience, alg, noPassphrase, ifMissing }, { terminal, storePath, ...ports }) {
    const settings = {
      ...DEFAULT_SETTINGS,
      ...(issuer === undefined ? {} : parseSetting("issuer", issuer)),
      ...(audience === undefined ? {} : parseSetting("audience", audience)),
      ...(alg === undefined ? {} : { algorithm: alg }),
    };
    checkSettings(settings);
    const path = await storePath();
    const present = await settingsOf(ports.store);
    if (present !== undefined && !ifMissing) throw existing(path);
    if (present !== undefined) return showPresent(path, await ports.store(), { terminal, now: ports.now });
    const { givenPassphrase, clock } = ports;
    const passphrase = noPassphrase
      ? undefined
      : await newPassphrase("the private keys", { givenPassphrase, terminal });
    const keyTools = await ports.keyTools();
    const keyVault = await ports.keyVault();
    const store = await ports.newStore();
    const making = initialise({ settings, passphrase }, { store, keyTools, keyVault, clock });
    const result = await making.catch((error: unknown) => {
      // Somebody else was quicker.
      if (ifMissing && error instanceof AppError && error.code === "store_exists") return undefined;
      throw error;
    });
    if (result === undefined) return showPresent(path, store, { terminal, now: ports.now });
    terminal.show({
      json: () => initJson(path, result, true),
      text: (style) => initText(path, result, style),
    });
    terminal.next(["jwtctl users add alice, then jwtctl login alice"]);
  },
});

/** Asked before the user types a passphrase for nothing. @returns undefined when there is no store yet */
async function settingsOf(store: Needs<"store">["store"]): Promise<Settings | undefined> {
  try {
    return await (await store()).readSettings();
  } catch (error) {
    if (error instanceof AppError && error.code === "store_not_found") return undefined;
    throw error;
  }
}

function existing(path: string): AppError {
  return new AppError("store_exists", `there is a store already: ${path}`, {
    hints: ["Use it as it is (jwtctl config list), or choose another file with --db"],
  });
}

/** The store that is there already is told as a new one is. */
async function showPresent(
  path: string,
  store: Store,
  { terminal, now }: Needs<"terminal" | "now">,
): Promise<void> {
  const keys = await store.listKeys(now());
  const kidOf = (state: KeyState) => keys.findLast((key) => key.state === state)?.kid;
  const activeKid = kidOf("active");
  if (activeKid === undefined) {
    throw new AppError("store_corrupt", `the store "${path}" has no key that signs`, {
      hints: ["Look at it with: jwtctl doctor"],
    });
  }
  const present = {
    settings: await store.readSettings(),
    encryption: await store.readEncryption(),
    activeKid,
    standbyKid: kidOf("standby") ?? null,
  };
  terminal.show({
    json: () => initJson(path, present, false),
    text: (style) => presentText(path, style),
  });
}
