import { retireKey } from "../../app/keys/retire-key.ts";
import { retiredJson, retiredText } from "../../output/keys/state-change-view.ts";
import { defineVerb } from "../command.ts";
import { DRY_RUN, KID } from "./key-options.ts";

export const retire = defineVerb({
  arguments: { kid: KID },
  options: { dryRun: DRY_RUN },
  examples: [
    ["jwtctl keys retire dW5p", "a standby that is not wanted, or an imported key that is no longer needed"],
    ["jwtctl keys rotate", "for the active key: it retires by itself when its tokens have expired"],
  ],
  async run({ kid, dryRun }, { terminal, storeAndClock, time }) {
    const result = await retireKey({ given: kid, dryRun }, await storeAndClock());
    terminal.show({
      json: () => retiredJson(result),
      text: (style) => retiredText(result, time(), style),
    });
  },
});
