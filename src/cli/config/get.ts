import { SETTING_NAMES, settingName, settingText } from "../../app/config/parse-setting.ts";
import { safe } from "../../output/sanitize.ts";
import type { OldVerb as Verb } from "../old-command.ts";

export const get: Verb = {
  configure: (command) => command.argument("<name>", SETTING_NAMES.join(", ")),
  examples: [["jwtctl config get issuer", "print the issuer, nothing else"]],
  async run(context, { args }) {
    const name = settingName(args[0] ?? "");
    const settings = await (await context.store()).readSettings();
    context.show({ json: () => settings[name], text: () => `${safe(settingText(name, settings))}\n` });
  },
};
