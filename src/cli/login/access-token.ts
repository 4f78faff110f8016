import { ACCESS_TOKEN_MARGIN, refreshCurrent } from "../../app/sessions/refresh-session.ts";
import { accessTokenJson } from "../../output/sessions/token-set-view.ts";
import type { OldVerb as Verb } from "../old-command.ts";
import { currentPorts } from "./current-login.ts";

export const accessToken: Verb = {
  configure: (command) => command,
  examples: [
    [
      'curl -H "Authorization: Bearer $(jwtctl access-token)" https://api.example.com',
      "a valid access token, refreshed when it has less than 30 seconds left",
    ],
    ["jwtctl access-token | jwtctl verify -", "check what an API would say to it"],
  ],
  async run(context) {
    const ports = { ...(await currentPorts(context)), clock: context.runtime.clock };
    const tokens = await refreshCurrent({ margin: ACCESS_TOKEN_MARGIN }, ports);
    context.show({
      json: () => accessTokenJson(tokens, context.now()),
      text: () => `${tokens.accessToken}\n`,
    });
  },
};
