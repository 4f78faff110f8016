import { verifyToken } from "../../app/token/verify-token.ts";
import { MAX_LEEWAY_SECONDS } from "../../core/authority/keys/signing-key.ts";
import { AppError } from "../../core/base/errors.ts";
import { formatDuration, parseDuration } from "../../core/base/time/duration.ts";
import type { JwsAlgorithm } from "../../core/jose/algorithms.ts";
import type { VerificationOptions } from "../../core/jose/verification/report.ts";
import { diagnosisText } from "../../output/diagnosis/diagnosis-view.ts";
import { verifyJson, verifyText } from "../../output/token/verify-view.ts";
import type { Context } from "../context.ts";
import { readText } from "../input.ts";
import { algorithmOption, refuseTogether } from "../keys/shared.ts";
import { options, type OldVerb as Verb } from "../old-command.ts";
import { collect } from "../options.ts";
import { diagnoser } from "./diagnosis.ts";
import { type LineOptions, lineOptions, wantsLines } from "./line-options.ts";
import { type TimeOptions, timeContext, timeOptions } from "./times.ts";
import { readsStdin, type TrustOptions, trustOptions, trustSource } from "./trust.ts";

interface Options extends TrustOptions, TimeOptions, LineOptions {
  readonly alg?: readonly string[];
  readonly iss?: readonly string[];
  readonly aud?: readonly string[];
  readonly typ?: readonly string[];
  readonly require?: readonly string[];
  readonly leeway?: string;
  readonly tryAll?: boolean;
  readonly pick?: string;
  readonly paste?: boolean;
  readonly session?: boolean;
  /** False with --no-diagnose. */
  readonly diagnose: boolean;
}

export const verify: Verb = {
  configure: (command) =>
    lineOptions(
      timeOptions(
        trustOptions(command.argument("[token]", "the token, @file, - or nothing for stdin"))
          .option("--alg <name>", "the only algorithm allowed (repeatable; default: the key's own)", collect)
          .option("--iss <issuer>", "iss must be this (repeatable: one of these)", collect)
          .option("--aud <audience>", "aud must name this (repeatable: one of these)", collect)
          .option("--typ <type>", "typ must be this, as in at+jwt (repeatable: one of these)", collect)
          .option("--require <claim>", "this claim must be there (repeatable)", collect)
          .option(
            "--leeway <duration>",
            `how far clocks may differ, up to ${formatDuration(MAX_LEEWAY_SECONDS)} (default: 0s)`,
          )
          .option("--pick <which>", "of several tokens in the input, the one with this number or name")
          .option("--paste", "read the token from the clipboard")
          .option("--try-all", "try every key given, whichever the token names")
          .option("--session", "ask the store too whether the login of the token (sid) still lives")
          .option("--no-diagnose", "do not look for the causes of a failure"),
      ),
    ),
  excessHint: 'Put quotes around what belongs together, as in "Bearer eyJ…"',
  examples: [
    ['jwtctl verify "$TOKEN"', "with the keys, issuer and audience of the store"],
    ['jwtctl verify "$TOKEN" --key public.pem --iss https://auth.example.com --aud api', "with a key file"],
    ['jwtctl verify "$TOKEN" --secret env:JWT_SECRET', "with an HMAC secret"],
    ['jwtctl verify "$TOKEN" --issuer-url https://auth.example.com', "with the keys an issuer publishes"],
    ['jwtctl verify "$TOKEN" --session', "also whether the login behind it has been revoked"],
    ["jwtctl mint --sub bob | jwtctl verify -", "from a pipe; the exit code tells the verdict"],
    ["jwtctl verify --lines @tokens.txt --jwks jwks.json > verdicts.ndjson", "very many tokens, one a line"],
  ],
  async run(context, invocation) {
    const chosen = options<Options>(invocation);
    const verification = verificationOptions(context, chosen);
    const [given] = invocation.args;
    if (readsStdin(chosen) && !chosen.paste && (given === undefined || given === "-")) {
      throw new AppError("usage", "the key is read from stdin: the token cannot be read from there too", {
        hints: ["Give the token as an argument or as @file"],
      });
    }
    if (wantsLines(chosen)) {
      const trust = () => trustSource(context, chosen);
      return (await import("./bulk.ts")).verifyLines(context, given, chosen, {
        options: verification,
        trust,
      });
    }
    refuseTogether(chosen.paste && "--paste", given && "a token on the command line");
    const text = chosen.paste
      ? await (await import("../clipboard.ts")).readClipboard(context)
      : await readText(context, given, "token");
    const trust = await trustSource(context, chosen);
    // A token from a pipe may have been made while this process waited for it: the clock is read now.
    const time = timeContext(context, chosen);
    const report = await verifyToken(
      { text, pick: chosen.pick, options: { ...verification, time } },
      {
        trust,
        jws: await context.jws(),
        digest: () => context.textDigest(),
        diagnose: chosen.diagnose ? diagnoser(context, chosen) : undefined,
        sessions: chosen.session ? await context.store() : undefined,
      },
    );
    for (const { message } of report.unwrapped) context.note(message);
    for (const text of report.leftOut) context.note(text);
    context.show({
      json: () => verifyJson(report),
      text: (style) => verifyText(report, style) + diagnosisText(report.diagnosis, style),
    });
    return report.verdict;
  },
};

function verificationOptions(context: Context, chosen: Options): VerificationOptions {
  return {
    time: timeContext(context, chosen),
    leeway: leewayOption(chosen.leeway),
    algorithms: (chosen.alg ?? []).flatMap((name): readonly JwsAlgorithm[] => {
      const algorithm = algorithmOption(name);
      return algorithm === undefined ? [] : [algorithm];
    }),
    types: chosen.typ ?? [],
    issuers: chosen.iss ?? [],
    audiences: chosen.aud ?? [],
    require: chosen.require ?? [],
    tryAll: chosen.tryAll ?? false,
  };
}

function leewayOption(text: string | undefined): number {
  if (text === undefined) return 0;
  const seconds = parseDuration(text, "--leeway");
  if (seconds <= MAX_LEEWAY_SECONDS) return seconds;
  throw new AppError("usage", `--leeway is at most ${formatDuration(MAX_LEEWAY_SECONDS)}`, {
    hints: ["To ask about another time there is --at"],
  });
}
