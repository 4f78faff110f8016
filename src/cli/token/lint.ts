import { refusalOf, reviewTokens, verdictOfReview } from "../../app/lint/review-tokens.ts";
import { THRESHOLDS } from "../../core/analysis/lint/lint.ts";
import { RULE_FAMILIES, RULES, ruleNamed } from "../../core/analysis/lint/rules.ts";
import { decodeBase64Url } from "../../core/base/base64url.ts";
import { AppError, type ErrorCode } from "../../core/base/errors.ts";
import { parseDuration } from "../../core/base/time/duration.ts";
import { jsonDocument } from "../../output/json.ts";
import { reviewsJson, reviewsText } from "../../output/lint/lint-view.ts";
import { rulesJson, rulesText } from "../../output/lint/rules-view.ts";
import { sarifLog } from "../../output/lint/sarif.ts";
import { VERSION } from "../../version.ts";
import type { Context } from "../context.ts";
import { isFromStdin, readText } from "../input.ts";
import { choiceOption, refuseTogether } from "../keys/shared.ts";
import { options, type OldVerb as Verb } from "../old-command.ts";
import { collect } from "../options.ts";
import { givenSecret, type SecretOptions, secretOptions } from "./secret.ts";
import { timeContext } from "./times.ts";

interface Options extends SecretOptions {
  readonly failOn: string;
  readonly ignore?: readonly string[];
  readonly maxLifetime: string;
  readonly accessToken?: boolean;
  readonly at?: string;
  readonly sarif?: boolean;
  readonly rules?: boolean;
}

export const lint: Verb = {
  configure: (command) =>
    secretOptions(
      command.argument("[tokens...]", "tokens, or any text they are in; @file, - or nothing for stdin"),
      "judge this HMAC secret, too",
    )
      .option(
        "--fail-on <level>",
        `from which level on the exit code is 1: ${THRESHOLDS.join(", ")}`,
        "error",
      )
      .option("--ignore <rule>", "leave a rule out (repeatable)", collect)
      .option("--access-token", "hold it to the access token profile (RFC 9068) whatever its typ says")
      .option("--max-lifetime <duration>", "a longer life is reported", "24h")
      .option("--at <time>", "answer for another time than now: ISO 8601, Unix seconds, +5m, -1h")
      .option("--sarif", "print a SARIF 2.1.0 log for code scanning systems")
      .option("--rules", "list the rules"),
  examples: [
    ['jwtctl lint "$TOKEN"', "what is wrong with it, and why"],
    ["jwtctl lint @token.txt --fail-on warning --ignore missing-kid", "in CI: exit 1 from warnings on"],
    ['jwtctl lint "$TOKEN" --secret env:JWT_SECRET', "is the secret long enough, and not one of a tutorial?"],
    ["jwtctl lint @server.log", "every token in a text, each with its line"],
    ["jwtctl lint @token.txt --sarif > lint.sarif", "for a code scanning system"],
    ["jwtctl lint --rules", "all that is looked for"],
  ],
  async run(context, invocation): Promise<ErrorCode | undefined> {
    const chosen = options<Options>(invocation);
    refuseTogether(chosen.sarif && "--sarif", context.globals.json && "--json");
    refuseTogether(chosen.secret && "--secret", chosen.secretFile && "--secret-file");
    if (chosen.rules) {
      context.show({
        json: () => rulesJson(RULE_FAMILIES),
        text: (style) => rulesText(RULE_FAMILIES, style),
      });
      return undefined;
    }
    const ignore = new Set((chosen.ignore ?? []).map((id) => ruleNamed(id).id));
    const asked = RULES.filter(({ id }) => !ignore.has(id));
    const { now } = timeContext(context, chosen);
    const result = await reviewTokens(
      {
        inputs: await readInputs(context, invocation.args, isFromStdin(chosen.secret)),
        options: {
          now,
          maxLifetime: parseDuration(chosen.maxLifetime, "--max-lifetime"),
          demandAccessToken: chosen.accessToken ?? false,
          ignore,
        },
        failOn: choiceOption("--fail-on", chosen.failOn, THRESHOLDS),
        secret: await secretOf(context, chosen),
      },
      { jws: () => context.jws() },
    );
    const refusal = refusalOf(result);
    if (chosen.sarif) context.runtime.stdout.write(jsonDocument(sarifLog(result, asked, VERSION)));
    else if (refusal === undefined) {
      context.show({
        json: () => reviewsJson(result),
        text: (style) => reviewsText(result, asked.length, style),
      });
    }
    if (refusal !== undefined) throw refusal;
    return verdictOfReview(result);
  },
};

/** @param stdinTaken the secret comes from there */
async function readInputs(context: Context, args: readonly (string | undefined)[], stdinTaken: boolean) {
  const given = args.length === 0 ? [undefined] : args;
  const fromStdin = given.filter((arg) => arg === undefined || arg === "-").length;
  if (fromStdin + (stdinTaken ? 1 : 0) > 1) {
    throw new AppError("usage", "stdin can only be read once", {
      hints: ["Give a token as an argument or as @file"],
    });
  }
  const inputs = [];
  for (const arg of given)
    inputs.push({ source: sourceOf(arg), text: await readText(context, arg, "token") });
  return inputs;
}

function sourceOf(arg: string | undefined): string | null {
  if (arg === undefined || arg === "-") return "stdin";
  return arg.startsWith("@") ? arg.slice(1) : null;
}

async function secretOf(context: Context, chosen: Options): Promise<Uint8Array | undefined> {
  if (chosen.secret === undefined && chosen.secretFile === undefined) return undefined;
  return decodeBase64Url((await givenSecret(context, chosen)).jwk.k ?? "").bytes;
}
