import { exportKey, type KeyExported } from "../../app/keys/export-key.ts";
import { writtenKeyJson, writtenKeyText } from "../../output/keys/files-view.ts";
import type { Needs } from "../command.ts";
import { defineVerb } from "../command.ts";
import {
  contentMember,
  FORCE,
  FORMAT,
  KEY_PASSPHRASE_FILE,
  newFilePassphrase,
  PRIVATE_MODE,
  PUBLIC_MODE,
  refuseBinaryOnTerminal,
} from "./key-files.ts";
import { KID } from "./key-options.ts";

const NOT_SECRET = "A public key is no secret and is never encrypted";

export const exportVerb = defineVerb({
  arguments: { kid: KID },
  options: {
    format: FORMAT,
    private: { help: "the private half, encrypted under a passphrase of its own" },
    keyPassphraseFile: {
      ...KEY_PASSPHRASE_FILE,
      help: "where that passphrase is",
      dependsOn: ["private"],
      hint: NOT_SECRET,
    },
    noPassphrase: {
      help: "do not encrypt it",
      dependsOn: ["private"],
      conflicts: ["keyPassphraseFile"],
      hint: NOT_SECRET,
    },
    out: {
      value: "file",
      short: "o",
      help: "write it there (- prints); a private key is readable by its owner only",
      completes: "file",
    },
    force: FORCE,
  },
  examples: [
    ["jwtctl keys export dW5p", "the public key as PEM, for those who verify"],
    ["jwtctl keys export dW5p --format jwk --out dW5p.pub.json", "as a JWK, in a file"],
    ["jwtctl keys export dW5p --private --out key.pem", "the private key, encrypted (asks for a passphrase)"],
    [
      "jwtctl keys export dW5p --private --no-passphrase --format der | openssl pkey -inform DER -noout -text",
      "unencrypted, into a pipe",
    ],
  ],
  async run({ kid, format: named, ...chosen }, { terminal, files, keyPorts, passphrase, givenPassphrase }) {
    const name = await files.outputName(chosen.out ?? "-");
    const out = name === "-" ? undefined : name;
    if (out === undefined) refuseBinaryOnTerminal(terminal, named);
    else await files.refuseOwn(out);
    const ports = await keyPorts();
    const storeIsSealed = (await ports.store.readEncryption()) === "passphrase";
    const result = await exportKey(
      {
        given: kid,
        half: chosen.private ? "private" : "public",
        encoding: { named, file: out },
        passphrase,
        filePassphrase: () => newFilePassphrase(chosen, storeIsSealed, { terminal, files, givenPassphrase }),
      },
      ports,
    );
    await deliver(result, out, chosen.force, { terminal, files });
  },
});

async function deliver(
  result: KeyExported,
  out: string | undefined,
  overwrite: boolean,
  { terminal, files }: Needs<"terminal" | "files">,
): Promise<void> {
  const { key, half, encoding, encrypted, content } = result;
  if (out === undefined) {
    const { kid, alg } = key;
    const json = () => ({
      kid,
      alg,
      half,
      format: encoding,
      encrypted,
      ...contentMember(content, encoding, encrypted),
    });
    if (terminal.json) terminal.show({ json, text: () => "" });
    else terminal.stdout.write(content);
    return;
  }
  const isPrivate = half === "private";
  await files.write(out, content, {
    mode: isPrivate ? PRIVATE_MODE : PUBLIC_MODE,
    overwrite,
    note: (text) => terminal.note(text),
  });
  const written = {
    kid: key.kid,
    alg: key.alg,
    encoding,
    encrypted: isPrivate ? encrypted : null,
    privateFile: isPrivate ? out : null,
    publicFile: isPrivate ? null : out,
  };
  terminal.show({ json: () => writtenKeyJson(written), text: (style) => writtenKeyText(written, style) });
}
