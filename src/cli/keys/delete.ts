import { deleteKey } from "../../app/keys/delete-key.ts";
import { deletedJson, deletedText } from "../../output/keys/deleted-view.ts";
import { defineVerb } from "../command.ts";
import { DRY_RUN, KID } from "./key-options.ts";

export const deleteVerb = defineVerb({
  arguments: { kid: KID },
  options: {
    force: { help: "even while tokens it signed may be in use; says what breaks" },
    dryRun: DRY_RUN,
  },
  examples: [
    ["jwtctl keys delete dW5p", "a retired key that nobody needs any more"],
    ["jwtctl keys delete dW5p --force --dry-run", "what would break"],
  ],
  async run({ kid, ...chosen }, { terminal, storeAndClock, time }) {
    const result = await deleteKey({ ...chosen, given: kid }, await storeAndClock());
    terminal.show({
      json: () => deletedJson(result),
      text: (style) => deletedText(result, time(), style),
    });
  },
});
