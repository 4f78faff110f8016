import { SETTING_NAMES, settingText } from "../../app/config/parse-setting.ts";
import { settingsJson, settingsText } from "../../output/config-view.ts";
import type { OldVerb as Verb } from "../old-command.ts";

export const list: Verb = {
  configure: (command) => command,
  examples: [["jwtctl config list", "every setting, its value and what it means"]],
  async run(context) {
    const settings = await (await context.store()).readSettings();
    context.show({
      json: () => settingsJson(settings),
      text: (style) =>
        settingsText(
          SETTING_NAMES.map((name) => [name, settingText(name, settings)]),
          style,
        ),
    });
  },
};
