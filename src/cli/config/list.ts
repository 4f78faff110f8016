import { SETTING_NAMES, settingText } from "../../app/config/parse-setting.ts";
import { settingsJson, settingsText } from "../../output/config-view.ts";
import { defineVerb } from "../command.ts";

export const list = defineVerb({
  examples: [["jwtctl config list", "every setting, its value and what it means"]],
  async run(_chosen, { terminal, store }) {
    const settings = await (await store()).readSettings();
    terminal.show({
      json: () => settingsJson(settings),
      text: (style) =>
        settingsText(
          SETTING_NAMES.map((name) => [name, settingText(name, settings)]),
          style,
        ),
    });
  },
});
