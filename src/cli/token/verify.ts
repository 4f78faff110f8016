import { verifyToken } from "../../app/token/verify-token.ts";
import { MAX_LEEWAY_SECONDS } from "../../core/authority/keys/signing-key.ts";
import { AppError } from "../../core/base/errors.ts";
import { formatDuration, parseDuration } from "../../core/base/time/duration.ts";
import type { VerificationOptions } from "../../core/jose/verification/report.ts";
import { diagnosisText } from "../../output/diagnosis/diagnosis-view.ts";
import { verifyJson, verifyText } from "../../output/token/verify-view.ts";
import { defineVerb } from "../command.ts";
import type { DeclaredOptions, OptionsOf } from "../declare.ts";
import { readText } from "../input.ts";
import { ALGORITHM } from "../keys/key-options.ts";
import { diagnoser } from "./diagnosis.ts";
import { LINE_OPTIONS } from "./line-options.ts";
import { TIME_OPTIONS, timeContext } from "./times.ts";
import { readsStdin, TRUST_OPTIONS, trustSource } from "./trust.ts";

const VERIFY_OPTIONS = {
  ...TRUST_OPTIONS,
  alg: {
    ...ALGORITHM,
    repeatable: true,
    help: "the only algorithm allowed",
    defaultHelp: "the key's own",
  },
  iss: { value: "issuer", repeatable: true, help: "iss must be this, or one of these" },
  aud: { value: "audience", repeatable: true, help: "aud must name this, or one of these" },
  typ: { value: "type", repeatable: true, help: "typ must be this, as in at+jwt, or one of these" },
  require: { value: "claim", repeatable: true, help: "this claim must be there", completes: "claim" },
  leeway: {
    value: "duration",
    help: `how far clocks may differ, up to ${formatDuration(MAX_LEEWAY_SECONDS)}`,
    default: "0s",
    parse: parseLeeway,
  },
  pick: { value: "which", help: "of several tokens in the input, the one with this number or name" },
  paste: { help: "read the token from the clipboard", conflicts: ["token"] },
  tryAll: { help: "try every key given, whichever the token names" },
  session: { help: "ask the store too whether the login of the token (sid) still lives" },
  jsonForm: { help: "take the JSON form of a JWS, too; a JWT has the compact one" },
  holderAud: { value: "audience", help: "the proof of an SD-JWT's holder must be there, and for this" },
  holderNonce: { value: "nonce", help: "the proof of an SD-JWT's holder must be there, and answer this" },
  allowWeak: { help: "take an RSA key below 1024 bits or a secret below 14 bytes, for teaching" },
  noDiagnose: { help: "do not look for the causes of a failure" },
  ...TIME_OPTIONS,
  ...LINE_OPTIONS,
  lines: { ...LINE_OPTIONS.lines, conflicts: ["pick", "paste", "session"] },
} as const satisfies DeclaredOptions;

export const verify = defineVerb({
  arguments: {
    token: { help: "the token, @file, - or nothing for stdin", optional: true, completes: "file" },
  },
  options: VERIFY_OPTIONS,
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
  async run({ token: given, paste, lines, jobs, ...chosen }, ports) {
    const { terminal } = ports;
    const options = { ...policyOf(chosen), time: timeContext(chosen, ports) };
    if (readsStdin(chosen) && !paste && (given === undefined || given === "-")) {
      throw new AppError("usage", "the key is read from stdin: the token cannot be read from there too", {
        hints: ["Give the token as an argument or as @file"],
      });
    }
    if (lines) {
      const trust = () => trustSource(chosen, ports);
      const at = chosen.at === undefined ? undefined : options.time.now;
      return (await import("./bulk.ts")).verifyLines(given, { jobs, options, at, trust }, ports);
    }
    const text = paste
      ? await (await import("../clipboard.ts")).readClipboard(ports)
      : await readText(ports, given, "token");
    const trust = await trustSource(chosen, ports);
    const report = await verifyToken(
      // A token from a pipe may have been made while this process waited for it: the clock is read now.
      { text, pick: chosen.pick, options: { ...options, time: timeContext(chosen, ports) } },
      {
        trust,
        jws: await ports.jws(),
        digest: () => ports.textDigest(),
        diagnose: chosen.noDiagnose ? undefined : diagnoser(chosen, ports),
        sessions: chosen.session ? await ports.store() : undefined,
      },
    );
    for (const { message } of report.unwrapped) terminal.note(message);
    for (const text of report.leftOut) terminal.note(text);
    terminal.show({
      json: () => verifyJson(report),
      text: (style) => verifyText(report, style) + diagnosisText(report.diagnosis, style),
    });
    return report.verdict;
  },
});

type PolicyOptions = Pick<
  OptionsOf<typeof VERIFY_OPTIONS>,
  | "leeway"
  | "alg"
  | "typ"
  | "iss"
  | "aud"
  | "require"
  | "tryAll"
  | "allowWeak"
  | "jsonForm"
  | "holderAud"
  | "holderNonce"
>;

function policyOf(chosen: PolicyOptions): Omit<VerificationOptions, "time"> {
  const { leeway, alg, typ, iss, aud, require, tryAll, allowWeak, jsonForm } = chosen;
  const { holderAud: audience, holderNonce: nonce } = chosen;
  const isAsked = audience !== undefined || nonce !== undefined;
  return {
    ...{ leeway, require, tryAll, allowWeak, jsonForm },
    ...{ algorithms: alg, types: typ, issuers: iss, audiences: aud },
    ...(isAsked ? { holder: { audience, nonce } } : {}),
  };
}

/** @returns seconds */
function parseLeeway(text: string, flag: string): number {
  const seconds = parseDuration(text, flag);
  if (seconds <= MAX_LEEWAY_SECONDS) return seconds;
  throw new AppError("usage", `${flag} is at most ${formatDuration(MAX_LEEWAY_SECONDS)}`, {
    hints: ["To ask about another time there is --at"],
  });
}
