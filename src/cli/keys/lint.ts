import { lintKeyFile } from "../../app/keys/lint-key-file.ts";
import { severityOf } from "../../core/authority/keys/public-key-file.ts";
import { lintJson, lintText } from "../../output/keys/lint-view.ts";
import { MAX_SECRET_BYTES, readStdin } from "../input.ts";
import { options, type OldVerb as Verb } from "../old-command.ts";
import { aboutFile } from "./key-files.ts";
import { choiceOption } from "./shared.ts";

interface Options {
  readonly failOn: string;
}

export const lint: Verb = {
  configure: (command) =>
    command
      .argument("<file>", "a file that is meant to be public: JWKS, JWK, PEM or DER; @file, or - for stdin")
      .option("--fail-on <level>", "exit with 1 from this level on: error or warning", "error"),
  examples: [
    [
      "jwtctl keys lint /var/www/.well-known/jwks.json",
      "fails when it holds private or symmetric keys, or weak ones",
    ],
    ["jwtctl keys jwks | jwtctl keys lint - --fail-on warning", "before publishing"],
  ],
  async run(context, invocation) {
    const failOn = choiceOption("--fail-on", options<Options>(invocation).failOn, ["error", "warning"]);
    const given = invocation.args[0] ?? "";
    const file = given === "-" ? "stdin" : given.replace(/^@/, "");
    const bytes =
      given === "-"
        ? await readStdin(context, "keys", MAX_SECRET_BYTES)
        : await context.runtime.files.read(file, MAX_SECRET_BYTES);
    const { notes, ...review } = await lintKeyFile(bytes, await context.keyTools()).catch((error) => {
      throw aboutFile(file, error);
    });
    const view = { file, ...review };
    context.show({ json: () => lintJson(view), text: (style) => lintText(view, style) });
    for (const note of notes) context.note(note);
    const fails = review.findings.some(({ code }) => failOn === "warning" || severityOf(code) === "error");
    return fails ? "lint_findings" : undefined;
  },
};
