import type { Asked } from "../../app/token/verify-asked.ts";
import { type TrustSource, verifyToken } from "../../app/token/verify-token.ts";
import { AppError } from "../../core/base/errors.ts";
import { verifyJson, verifyText } from "../../output/token/verify/verify-view.ts";
import { defineVerb, type Needs } from "../command.ts";
import { MAX_TEXT_BYTES, readText } from "../input.ts";
import { askedOf, asksStdin } from "./asked.ts";
import { diagnoser } from "./diagnosis.ts";
import { timeContext } from "./times.ts";
import { readsStdin, trustSource } from "./trust.ts";
import { policyOf, VERIFY_OPTIONS } from "./verify-options.ts";

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
    [
      'jwtctl verify "$TOKEN" --key public.pem --aud api --scope read --expect azp=my-app',
      "for an API: its audience, a scope, and the client",
    ],
    [
      'jwtctl verify "$ID_TOKEN" --issuer-url https://auth.example.com --as id-token --client-id my-app --nonce "$NONCE"',
      "as the client that received an ID token",
    ],
    [
      'jwtctl verify "$PROOF" --as dpop --method POST --url https://api.example.com/orders --access-token env:TOKEN',
      "a DPoP proof, against the request it came with",
    ],
    ['jwtctl verify "$TOKEN" --session', "also whether the login behind it has been revoked"],
    ["jwtctl mint --sub bob | jwtctl verify -", "from a pipe; the exit code tells the verdict"],
    ["jwtctl verify --lines @tokens.txt --jwks jwks.json > verdicts.ndjson", "very many tokens, one a line"],
  ],
  async run({ token: given, paste, lines, jobs, ...chosen }, ports) {
    const { terminal } = ports;
    const options = { ...policyOf(chosen), time: timeContext(chosen, ports) };
    const fromStdin = readsStdin(chosen)
      ? "the key"
      : asksStdin(chosen)
        ? "what came with the token"
        : undefined;
    if (fromStdin !== undefined && !paste && (given === undefined || given === "-")) {
      throw new AppError(
        "usage",
        `${fromStdin} is read from stdin: the token cannot be read from there too`,
        {
          hints: ["Give the token as an argument or as @file"],
        },
      );
    }
    const asked = await askedOf(chosen, ports);
    if (lines) {
      const trust = () => trustSource(chosen, ports);
      const at = chosen.at === undefined ? undefined : options.time.now;
      return (await import("./bulk.ts")).verifyLines(
        given,
        { jobs, options, asked: asked?.claims, at, trust },
        ports,
      );
    }
    const text = paste
      ? await (await import("../clipboard.ts")).readClipboard(ports)
      : await readText(ports, given, "token");
    const payload = chosen.payload === undefined ? undefined : await readPayload(chosen.payload, ports);
    const trust = isProof(asked) ? noTrust : await trustSource(chosen, ports);
    const report = await verifyToken(
      // A token from a pipe may have been made while this process waited for it: the clock is read now.
      { text, pick: chosen.pick, payload, asked, options: { ...options, time: timeContext(chosen, ports) } },
      {
        trust,
        jws: await ports.jws(),
        digest: () => ports.textDigest(),
        keyTools: () => ports.keyTools(),
        diagnose: chosen.noDiagnose ? undefined : diagnoser(chosen, ports),
        sessions: chosen.session ? await ports.store() : undefined,
      },
    );
    for (const { message } of report.unwrapped) terminal.note(message);
    for (const text of report.leftOut) terminal.note(text);
    terminal.show({
      json: () => verifyJson(report),
      text: (style) => verifyText(report, style, { allChecks: chosen.checks || terminal.verbose }),
    });
    return report.verdict;
  },
});

/** @param name of the file, also with an `@` */
function readPayload(name: string, { files }: Needs<"files">): Promise<Uint8Array> {
  return files.read(name.startsWith("@") ? name.slice(1) : name, MAX_TEXT_BYTES);
}

function isProof(asked: Asked | undefined): boolean {
  return asked?.kind?.kind === "dpop-proof";
}

/** A DPoP proof brings its key along: no other is looked for. */
const noTrust: TrustSource = async () => ({ candidates: [], issuers: [], audiences: [], holdsFor: "all" });
