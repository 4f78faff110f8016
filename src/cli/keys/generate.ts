import { generateKey } from "../../app/keys/generate-key.ts";
import { generatedJson, generatedText } from "../../output/keys/generated-view.ts";
import { defineVerb } from "../command.ts";
import { generateKeyFiles } from "./generate-files.ts";
import { FORMAT, KEY_PASSPHRASE_FILE } from "./key-files.ts";
import { ALGORITHM, BITS, DRY_RUN } from "./key-options.ts";
import { warnUnannounced } from "./publishing.ts";

/** What only a key outside of the store takes. */
const WITHOUT_STORE = {
  dependsOn: ["noStore"],
  hint: "A key of the store goes into the store; write it to a file with: jwtctl keys export",
} as const;

export const generate = defineVerb({
  options: {
    alg: { ...ALGORITHM, defaultHelp: "the store's setting, or ES256" },
    bits: BITS,
    activate: {
      help: "sign with it at once; without this it is a standby, published ahead",
      conflicts: ["noStore"],
    },
    keepPrivate: {
      help: "keep the private half of the key that stops signing",
      dependsOn: ["activate"],
    },
    dryRun: DRY_RUN,
    noStore: { help: "make a key pair that belongs to no store, in files" },
    out: {
      value: "file",
      short: "o",
      help: "FILE gets the private key, FILE.pub the public one; - prints",
      completes: "file",
      ...WITHOUT_STORE,
    },
    format: { ...FORMAT, ...WITHOUT_STORE },
    force: { help: "replace files that are there", ...WITHOUT_STORE },
    keyPassphraseFile: {
      ...KEY_PASSPHRASE_FILE,
      help: "the passphrase to encrypt the private key under",
      ...WITHOUT_STORE,
    },
    noPassphrase: {
      help: "do not encrypt the private key",
      conflicts: ["keyPassphraseFile"],
      ...WITHOUT_STORE,
    },
  },
  examples: [
    ["jwtctl keys generate", "one more standby, published before it signs"],
    ["jwtctl keys generate --alg RS256 --bits 3072", "a standby for another algorithm"],
    ["jwtctl keys generate --activate", "sign with a new key at once; the old one verifies only"],
    [
      "jwtctl keys generate --no-store --out service.pem",
      "service.pem (asks for a passphrase) and service.pem.pub",
    ],
    ["jwtctl keys generate --no-store --alg HS256 --no-passphrase --out -", "print an HMAC secret"],
  ],
  async run(chosen, { terminal, files, keyTools, keyPorts, passphrase, givenPassphrase, time }) {
    if (chosen.noStore) {
      await generateKeyFiles(chosen, { terminal, files, keyTools, givenPassphrase });
      return;
    }
    const { alg, bits, activate, keepPrivate, dryRun } = chosen;
    const plan = { alg, bits, activate, keepPrivate, dryRun, passphrase };
    const result = await generateKey(plan, await keyPorts());
    terminal.show({
      json: () => generatedJson(result),
      text: (style) => generatedText(result, time(), style),
    });
    if (activate && !dryRun) warnUnannounced(terminal);
  },
});
