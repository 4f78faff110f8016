import { changeClaims } from "../../app/users/change-claims.ts";
import { AppError } from "../../core/base/errors.ts";
import { parseClaims } from "../../core/jose/minting/claims-input.ts";
import { claimsChangedJson, claimsChangedText } from "../../output/users/claims-view.ts";
import { defineVerb } from "../command.ts";
import { USER } from "./user-options.ts";

export const set = defineVerb({
  arguments: { name: USER },
  options: {
    claim: {
      value: "name=value",
      repeatable: true,
      help: "a new claim, or another value: name=text or name:=json",
    },
    removeClaim: { value: "name", repeatable: true, help: "a claim that goes" },
  },
  examples: [
    ["jwtctl users set alice --claim role=admin", "alice's next access tokens say so; her logins go on"],
    ["jwtctl users set alice --claim level:=4 --remove-claim role", "several changes in one step"],
  ],
  async run({ name, claim, removeClaim }, { terminal, storeAndClock }) {
    if (claim.length + removeClaim.length === 0) {
      throw new AppError("usage", "say what to change", {
        hints: ["Give --claim name=text, --claim name:=json or --remove-claim name"],
      });
    }
    const input = { name, set: parseClaims(claim), remove: removeClaim };
    const view = await changeClaims(input, await storeAndClock());
    terminal.show({ json: () => claimsChangedJson(view), text: (style) => claimsChangedText(view, style) });
  },
});
