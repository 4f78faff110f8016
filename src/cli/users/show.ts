import { requireUser } from "../../app/users/find-user.ts";
import { shownUserJson, shownUserText } from "../../output/users/user-view.ts";
import { defineVerb } from "../command.ts";
import { USER } from "./user-options.ts";

export const show = defineVerb({
  arguments: { name: USER },
  examples: [["jwtctl users show alice", "status, logins, and the claims that alice's tokens carry"]],
  async run({ name }, { terminal, store, now, time }) {
    const user = await requireUser(name, await store(), now());
    terminal.show({
      json: () => shownUserJson(user),
      text: (style) => shownUserText(user, time(), style),
    });
  },
});
