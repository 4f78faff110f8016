import { changeSetting } from "../../app/config/change-setting.ts";
import { SETTING_NAMES, settingText } from "../../app/config/parse-setting.ts";
import { safe } from "../../output/sanitize.ts";
import { defineVerb } from "../command.ts";

export const set = defineVerb({
  arguments: {
    name: { help: SETTING_NAMES.join(", "), completes: "setting" },
    value: { help: "its new value; a duration as in 30m or 1h30m" },
  },
  examples: [
    ["jwtctl config set access_ttl 5m", "new access tokens live for five minutes"],
    ["jwtctl config set issuer https://auth.example.com", "the iss of tokens from now on"],
  ],
  async run(chosen, { terminal, storeAndClock }) {
    const change = await changeSetting(chosen, await storeAndClock());
    if (change.name === "reuse_window" && change.after.reuse_window === 0) {
      terminal.warn(
        "with a reuse window of 0 a client that repeats a refresh after a lost answer loses its login; " +
          "so do two processes that refresh at the same moment",
      );
    }
    const shown = settingText(change.name, change.after);
    const before = settingText(change.name, change.before);
    terminal.show({
      json: () => ({ [change.name]: change.after[change.name] }),
      text: (style) =>
        shown === before
          ? `${style.good("nothing to do:")} ${change.name} is ${style.strong(safe(shown))} already\n`
          : `${change.name} = ${style.strong(safe(shown))} ${style.dim(`(was ${safe(before)})`)}\n`,
    });
  },
});
