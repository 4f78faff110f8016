import { changePassphrase } from "../../app/keys/change-passphrase.ts";
import { AppError } from "../../core/base/errors.ts";
import { passphraseJson, passphraseText } from "../../output/keys/passphrase-view.ts";
import type { Context } from "../context.ts";
import { options, type OldVerb as Verb } from "../old-command.ts";
import { askNewPassphrase, givenPassphrase, readPassphraseFile, warnOfShort } from "../passphrase.ts";
import { keyPorts, storePassphrase } from "./shared.ts";

interface Options {
  readonly newPassphraseFile?: string;
  readonly remove?: boolean;
  readonly dryRun?: boolean;
}

export const passphrase: Verb = {
  configure: (command) =>
    command
      .option("--new-passphrase-file <file>", "where the new passphrase is (default: asked for)")
      .option("--remove", "keep private keys unencrypted in the store's file from now on")
      .option("--dry-run", "say what would be done, and change nothing"),
  examples: [
    ["jwtctl keys passphrase", "set or change it; asks for the old one and twice for the new one"],
    ["jwtctl keys passphrase --passphrase-file old --new-passphrase-file new", "for scripts"],
    ["jwtctl keys passphrase --remove", "whoever has the store's file can sign from then on"],
  ],
  async run(context, invocation) {
    const chosen = options<Options>(invocation);
    if (chosen.remove && chosen.newPassphraseFile !== undefined) {
      throw new AppError("usage", "--remove and --new-passphrase-file contradict each other");
    }
    const ports = await keyPorts(context);
    const sealed = (await ports.store.readEncryption()) === "passphrase";
    const result = await changePassphrase(
      {
        current: storePassphrase(context),
        async next() {
          const next = await nextPassphrase(context, chosen, sealed);
          if (next !== undefined && !chosen.dryRun) warnOfShort(context, next);
          return next;
        },
        dryRun: chosen.dryRun ?? false,
      },
      ports,
    );
    context.show({ json: () => passphraseJson(result), text: (style) => passphraseText(result, style) });
  },
};

/** @param sealed the global passphrase options mean the passphrase the store has, not the one it gets */
async function nextPassphrase(
  context: Context,
  { newPassphraseFile, remove, dryRun }: Options,
  sealed: boolean,
): Promise<string | undefined> {
  if (remove) return undefined;
  if (newPassphraseFile !== undefined) return readPassphraseFile(context, newPassphraseFile);
  // A dry run derives nothing: any passphrase stands for the one that would be asked for.
  if (dryRun) return "dry run";
  const given = sealed ? undefined : await givenPassphrase(context);
  return given ?? askNewPassphrase(context, "the private keys", "--new-passphrase-file FILE", "--remove");
}
