import type { KeyState } from "../../core/authority/keys/signing-key.ts";
import { KEY_STATES, nextStandby } from "../../core/authority/keys/signing-key.ts";
import { keyListJson, keyListText } from "../../output/keys/list-view.ts";
import { defineVerb } from "../command.ts";

export const list = defineVerb({
  options: {
    state: {
      value: "state",
      choices: KEY_STATES,
      repeatable: true,
      help: "only keys in this state",
    },
  },
  examples: [
    ["jwtctl keys list", "every key, the newest first: which one signs, which ones only verify, until when"],
    ["jwtctl keys list --state active --json", "the key that signs, for scripts"],
  ],
  async run({ state }, { terminal, store, now: clock }) {
    const now = clock();
    const states: readonly KeyState[] = state.length === 0 ? KEY_STATES : state;
    const all = await (await store()).listKeys(now);
    const keys = all.filter((key) => states.includes(key.state));
    if (keys.length === 0) terminal.note(`no key is ${states.join(" or ")}`);
    terminal.show({
      json: () => keyListJson(keys),
      text: (style) => (keys.length === 0 ? "" : keyListText(keys, nextStandby(all)?.kid, now, style)),
    });
  },
});
