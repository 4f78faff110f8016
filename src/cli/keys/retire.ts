import { retireKey } from "../../app/keys/retire-key.ts";
import { retiredJson, retiredText } from "../../output/keys/state-change-view.ts";
import { options, type OldVerb as Verb } from "../old-command.ts";

interface Options {
  readonly dryRun?: boolean;
}

export const retire: Verb = {
  configure: (command) =>
    command
      .argument("<kid>", "the key, by any beginning of its kid that fits only one")
      .option("--dry-run", "say what would be done, and change nothing"),
  examples: [
    ["jwtctl keys retire dW5p", "a standby that is not wanted, or an imported key that is no longer needed"],
    ["jwtctl keys rotate", "for the active key: it retires by itself when its tokens have expired"],
  ],
  async run(context, invocation) {
    const input = { given: invocation.args[0] ?? "", dryRun: options<Options>(invocation).dryRun ?? false };
    const result = await retireKey(input, { store: await context.store(), clock: context.runtime.clock });
    context.show({
      json: () => retiredJson(result),
      text: (style) => retiredText(result, context.time(), style),
    });
  },
};
