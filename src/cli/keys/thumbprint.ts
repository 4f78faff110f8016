import { publicHalf } from "../../app/keys/export-key.ts";
import { findKey } from "../../app/keys/find-key.ts";
import { THUMBPRINT_HASHES, thumbprints } from "../../app/keys/thumbprints.ts";
import type { SigningKey } from "../../core/authority/keys/signing-key.ts";
import { AppError } from "../../core/base/errors.ts";
import { contentKind } from "../../core/base/text/given-content.ts";
import type { KeyTools, ReadKeys } from "../../core/jose/ports/crypto.ts";
import { thumbprintJson, thumbprintText } from "../../output/keys/thumbprint-view.ts";
import type { Needs } from "../command.ts";
import { defineVerb } from "../command.ts";
import { KEY_PASSPHRASE_FILE, readKeyFile } from "./key-files.ts";

export const thumbprint = defineVerb({
  arguments: {
    key: {
      help: "a key file, env:NAME, - for stdin, or the kid of a key in the store",
      optional: true,
      takesContent: true,
      completes: "kid",
    },
  },
  options: {
    hash: { value: "name", choices: THUMBPRINT_HASHES, default: "sha256", help: "the hash function" },
    uri: { help: "as a URN (RFC 9278)", conflicts: ["x5t", "spki"] },
    x5t: { help: "of certificates: x5t and x5t#S256, as headers name them", conflicts: ["spki"] },
    spki: { help: "of the public key as DER: SHA256:…, as GitHub and Snowflake show it" },
    keyPassphraseFile: KEY_PASSPHRASE_FILE,
  },
  examples: [
    ["jwtctl keys thumbprint key.pem", "the RFC 7638 thumbprint: the kid this key has in a store"],
    ["jwtctl keys thumbprint dW5p --uri", "of a key in the store, as urn:ietf:params:oauth:jwk-thumbprint:…"],
    ["jwtctl keys thumbprint cert.pem --x5t", "of a certificate, for the header of a client assertion"],
    ["curl -s https://issuer.example/jwks.json | jwtctl keys thumbprint -", "one line for each key of a set"],
  ],
  async run(
    { key, hash, uri, x5t, spki, keyPassphraseFile },
    { terminal, files, env, keyTools, store, now },
  ) {
    const tools = await keyTools();
    const found = await keysOf(key, keyPassphraseFile, tools, { terminal, files, env, store, now });
    const { keys } = found;
    if (x5t) {
      const { certificateThumbprints } = await import("../../app/keys/fingerprints.ts");
      const certificates = await certificateThumbprints(found, tools);
      const { certificatesJson, certificatesText } = await import("../../output/keys/fingerprint-view.ts");
      terminal.show({
        json: () => certificatesJson(certificates),
        text: (style) => certificatesText(certificates, style),
      });
      return;
    }
    if (spki) {
      const { spkiFingerprints } = await import("../../app/keys/fingerprints.ts");
      const prints = await spkiFingerprints(keys, tools);
      const { fingerprintsJson, fingerprintsText } = await import("../../output/keys/fingerprint-view.ts");
      terminal.show({
        json: () => fingerprintsJson(prints),
        text: (style) => fingerprintsText(prints, style),
      });
      return;
    }
    const view = { hash, keys: await thumbprints(keys, hash, tools) };
    terminal.show({
      json: () => thumbprintJson(view),
      text: (style) => thumbprintText(view, uri, style),
    });
    if (keys.some(({ kty }) => kty === "oct")) {
      terminal.warn(
        "the thumbprint of a shared secret gives it away to guessing (RFC 7638 section 7): keep it to yourself",
      );
    }
  },
});

/** @throws AppError `key_not_found` when no key is meant: nor is there a file of that name */
async function storeKeys(
  source: string,
  { store, now }: Needs<"store" | "now">,
): Promise<readonly SigningKey[]> {
  const neither = (why: string, cause?: unknown) =>
    new AppError("key_not_found", `there is neither a file "${source}" nor a key of that kid${why}`, {
      hints: ["Give the path of a key file, or list the keys with: jwtctl keys list"],
      cause,
    });
  try {
    const keys = await (await store()).listKeys(now());
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
  given: string | undefined,
  keyPassphraseFile: string | undefined,
  keyTools: KeyTools,
  ports: Needs<"terminal" | "files" | "env" | "store" | "now">,
): Promise<Pick<ReadKeys, "keys" | "certificates">> {
  if (given === undefined && ports.terminal.stdin.isTerminal) {
    throw new AppError("usage", "there is no key", {
      hints: ["Give a key file, a kid, or a key through a pipe"],
    });
  }
  const source = given ?? "-";
  const isKey = source === "-" || /^(?:@|env:)|[/\\.]/.test(source) || contentKind(source) !== undefined;
  if (isKey || (await ports.files.exists(source))) {
    return readKeyFile(source, { flag: "<key>", keyPassphraseFile, purpose: "any" }, keyTools, ports);
  }
  return { keys: [publicHalf(findKey(await storeKeys(source, ports), source))] };
}
