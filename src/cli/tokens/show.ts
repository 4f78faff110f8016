import { showSession } from "../../app/sessions/show-session.ts";
import { historyJson, historyText } from "../../output/sessions/history-view.ts";
import { defineVerb } from "../command.ts";

export const show = defineVerb({
  arguments: {
    id: { help: "the login, by any beginning of its id that fits only one", completes: "session" },
  },
  excessHint: "Give one id; jwtctl tokens list shows many logins",
  examples: [
    ["jwtctl tokens show 4k9v", "which refresh token was traded for which, when, and where reuse fired"],
  ],
  async run({ id }, { terminal, storeAndClock, time }) {
    const history = await showSession(id, await storeAndClock());
    terminal.show({
      json: () => historyJson(history),
      text: (style) => historyText(history, time(), style),
    });
  },
});
