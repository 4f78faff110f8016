import { ACCESS_TOKEN_MARGIN, refreshCurrent } from "../../app/sessions/refresh-session.ts";
import { accessTokenJson } from "../../output/sessions/token-set-view.ts";
import { defineVerb } from "../command.ts";

export const accessToken = defineVerb({
  examples: [
    [
      'curl -H "Authorization: Bearer $(jwtctl access-token)" https://api.example.com',
      "a valid access token, refreshed when it has less than 30 seconds left",
    ],
    ["jwtctl access-token | jwtctl verify -", "check what an API would say to it"],
  ],
  async run(_chosen, { terminal, currentPorts, clock }) {
    const ports = { ...(await currentPorts()), clock };
    const tokens = await refreshCurrent({ margin: ACCESS_TOKEN_MARGIN }, ports);
    terminal.show({
      json: () => accessTokenJson(tokens, clock.now()),
      text: () => `${tokens.accessToken}\n`,
    });
  },
});
