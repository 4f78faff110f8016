import { decodeToken } from "../../app/token/decode-token.ts";
import { AppError } from "../../core/errors.ts";
import type { TokenPart } from "../../core/token/content.ts";
import type { Finding } from "../../core/token/finding.ts";
import type { InspectedToken } from "../../core/token/inspect.ts";
import { safe } from "../../output/sanitize.ts";
import { decodeJson } from "../../output/token/decode-json.ts";
import { decodeText } from "../../output/token/decode-view.ts";
import { rawPart, rawPartJson } from "../../output/token/token-text.ts";
import { options, type Verb } from "../command.ts";
import type { Context } from "../context.ts";
import { readText } from "../input.ts";
import { choiceOption } from "../keys/shared.ts";
import { type LineOptions, lineOptions, wantsLines } from "./line-options.ts";
import { type TimeOptions, timeContext, timeOptions } from "./times.ts";

interface Options extends TimeOptions, LineOptions {
  readonly part?: string;
  readonly explain?: boolean;
}

const PARTS = ["header", "payload", "signature"] as const;
type Part = (typeof PARTS)[number];

export const decode: Verb = {
  configure: (command) =>
    lineOptions(
      timeOptions(
        command
          .argument("[token]", "the token, or text it is in; @file, - or nothing for stdin")
          .option("--part <name>", `print one part only, for pipes: ${PARTS.join(", ")}`)
          .option("--explain", "say what every member of the header and every claim means"),
      ),
    ),
  examples: [
    ['jwtctl decode "$TOKEN"', "what the token says; no key needed"],
    ["pbpaste | jwtctl decode --explain", "with a sentence for every claim"],
    ['jwtctl decode "$TOKEN" --part payload | jq .sub', "one part, for other programs"],
    ['jwtctl decode "$TOKEN" --at "2026-03-01 12:00"', "was it valid then?"],
    ["jwtctl decode --lines @tokens.txt | jq -r .payload.sub", "very many tokens, one a line"],
  ],
  async run(context, invocation) {
    const chosen = options<Options>(invocation);
    if (wantsLines(chosen)) {
      return (await import("./bulk.ts")).decodeLines(context, invocation.args[0], chosen);
    }
    const time = timeContext(context, chosen);
    const part = chosen.part === undefined ? undefined : choiceOption("--part", chosen.part, PARTS);
    const text = await readText(context, invocation.args[0], "token");
    const decoded = decodeToken({ text, now: time.now });
    if (decoded.others.length > 0) {
      context.note(`there are more tokens in the input, at: ${decoded.others.join(", ")}`);
    }
    if (part !== undefined) return showPart(context, decoded.token, part);
    context.show({
      json: () => decodeJson(decoded),
      text: (style) => decodeText(decoded, time, chosen.explain ?? false, style),
    });
    refuseDamaged(decoded.token.fault);
  },
};

/** What could be read has been shown; that it was not the whole must not go unnoticed. */
function refuseDamaged(fault: Finding | undefined): void {
  if (fault === undefined) return;
  throw new AppError("token_malformed", fault.message, {
    hints: ["Copy the whole token: three segments of base64url with two dots between them"],
    data: { fault: fault.code },
  });
}

function showPart(context: Context, token: InspectedToken, name: Part): void {
  if (name === "signature") {
    const text = token.signature?.text ?? "";
    if (text === "") throw missing(token, name);
    context.show({ json: () => text, text: () => `${safe(text)}\n` });
    return;
  }
  const part = name === "header" ? token.header : token.payload;
  if (part === undefined) throw missing(token, name);
  const { stdout } = context.runtime;
  if (context.globals.json) context.show({ json: () => rawPartJson(part), text: () => "" });
  else stdout.write(stdout.isTerminal ? shownPart(part) : rawPart(part));
  if (part.content.kind !== "json" || name === "payload") refuseDamaged(token.fault);
}

/** On a terminal the text of a part must not act; in a pipe its bytes are what was asked for. */
function shownPart(part: TokenPart): string {
  const raw = rawPart(part);
  return typeof raw === "string" ? raw : `${safe(new TextDecoder().decode(raw))}\n`;
}

function missing(token: InspectedToken, name: Part): AppError {
  return token.encrypted
    ? new AppError("token_encrypted", `the ${name} cannot be shown: the token is encrypted (JWE)`, {
        hints: ["Only its header can be read: --part header"],
      })
    : new AppError("token_malformed", `the token has no ${name}`, { hints: ["Copy the whole token"] });
}
