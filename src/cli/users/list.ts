import { userListJson, userListText } from "../../output/users/list-view.ts";
import { defineVerb } from "../command.ts";

export const list = defineVerb({
  examples: [
    ["jwtctl users list", "who can log in, and who is logged in"],
    ["jwtctl users list --json", "the same for scripts, claims included"],
  ],
  async run(_chosen, { terminal, store, now: clock }) {
    const now = clock();
    const users = await (await store()).listUsers(now);
    if (users.length === 0) terminal.note("there are no users yet; add one with: jwtctl users add NAME");
    terminal.show({
      json: () => userListJson(users),
      text: (style) => (users.length === 0 ? "" : userListText(users, now, style)),
    });
  },
});
