import { userListJson, userListText } from "../../output/users/list-view.ts";
import type { OldVerb as Verb } from "../old-command.ts";

export const list: Verb = {
  configure: (command) => command,
  examples: [
    ["jwtctl users list", "who can log in, and who is logged in"],
    ["jwtctl users list --json", "the same for scripts, claims included"],
  ],
  async run(context) {
    const now = context.now();
    const users = await (await context.store()).listUsers(now);
    if (users.length === 0) context.note("there are no users yet; add one with: jwtctl users add NAME");
    context.show({
      json: () => userListJson(users),
      text: (style) => (users.length === 0 ? "" : userListText(users, now, style)),
    });
  },
};
