import { unlockUser } from "../../app/users/unlock-user.ts";
import { userUnlockedJson, userUnlockedText } from "../../output/users/unlock-view.ts";
import type { OldVerb as Verb } from "../old-command.ts";

export const unlock: Verb = {
  configure: (command) => command.argument("<name>", "the user's name, in any case"),
  examples: [["jwtctl users unlock alice", "alice need not wait any longer after wrong passwords"]],
  async run(context, { args }) {
    const ports = { store: await context.store(), clock: context.runtime.clock };
    const { user, changed } = await unlockUser(args[0] ?? "", ports);
    const { name, failedAttempts, lockedUntil } = user;
    const view = { name, changed, failedAttempts, lockedUntil };
    context.show({ json: () => userUnlockedJson(view), text: (style) => userUnlockedText(view, style) });
  },
};
