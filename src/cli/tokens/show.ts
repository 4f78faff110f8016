import { showSession } from "../../app/sessions/show-session.ts";
import { historyJson, historyText } from "../../output/sessions/history-view.ts";
import type { OldVerb as Verb } from "../old-command.ts";

export const show: Verb = {
  configure: (command) =>
    command.argument("<id>", "the login, by any beginning of its id that fits only one"),
  excessHint: "Give one id; jwtctl tokens list shows many logins",
  examples: [
    ["jwtctl tokens show 4k9v", "which refresh token was traded for which, when, and where reuse fired"],
  ],
  async run(context, { args }) {
    const ports = { store: await context.store(), clock: context.runtime.clock };
    const history = await showSession(args[0] ?? "", ports);
    context.show({
      json: () => historyJson(history),
      text: (style) => historyText(history, context.time(), style),
    });
  },
};
