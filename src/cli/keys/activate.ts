import { activateKey } from "../../app/keys/activate-key.ts";
import { activatedJson, activatedText } from "../../output/keys/state-change-view.ts";
import { options, type OldVerb as Verb } from "../old-command.ts";
import { keyPorts, publishNext, storePassphrase } from "./shared.ts";

interface Options {
  readonly keepPrivate?: boolean;
  readonly dryRun?: boolean;
}

export const activate: Verb = {
  configure: (command) =>
    command
      .argument("<kid>", "the key, by any beginning of its kid that fits only one")
      .option("--keep-private", "keep the private half of the key that stops signing, to be able to go back")
      .option("--dry-run", "say what would be done, and change nothing"),
  examples: [
    ["jwtctl keys activate dW5p", "sign with this standby now, whichever has its turn"],
    ["jwtctl keys activate dW5p --dry-run", "which key would stop signing, and until when it verifies"],
  ],
  async run(context, invocation) {
    const chosen = options<Options>(invocation);
    const result = await activateKey(
      {
        given: invocation.args[0] ?? "",
        keepPrivate: chosen.keepPrivate ?? false,
        dryRun: chosen.dryRun ?? false,
        passphrase: storePassphrase(context),
      },
      await keyPorts(context),
    );
    context.show({
      json: () => activatedJson(result),
      text: (style) => activatedText(result, context.time(), style),
    });
    context.next(publishNext(result));
  },
};
