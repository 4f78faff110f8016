import { publicHalf } from "../../app/keys/export-key.ts";
import { findKey } from "../../app/keys/find-key.ts";
import { THUMBPRINT_HASHES, thumbprints } from "../../app/keys/thumbprints.ts";
import type { SigningKey } from "../../core/authority/keys/signing-key.ts";
import { AppError } from "../../core/base/errors.ts";
import type { Jwk } from "../../core/jose/jwk.ts";
import type { KeyTools } from "../../core/jose/ports/crypto.ts";
import { thumbprintJson, thumbprintText } from "../../output/keys/thumbprint-view.ts";
import type { Context } from "../context.ts";
import { options, type OldVerb as Verb } from "../old-command.ts";
import { readKeyFile } from "./key-files.ts";
import { choiceOption } from "./shared.ts";

interface Options {
  readonly hash: string;
  readonly uri?: boolean;
  readonly keyPassphraseFile?: string;
}

export const thumbprint: Verb = {
  configure: (command) =>
    command
      .argument("[key]", "a key file, @file, - for stdin, or the kid of a key in the store")
      .option("--hash <name>", `${THUMBPRINT_HASHES.join(", ")}`, "sha256")
      .option("--uri", "as a URN (RFC 9278)")
      .option("--key-passphrase-file <file>", "where the passphrase of the key file is (default: asked for)"),
  examples: [
    ["jwtctl keys thumbprint key.pem", "the RFC 7638 thumbprint: the kid this key has in a store"],
    ["jwtctl keys thumbprint dW5p --uri", "of a key in the store, as urn:ietf:params:oauth:jwk-thumbprint:…"],
    ["curl -s https://issuer.example/jwks.json | jwtctl keys thumbprint -", "one line for each key of a set"],
  ],
  async run(context, invocation) {
    const chosen = options<Options>(invocation);
    const hash = choiceOption("--hash", chosen.hash, THUMBPRINT_HASHES);
    const keyTools = await context.keyTools();
    const keys = await keysOf(context, invocation.args[0], keyTools, chosen.keyPassphraseFile);
    const view = { hash, keys: await thumbprints(keys, hash, keyTools) };
    context.show({
      json: () => thumbprintJson(view),
      text: (style) => thumbprintText(view, chosen.uri ?? false, style),
    });
    if (keys.some((key) => key.kty === "oct")) {
      context.warn(
        "the thumbprint of a shared secret gives it away to guessing (RFC 7638 section 7): keep it to yourself",
      );
    }
  },
};

/** @throws AppError `key_not_found` when no key is meant: nor is there a file of that name */
async function storeKeys(context: Context, source: string): Promise<readonly SigningKey[]> {
  const neither = (why: string, cause?: unknown) =>
    new AppError("key_not_found", `there is neither a file "${source}" nor a key of that kid${why}`, {
      hints: ["Give the path of a key file, or list the keys with: jwtctl keys list"],
      cause,
    });
  try {
    const keys = await (await context.store()).listKeys(context.now());
    if (keys.some(({ kid, formerKid }) => kid.startsWith(source) || formerKid === source)) return keys;
  } catch (error) {
    if (error instanceof AppError && error.code === "store_not_found")
      throw neither(": there is no store", error);
    throw error;
  }
  throw neither(" in this store");
}

/** A file where there is one, else a key of the store: kids have neither a slash nor a dot. */
async function keysOf(
  context: Context,
  given: string | undefined,
  keyTools: KeyTools,
  keyPassphraseFile: string | undefined,
): Promise<readonly Jwk[]> {
  if (given === undefined && context.runtime.stdin.isTerminal) {
    throw new AppError("usage", "there is no key", {
      hints: ["Give a key file, a kid, or a key through a pipe"],
    });
  }
  const source = given ?? "-";
  const isFile = source === "-" || /^@|[/\\.]/.test(source) || (await context.runtime.files.exists(source));
  if (isFile) return (await readKeyFile(context, source, keyTools, keyPassphraseFile)).keys;
  return [publicHalf(findKey(await storeKeys(context, source), source))];
}
