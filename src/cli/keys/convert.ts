import { convertKeys } from "../../app/keys/convert-keys.ts";
import type { Needs } from "../command.ts";
import { defineVerb } from "../command.ts";
import {
  contentMember,
  FORCE,
  KEY_ENCODINGS,
  KEY_PASSPHRASE_FILE,
  PRIVATE_MODE,
  PUBLIC_MODE,
  readKeyFile,
  refuseBinaryOnTerminal,
} from "./key-files.ts";

export const convert = defineVerb({
  arguments: {
    file: { help: "a key file in any form, @file, env:NAME, or - for stdin", completes: "file" },
  },
  options: {
    to: {
      value: "form",
      choices: KEY_ENCODINGS,
      help: "the form to write",
      defaultHelp: "what the file of --out ends in, or pem; a shared secret is always a jwk",
    },
    public: { help: "write only the public half" },
    kid: { value: "kid", help: "of several keys in the file, the one with this kid" },
    keyPassphraseFile: KEY_PASSPHRASE_FILE,
    noPassphrase: { help: "write the key of an encrypted file unencrypted", conflicts: ["public"] },
    out: {
      value: "file",
      short: "o",
      help: "write it there (- prints); a private key is readable by its owner only",
      completes: "file",
    },
    force: FORCE,
  },
  examples: [
    ["jwtctl keys convert key.pem --to jwk --public", "the public half as a JWK"],
    ["jwtctl keys convert jwks.json --kid k1 --to pem", "one key of a set as PEM, for OpenSSL"],
    ["jwtctl keys convert id_ed25519 --to pem --out key.pem", "a key of OpenSSH as PKCS#8"],
  ],
  async run({ file, to, kid, out: named, force, ...chosen }, { terminal, files, env, keyTools }) {
    const name = await files.outputName(named ?? "-");
    const out = name === "-" ? undefined : name;
    if (out === undefined) refuseBinaryOnTerminal(terminal, to);
    else await files.refuseOwn(out);
    const tools = await keyTools();
    let opened: string | undefined;
    // An encrypted key stays encrypted, under the passphrase it had.
    const remembering = {
      ...tools,
      read: (...[bytes, ask, purpose]: Parameters<typeof tools.read>) => {
        const remember = async () => {
          opened = await (ask?.() ?? "");
          return opened;
        };
        return tools.read(bytes, ask && remember, purpose);
      },
    };
    const how = { flag: "<file>", keyPassphraseFile: chosen.keyPassphraseFile, purpose: "any" } as const;
    const { keys } = await readKeyFile(file, how, remembering, { terminal, files, env });
    const encoding = { named: to, file: out };
    const passphrase = chosen.noPassphrase ? undefined : opened;
    const converted = await convertKeys(
      { keys, kid, publicOnly: chosen.public, encoding, passphrase },
      tools,
    );
    await deliver(converted, out, force, { terminal, files });
  },
});

async function deliver(
  converted: Awaited<ReturnType<typeof convertKeys>>,
  out: string | undefined,
  overwrite: boolean,
  { terminal, files }: Needs<"terminal" | "files">,
): Promise<void> {
  const { encoding: format, half, encrypted, keys, content } = converted;
  const about = { keys, half, format, encrypted };
  if (out === undefined) {
    const json = () => ({ ...about, ...contentMember(content, format, encrypted) });
    if (terminal.json) terminal.show({ json, text: () => "" });
    else terminal.stdout.write(content);
    return;
  }
  const mode = half === "private" ? PRIVATE_MODE : PUBLIC_MODE;
  await files.write(out, content, { mode, overwrite, note: (text) => terminal.note(text) });
  const { writtenFileText } = await import("../../output/keys/converted-view.ts");
  terminal.show({
    json: () => ({ ...about, file: out }),
    text: (style) => writtenFileText({ ...about, file: out }, style),
  });
}
