import { changePassphrase } from "../../app/keys/change-passphrase.ts";
import { passphraseJson, passphraseText } from "../../output/keys/passphrase-view.ts";
import type { Needs } from "../command.ts";
import { defineVerb } from "../command.ts";
import { askNewPassphrase, readPassphraseFile, warnOfShort } from "../passphrase.ts";
import { DRY_RUN } from "./key-options.ts";

export const passphrase = defineVerb({
  options: {
    newPassphraseFile: {
      value: "file",
      help: "where the new passphrase is",
      defaultHelp: "asked for",
      completes: "file",
    },
    remove: {
      help: "keep private keys unencrypted in the store's file from now on",
      conflicts: ["newPassphraseFile"],
    },
    dryRun: DRY_RUN,
  },
  examples: [
    ["jwtctl keys passphrase", "set or change it; asks for the old one and twice for the new one"],
    ["jwtctl keys passphrase --passphrase-file old --new-passphrase-file new", "for scripts"],
    ["jwtctl keys passphrase --remove", "whoever has the store's file can sign from then on"],
  ],
  async run(chosen, { terminal, files, keyPorts, passphrase: current, givenPassphrase }) {
    const ports = await keyPorts();
    const sealed = (await ports.store.readEncryption()) === "passphrase";
    const result = await changePassphrase(
      {
        current,
        async next() {
          const next = await nextPassphrase(chosen, sealed, { terminal, files, givenPassphrase });
          if (next !== undefined && !chosen.dryRun) warnOfShort(terminal, next);
          return next;
        },
        dryRun: chosen.dryRun,
      },
      ports,
    );
    terminal.show({ json: () => passphraseJson(result), text: (style) => passphraseText(result, style) });
  },
});

interface NewPassphraseOptions {
  readonly newPassphraseFile: string | undefined;
  readonly remove: boolean;
  readonly dryRun: boolean;
}

/** @param sealed the global passphrase options mean the passphrase the store has, not the one it gets */
async function nextPassphrase(
  { newPassphraseFile, remove, dryRun }: NewPassphraseOptions,
  sealed: boolean,
  { terminal, files, givenPassphrase }: Needs<"terminal" | "files" | "givenPassphrase">,
): Promise<string | undefined> {
  if (remove) return undefined;
  if (newPassphraseFile !== undefined) return readPassphraseFile(newPassphraseFile, { files });
  // A dry run derives nothing: any passphrase stands for the one that would be asked for.
  if (dryRun) return "dry run";
  const given = sealed ? undefined : await givenPassphrase();
  return given ?? askNewPassphrase(terminal, "the private keys", "--new-passphrase-file FILE", "--remove");
}
