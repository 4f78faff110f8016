import { activateKey } from "../../app/keys/activate-key.ts";
import { activatedJson, activatedText } from "../../output/keys/state-change-view.ts";
import { defineVerb } from "../command.ts";
import { DRY_RUN, KEEP_PRIVATE, KID, NOW } from "./key-options.ts";
import { publishNext } from "./publishing.ts";

export const activate = defineVerb({
  arguments: { kid: KID },
  options: { keepPrivate: KEEP_PRIVATE, now: NOW, dryRun: DRY_RUN },
  examples: [
    ["jwtctl keys activate dW5p", "sign with this standby now, whichever has its turn"],
    ["jwtctl keys activate dW5p --dry-run", "which key would stop signing, and until when it verifies"],
  ],
  async run({ kid, ...chosen }, { terminal, keyPorts, passphrase, time }) {
    const result = await activateKey({ ...chosen, given: kid, passphrase }, await keyPorts());
    terminal.show({
      json: () => activatedJson(result),
      text: (style) => activatedText(result, time(), style),
    });
    terminal.next(publishNext(result));
  },
});
