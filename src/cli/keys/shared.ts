import { parseSetting } from "../../app/config/parse-setting.ts";
import type { KeyPorts, PassphraseSource } from "../../app/keys/store-passphrase.ts";
import { AppError } from "../../core/base/errors.ts";
import type { JwsAlgorithm } from "../../core/jose/algorithms.ts";
import type { Context } from "../context.ts";
import { passphraseForStore } from "../passphrase.ts";

/** What the use cases of signing keys work with, on the user's store. */
export async function keyPorts(context: Context): Promise<KeyPorts> {
  const store = await context.store();
  const keyTools = await context.keyTools();
  const keyVault = await context.keyVault();
  return { store, keyTools, keyVault, clock: context.runtime.clock };
}

export function storePassphrase(context: Context): PassphraseSource {
  return () => passphraseForStore(context);
}

/** The value of --alg. @throws AppError `usage` with the list */
export function algorithmOption(text: string | undefined): JwsAlgorithm | undefined {
  return text === undefined ? undefined : parseSetting("algorithm", text).algorithm;
}

/** The value of --bits. @throws AppError `usage` */
export function bitsOption(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new AppError("usage", `--bits needs a number of bits, not "${text}"`, {
    hints: ["Give it as in --bits 3072"],
  });
}

/** One of the words an option takes. @throws AppError `usage` with the list */
export function choiceOption<Choice extends string>(
  flag: string,
  text: string,
  choices: readonly Choice[],
): Choice {
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw new AppError("usage", `${flag} cannot be "${text}"`, {
    hints: [`Choose from: ${choices.join(", ")}`],
  });
}

/** Two options that say opposite things. @throws AppError `usage` */
export function refuseTogether(first: string | false | undefined, second: string | false | undefined): void {
  if (first && second) throw new AppError("usage", `${first} and ${second} contradict each other`);
}

/** What to do next when what signs or verifies has changed; nothing after a dry run, or when all stayed as it was. */
export function publishNext({ dryRun, changed }: { dryRun: boolean; changed: boolean }): readonly string[] {
  return changed && !dryRun ? ["publish the new set: jwtctl keys jwks --out FILE"] : [];
}

/** A key that signs before it was published meets verifiers that do not know it. */
export function warnUnannounced(context: Context): void {
  context.warn(
    "the new active key was not published ahead: verifiers that cache the JWKS refuse its tokens until they " +
      "fetch it again; publish it now with: jwtctl keys jwks --out FILE",
  );
}
