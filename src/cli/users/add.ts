import { addUser } from "../../app/users/add-user.ts";
import { requireUser } from "../../app/users/find-user.ts";
import { acceptUserName } from "../../core/authority/users/user.ts";
import { AppError } from "../../core/base/errors.ts";
import { shellWord } from "../../core/base/text/wording.ts";
import { parseClaims } from "../../core/jose/minting/claims-input.ts";
import { addedUserText, presentUserText, shownUserJson } from "../../output/users/user-view.ts";
import { defineVerb } from "../command.ts";
import { EXCESS_HINT, newPassword, PASSWORD_OPTIONS } from "../password-input.ts";
import { ALLOW_WEAK_PASSWORD } from "./user-options.ts";

export const add = defineVerb({
  arguments: { name: { help: "1 to 64 characters; unique in any case" } },
  options: {
    ...PASSWORD_OPTIONS,
    claim: {
      value: "name=value",
      repeatable: true,
      help: "a claim for every access token of this user: name=text or name:=json",
    },
    allowWeakPassword: ALLOW_WEAK_PASSWORD,
    ifMissing: { help: "do nothing, with exit code 0, when there is such a user already" },
  },
  excessHint: EXCESS_HINT,
  examples: [
    ["jwtctl users add alice", "asks for a password twice"],
    ["jwtctl users add alice --claim role=admin --claim level:=3", "with claims for all of alice's tokens"],
    ["pass show alice | jwtctl users add alice --password-stdin", "for scripts: no question"],
  ],
  async run(
    { name, claim, allowWeakPassword, ifMissing, ...chosen },
    { terminal, files, store, passwordHasher, clock, random },
  ) {
    const input = {
      name,
      claims: parseClaims(claim),
      allowWeakPassword,
      password: newPassword(chosen, name, { terminal, files }),
    };
    const users = await store();
    const hasher = await passwordHasher();
    const user = await addUser(input, { store: users, hasher, clock, random }).catch((error: unknown) => {
      if (ifMissing && error instanceof AppError && error.code === "user_exists") return undefined;
      throw error;
    });
    if (user === undefined) {
      const present = await requireUser(acceptUserName(name), users, clock.now());
      terminal.show({
        json: () => shownUserJson(present),
        text: (style) => presentUserText(present, style),
      });
      return;
    }
    terminal.show({
      json: () => shownUserJson(user),
      text: (style) => addedUserText(user, style),
    });
    terminal.next([`jwtctl login ${shellWord(user.name)}`]);
  },
});
