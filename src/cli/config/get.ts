import { SETTING_NAMES, settingName, settingText } from "../../app/config/parse-setting.ts";
import { safe } from "../../output/sanitize.ts";
import { defineVerb } from "../command.ts";

export const get = defineVerb({
  arguments: { name: { help: SETTING_NAMES.join(", "), parse: settingName, completes: "setting" } },
  examples: [["jwtctl config get issuer", "print the issuer, nothing else"]],
  async run({ name }, { terminal, store }) {
    const settings = await (await store()).readSettings();
    terminal.show({ json: () => settings[name], text: () => `${safe(settingText(name, settings))}\n` });
  },
});
