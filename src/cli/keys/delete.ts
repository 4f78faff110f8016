import { deleteKey } from "../../app/keys/delete-key.ts";
import { deletedJson, deletedText } from "../../output/keys/deleted-view.ts";
import { options, type OldVerb as Verb } from "../old-command.ts";

interface Options {
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

export const deleteVerb: Verb = {
  configure: (command) =>
    command
      .argument("<kid>", "the key, by any beginning of its kid that fits only one")
      .option("--force", "even while tokens it signed may be in use; says what breaks")
      .option("--dry-run", "say what would be done, and change nothing"),
  examples: [
    ["jwtctl keys delete dW5p", "a retired key that nobody needs any more"],
    ["jwtctl keys delete dW5p --force --dry-run", "what would break"],
  ],
  async run(context, invocation) {
    const chosen = options<Options>(invocation);
    const input = {
      given: invocation.args[0] ?? "",
      force: chosen.force ?? false,
      dryRun: chosen.dryRun ?? false,
    };
    const result = await deleteKey(input, { store: await context.store(), clock: context.runtime.clock });
    context.show({
      json: () => deletedJson(result),
      text: (style) => deletedText(result, context.time(), style),
    });
  },
};
