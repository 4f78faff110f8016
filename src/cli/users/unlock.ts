import { unlockUser } from "../../app/users/unlock-user.ts";
import { userUnlockedJson, userUnlockedText } from "../../output/users/unlock-view.ts";
import { defineVerb } from "../command.ts";
import { USER } from "./user-options.ts";

export const unlock = defineVerb({
  arguments: { name: USER },
  examples: [["jwtctl users unlock alice", "alice need not wait any longer after wrong passwords"]],
  async run({ name: given }, { terminal, storeAndClock }) {
    const { user, changed } = await unlockUser(given, await storeAndClock());
    const { name, failedAttempts, lockedUntil } = user;
    const view = { name, changed, failedAttempts, lockedUntil };
    terminal.show({ json: () => userUnlockedJson(view), text: (style) => userUnlockedText(view, style) });
  },
});
