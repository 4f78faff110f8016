import { refusalOf, reviewTokens, verdictOfReview } from "../../app/lint/review-tokens.ts";
import { KIND_IDS } from "../../core/analysis/kinds/kind.ts";
import { THRESHOLDS } from "../../core/analysis/lint/lint.ts";
import { RULE_FAMILIES, RULES, ruleNamed } from "../../core/analysis/lint/rules.ts";
import { decodeBase64Url } from "../../core/base/base64url.ts";
import { AppError } from "../../core/base/errors.ts";
import { parseDuration } from "../../core/base/time/duration.ts";
import { jsonDocument } from "../../output/json.ts";
import { reviewsJson, reviewsText } from "../../output/lint/lint-view.ts";
import { rulesJson, rulesText } from "../../output/lint/rules-view.ts";
import { sarifLog } from "../../output/lint/sarif.ts";
import { VERSION } from "../../version.ts";
import type { Needs } from "../command.ts";
import { defineVerb } from "../command.ts";
import { isFromStdin, namesFile, readText, type SecretPorts } from "../input.ts";
import { givenSecret, type SecretOptions, secretOptions } from "./secret.ts";
import { AT, timeContext } from "./times.ts";

export const lint = defineVerb({
  arguments: {
    tokens: {
      help: "tokens, or any text they are in; @file, - or nothing for stdin",
      optional: true,
      repeatable: true,
      completes: "file",
    },
  },
  options: {
    ...secretOptions("judge this HMAC secret, too"),
    failOn: {
      value: "level",
      choices: THRESHOLDS,
      default: "error",
      help: "lowest level that makes the exit code 1",
    },
    ignore: {
      value: "rule",
      repeatable: true,
      help: "leave a rule out",
      completes: "rule",
      parse: ruleNamed,
    },
    as: { value: "kind", choices: KIND_IDS, help: "hold it to this kind whatever it says it is" },
    accessToken: { help: "the same as --as access-token", conflicts: ["as"] },
    maxLifetime: {
      value: "duration",
      default: "24h",
      help: "a longer life is reported",
      parse: parseDuration,
    },
    at: AT,
    sarif: { help: "print a SARIF 2.1.0 log for code scanning systems", conflicts: ["json"] },
    rules: { help: "list the rules" },
  },
  examples: [
    ['jwtctl lint "$TOKEN"', "what is wrong with it, and why"],
    ["jwtctl lint @token.txt --fail-on warning --ignore missing-kid", "in CI: exit 1 from warnings on"],
    ['jwtctl lint "$TOKEN" --secret env:JWT_SECRET', "is the secret long enough, and not one of a tutorial?"],
    ["jwtctl lint @server.log", "every token in a text, each with its line"],
    ["jwtctl lint @token.txt --sarif > lint.sarif", "for a code scanning system"],
    ['jwtctl lint "$TOKEN" --as id-token', "has it all that an ID token must have?"],
    ["jwtctl lint --rules", "all that is looked for"],
  ],
  async run({ tokens, rules, sarif, ...chosen }, ports) {
    const { terminal } = ports;
    if (rules) {
      terminal.show({
        json: () => rulesJson(RULE_FAMILIES),
        text: (style) => rulesText(RULE_FAMILIES, style),
      });
      return undefined;
    }
    const ignore = new Set(chosen.ignore.map(({ id }) => id));
    const applied = RULES.filter(({ id }) => !ignore.has(id));
    const { now } = timeContext(chosen, ports);
    const { maxLifetime, failOn } = chosen;
    const as = chosen.accessToken ? "access-token" : chosen.as;
    const result = await reviewTokens(
      {
        inputs: await readInputs(tokens, isFromStdin(chosen.secret), ports),
        options: { now, maxLifetime, as, ignore },
        failOn,
        secret: await secretOf(chosen, ports),
      },
      { jws: () => ports.jws() },
    );
    const refusal = refusalOf(result);
    if (sarif) terminal.stdout.write(jsonDocument(sarifLog(result, applied, VERSION)));
    else if (refusal === undefined) {
      terminal.show({
        json: () => reviewsJson(result),
        text: (style) => reviewsText(result, applied.length, style),
      });
    }
    if (refusal !== undefined) throw refusal;
    return verdictOfReview(result);
  },
});

/** @param stdinTaken the secret comes from there */
async function readInputs(
  tokens: readonly string[],
  stdinTaken: boolean,
  ports: Needs<"terminal" | "files">,
) {
  const given = tokens.length === 0 ? [undefined] : tokens;
  const fromStdin = given.filter((arg) => arg === undefined || arg === "-").length;
  if (fromStdin + (stdinTaken ? 1 : 0) > 1) {
    throw new AppError("usage", "stdin can only be read once", {
      hints: ["Give a token as an argument or as @file"],
    });
  }
  const inputs = [];
  for (const arg of given) {
    const source = arg !== undefined && (await namesFile(ports, arg)) ? arg : sourceOf(arg);
    inputs.push({ source, text: await readText(ports, arg, "token") });
  }
  return inputs;
}

function sourceOf(arg: string | undefined): string | null {
  if (arg === undefined || arg === "-") return "stdin";
  return arg.startsWith("@") ? arg.slice(1) : null;
}

async function secretOf(
  chosen: SecretOptions,
  ports: SecretPorts & Needs<"keyTools">,
): Promise<Uint8Array | undefined> {
  if (chosen.secret === undefined && chosen.secretFile === undefined) return undefined;
  return decodeBase64Url((await givenSecret(chosen, ports)).jwk.k ?? "").bytes;
}
