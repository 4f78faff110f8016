import { requireUser } from "../../app/users/find-user.ts";
import { shownUserJson, shownUserText } from "../../output/users/user-view.ts";
import type { OldVerb as Verb } from "../old-command.ts";

export const show: Verb = {
  configure: (command) => command.argument("<name>", "the user's name, in any case"),
  examples: [["jwtctl users show alice", "status, logins, and the claims that alice's tokens carry"]],
  async run(context, { args }) {
    const user = await requireUser(args[0] ?? "", await context.store(), context.now());
    context.show({
      json: () => shownUserJson(user),
      text: (style) => shownUserText(user, context.time(), style),
    });
  },
};
