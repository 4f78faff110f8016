import { lintKeyFile } from "../../app/keys/lint-key-file.ts";
import { severityOf } from "../../core/authority/keys/public-key-file.ts";
import { lintJson, lintText } from "../../output/keys/lint-view.ts";
import { defineVerb } from "../command.ts";
import { aboutFile } from "./key-files.ts";
import { readKeySource } from "./key-source.ts";

export const lint = defineVerb({
  arguments: {
    file: {
      help: "a file that is meant to be public: JWKS, JWK, PEM or DER; env:NAME, or - for stdin",
      completes: "file",
    },
  },
  options: {
    failOn: {
      value: "level",
      choices: ["error", "warning"],
      default: "error",
      help: "exit with 1 from this level on",
    },
  },
  examples: [
    [
      "jwtctl keys lint /var/www/.well-known/jwks.json",
      "fails when it holds private or symmetric keys, or weak ones",
    ],
    ["jwtctl keys jwks | jwtctl keys lint - --fail-on warning", "before publishing"],
  ],
  async run({ file: given, failOn }, { terminal, files, env, keyTools }) {
    const { name: file, bytes } = await readKeySource(given, "<file>", { terminal, files, env });
    const { notes, ...review } = await lintKeyFile(bytes, await keyTools()).catch((error) => {
      throw aboutFile(file, error);
    });
    const view = { file, ...review };
    terminal.show({ json: () => lintJson(view), text: (style) => lintText(view, style) });
    for (const note of notes) terminal.note(note);
    const fails = review.findings.some(({ code }) => failOn === "warning" || severityOf(code) === "error");
    return fails ? "lint_findings" : undefined;
  },
});
