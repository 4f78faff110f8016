import { addUser } from "../../app/users/add-user.ts";
import { shellWord } from "../../core/base/text/wording.ts";
import { parseClaims } from "../../core/jose/minting/claims-input.ts";
import { addedUserText, shownUserJson } from "../../output/users/user-view.ts";
import { options, type OldVerb as Verb } from "../old-command.ts";
import { collect } from "../options.ts";
import { EXCESS_HINT, newPassword, type PasswordOptions, passwordOptions } from "../password-input.ts";

interface Options extends PasswordOptions {
  readonly claim?: readonly string[];
  readonly allowWeakPassword?: boolean;
}

export const add: Verb = {
  configure: (command) =>
    passwordOptions(command.argument("<name>", "1 to 64 characters; unique in any case"))
      .option(
        "--claim <name=value>",
        "a claim for every access token of this user: name=text or name:=json (repeatable)",
        collect,
      )
      .option(
        "--allow-weak-password",
        "take a password of fewer than 15 characters, for teaching and testing",
      ),
  excessHint: EXCESS_HINT,
  examples: [
    ["jwtctl users add alice", "asks for a password twice"],
    ["jwtctl users add alice --claim role=admin --claim level:=3", "with claims for all of alice's tokens"],
    ["pass show alice | jwtctl users add alice --password-stdin", "for scripts: no question"],
  ],
  async run(context, invocation) {
    const chosen = options<Options>(invocation);
    const name = invocation.args[0] ?? "";
    const claims = parseClaims(chosen.claim ?? []);
    const store = await context.store();
    const { clock, random } = context.runtime;
    const user = await addUser(
      {
        name,
        claims,
        allowWeakPassword: chosen.allowWeakPassword ?? false,
        password: newPassword(context, chosen, name),
      },
      { store, hasher: await context.passwordHasher(), clock, random },
    );
    context.show({
      json: () => shownUserJson(user),
      text: (style) => addedUserText(user, style),
    });
    context.next([`jwtctl login ${shellWord(user.name)}`]);
  },
};
