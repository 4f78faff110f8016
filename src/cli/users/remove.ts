import { removeUser } from "../../app/users/remove-user.ts";
import { counted } from "../../output/fields.ts";
import { userRemovedJson, userRemovedText } from "../../output/users/change-view.ts";
import { defineVerb } from "../command.ts";
import { noteAccessTokens } from "../login/access-token-note.ts";
import { USER } from "./user-options.ts";

export const remove = defineVerb({
  arguments: { name: USER },
  options: { yes: { short: "y", help: "do it without asking" } },
  examples: [
    ["jwtctl users remove alice", "asks first; ends alice's logins, which stay on record"],
    ["jwtctl users remove alice --yes", "for scripts"],
  ],
  async run({ name: given, yes }, { terminal, storeAndClock }) {
    const ports = await storeAndClock();
    const { user, revoked } = await removeUser(
      {
        name: given,
        async confirm({ name, activeSessions }) {
          if (yes) return;
          const sessions = activeSessions === 0 ? "" : ` and end ${counted(activeSessions, "login")}`;
          await terminal.confirm(`Remove the user ${name}${sessions}?`);
        },
      },
      ports,
    );
    const view = { name: user.name, revoked };
    terminal.show({ json: () => userRemovedJson(view), text: (style) => userRemovedText(view, style) });
    await noteAccessTokens(revoked, terminal, ports.store);
  },
});
