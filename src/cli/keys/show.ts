import { publicHalf } from "../../app/keys/export-key.ts";
import { findKey } from "../../app/keys/find-key.ts";
import { publicJwk } from "../../core/authority/keys/published-jwks.ts";
import { shownKeyJson, shownKeyText } from "../../output/keys/key-view.ts";
import { defineVerb } from "../command.ts";
import { KID } from "./key-options.ts";

export const show = defineVerb({
  arguments: { kid: KID },
  options: {
    format: { value: "form", choices: ["jwk", "pem"], default: "jwk", help: "show the public half as" },
  },
  examples: [
    ["jwtctl keys show dW5p", "its state, its dates and its public half; never the private one"],
    ["jwtctl keys show dW5p --format pem", "the public half as PEM"],
  ],
  async run({ kid, format }, { terminal, store, keyTools, now, time }) {
    const key = findKey(await (await store()).listKeys(now()), kid);
    const shown = {
      key,
      publicJwk: key.publicJwk && publicJwk(key),
      pem:
        format === "pem"
          ? new TextDecoder().decode(await (await keyTools()).writePublic(publicHalf(key), "pem"))
          : null,
    };
    terminal.show({
      json: () => shownKeyJson(shown),
      text: (style) => shownKeyText(shown, time(), style),
    });
  },
});
