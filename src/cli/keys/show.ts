import { publicHalf } from "../../app/keys/export-key.ts";
import { findKey } from "../../app/keys/find-key.ts";
import { publicJwk } from "../../core/authority/keys/published-jwks.ts";
import { shownKeyJson, shownKeyText } from "../../output/keys/key-view.ts";
import { options, type OldVerb as Verb } from "../old-command.ts";
import { choiceOption } from "./shared.ts";

interface Options {
  readonly format: string;
}

export const show: Verb = {
  configure: (command) =>
    command
      .argument("<kid>", "the key, by any beginning of its kid that fits only one")
      .option("--format <form>", "show the public half as jwk or pem", "jwk"),
  examples: [
    ["jwtctl keys show dW5p", "its state, its dates and its public half; never the private one"],
    ["jwtctl keys show dW5p --format pem", "the public half as PEM"],
  ],
  async run(context, invocation) {
    const format = choiceOption("--format", options<Options>(invocation).format, ["jwk", "pem"]);
    const key = findKey(await (await context.store()).listKeys(context.now()), invocation.args[0] ?? "");
    const shown = {
      key,
      publicJwk: key.publicJwk && publicJwk(key),
      pem:
        format === "pem"
          ? new TextDecoder().decode(await (await context.keyTools()).writePublic(publicHalf(key), "pem"))
          : null,
    };
    context.show({
      json: () => shownKeyJson(shown),
      text: (style) => shownKeyText(shown, context.time(), style),
    });
  },
};
