import { KEY_STATES, nextStandby } from "../../core/authority/keys/signing-key.ts";
import { keyListJson, keyListText } from "../../output/keys/list-view.ts";
import { options, type OldVerb as Verb } from "../old-command.ts";
import { collect } from "../options.ts";
import { choiceOption } from "./shared.ts";

interface Options {
  readonly state?: readonly string[];
}

export const list: Verb = {
  configure: (command) =>
    command.option(
      "--state <state>",
      `only keys in this state (repeatable): ${KEY_STATES.join(", ")}`,
      collect,
    ),
  examples: [
    ["jwtctl keys list", "every key, the newest first: which one signs, which ones only verify, until when"],
    ["jwtctl keys list --state active --json", "the key that signs, for scripts"],
  ],
  async run(context, invocation) {
    const states = options<Options>(invocation).state?.map((text) =>
      choiceOption("--state", text, KEY_STATES),
    );
    const now = context.now();
    const all = await (await context.store()).listKeys(now);
    const keys = all.filter((key) => states === undefined || states.includes(key.state));
    if (keys.length === 0) context.note(`no key is ${(states ?? KEY_STATES).join(" or ")}`);
    context.show({
      json: () => keyListJson(keys),
      text: (style) => (keys.length === 0 ? "" : keyListText(keys, nextStandby(all)?.kid, now, style)),
    });
  },
};
