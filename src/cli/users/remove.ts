import { removeUser } from "../../app/users/remove-user.ts";
import { counted } from "../../output/fields.ts";
import { userRemovedJson, userRemovedText } from "../../output/users/change-view.ts";
import { noteAccessTokens } from "../login/access-token-note.ts";
import { options, type OldVerb as Verb } from "../old-command.ts";

interface Options {
  readonly yes?: boolean;
}

export const remove: Verb = {
  configure: (command) =>
    command.argument("<name>", "the user's name, in any case").option("-y, --yes", "do it without asking"),
  examples: [
    ["jwtctl users remove alice", "asks first; ends alice's logins, which stay on record"],
    ["jwtctl users remove alice --yes", "for scripts"],
  ],
  async run(context, invocation) {
    const { yes } = options<Options>(invocation);
    const ports = { store: await context.store(), clock: context.runtime.clock };
    const { user, revoked } = await removeUser(
      {
        name: invocation.args[0] ?? "",
        async confirm({ name, activeSessions }) {
          if (yes) return;
          const sessions = activeSessions === 0 ? "" : ` and end ${counted(activeSessions, "login")}`;
          await context.confirm(`Remove the user ${name}${sessions}?`);
        },
      },
      ports,
    );
    const view = { name: user.name, revoked };
    context.show({ json: () => userRemovedJson(view), text: (style) => userRemovedText(view, style) });
    await noteAccessTokens(context, revoked);
  },
};
