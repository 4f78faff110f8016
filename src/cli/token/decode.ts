import { isBareToken, withoutFinalLineBreak } from "../../core/analysis/extraction/bare.ts";
import { sensitiveClaimWarnings } from "../../core/analysis/lint/sensitive-claims.ts";
import { AppError } from "../../core/base/errors.ts";
import type { TimeContext } from "../../core/base/time/instant.ts";
import { objectOf } from "../../core/jose/token/content.ts";
import type { DecodedToken } from "../../core/jose/token/decoded-token.ts";
import { inspectIfToken } from "../../core/jose/token/inspect.ts";
import { isPlainJws } from "../../core/jose/token/inspect-form.ts";
import { timesOf } from "../../core/jose/token/times.ts";
import { decodeJson } from "../../output/token/decode-json.ts";
import { decodeText } from "../../output/token/decode-view.ts";
import type { Context } from "../context.ts";
import type { View } from "../conversation.ts";
import { readText } from "../input.ts";
import { choiceOption, refuseTogether } from "../keys/shared.ts";
import { options, type OldVerb as Verb } from "../old-command.ts";
import { type LineOptions, lineOptions, wantsLines } from "./line-options.ts";
import { type TimeOptions, timeContext, timeOptions } from "./times.ts";

interface Options extends TimeOptions, LineOptions {
  readonly part?: string;
  readonly explain?: boolean;
  readonly all?: boolean;
  readonly pick?: string;
  readonly paste?: boolean;
  readonly copy?: boolean;
}

const PARTS = ["header", "payload", "signature"] as const;
/** What --part can name. */
export type PartName = (typeof PARTS)[number];

export const decode: Verb = {
  configure: (command) =>
    lineOptions(
      timeOptions(
        command
          .argument("[token...]", "the token, or any text it is in; @file, - or nothing for stdin")
          .option("--part <name>", `print one part only, for pipes: ${PARTS.join(", ")}`)
          .option("--explain", "say what every member of the header and every claim means")
          .option("--all", "of several tokens in the input, show all")
          .option("--pick <which>", "of several tokens, the one with this number or name")
          .option("--paste", "read from the clipboard")
          .option("--copy", "put what is printed on the clipboard, too"),
      ),
    ),
  examples: [
    ['jwtctl decode "$TOKEN"', "what the token says; no key needed"],
    ["jwtctl decode --paste --explain", "what was copied, with a sentence for every claim"],
    ["jwtctl decode @server.log --all --json", "every token in a text, as a JSON array"],
    ['jwtctl decode "$TOKEN" --part payload | jq .sub', "one part, for other programs"],
    ['jwtctl decode "$TOKEN" --at "2026-03-01 12:00"', "was it valid then?"],
    ["jwtctl decode --lines @tokens.txt | jq -r .payload.sub", "very many tokens, one a line"],
  ],
  async run(context, invocation) {
    const chosen = options<Options>(invocation);
    const { args } = invocation;
    if (wantsLines(chosen)) return (await import("./bulk.ts")).decodeLines(context, args[0], chosen);
    refuseContradictions(chosen, args.length > 0);
    const part = chosen.part === undefined ? undefined : choiceOption("--part", chosen.part, PARTS);
    const time = timeContext(context, chosen);
    const tokens = await decodeInput(context, await readInput(context, args, chosen), time, chosen);
    const answer =
      part === undefined ? await viewOf(tokens, time, chosen) : await partOf(context, tokens, part);
    if (typeof answer !== "string") context.show(answer);
    if (chosen.copy) await (await import("../clipboard.ts")).copyAnswer(context, answer);
    refuseDamaged(part === "header" ? tokens.filter(hasNoHeader) : part === "signature" ? [] : tokens);
    return undefined;
  },
};

function refuseContradictions(chosen: Options, given: boolean): void {
  refuseTogether(chosen.all && "--all", chosen.pick && "--pick");
  refuseTogether(chosen.all && "--all", chosen.part && "--part");
  refuseTogether(chosen.explain && "--explain", chosen.part && "--part");
  refuseTogether(chosen.paste && "--paste", given && "a token on the command line");
}

/** Several words are one text: `Authorization: Bearer eyJ…` is easily pasted without quotes. */
async function readInput(
  context: Context,
  args: readonly (string | undefined)[],
  { paste }: Options,
): Promise<string> {
  if (paste) return (await import("../clipboard.ts")).readClipboard(context);
  if (args.length < 2) return readText(context, args[0], "token");
  if (!args.some((arg) => arg?.startsWith("@"))) return args.join(" ");
  const texts: string[] = [];
  for (const arg of args) texts.push(await readText(context, arg, "token"));
  return texts.join("\n");
}

/** A compact token with nothing special about it takes the short way: what reads the others is not even loaded. */
async function decodeInput(
  context: Context,
  text: string,
  time: TimeContext,
  { all = false, pick }: Options,
): Promise<readonly DecodedToken[]> {
  const bare = withoutFinalLineBreak(text);
  if (isBareToken(bare) && pick === undefined) {
    const token = inspectIfToken(bare);
    if (token !== undefined && isPlainJws(token)) {
      const warnings = [...token.warnings(), ...sensitiveClaimWarnings(objectOf(token.payload?.content))];
      return [{ token, repairs: token.repairs, times: timesOf(token, time.now), warnings }];
    }
  }
  const { decodeSpecial } = await import("./decode-special.ts");
  return decodeSpecial(context, text, time.now, { all, pick });
}

async function viewOf(
  tokens: readonly DecodedToken[],
  time: TimeContext,
  { all = false, explain = false }: Options,
): Promise<View> {
  const [only] = tokens;
  if (!all && !explain && only !== undefined && isPlainJws(only.token) && only.inner === undefined) {
    return { json: () => decodeJson(only), text: (style) => decodeText(only, time, style) };
  }
  const { specialView } = await import("./decode-views.ts");
  return specialView(tokens, time, { all, explain });
}

async function partOf(context: Context, tokens: readonly DecodedToken[], part: PartName): Promise<string> {
  const [only] = tokens;
  return only === undefined ? "" : (await import("./decode-part.ts")).showPart(context, only.token, part);
}

function hasNoHeader({ token }: DecodedToken): boolean {
  return objectOf(token.header.content) === undefined;
}

/** What could be read has been shown; that it was not the whole must not go unnoticed. */
function refuseDamaged(tokens: readonly DecodedToken[]): void {
  const fault = tokens.map(({ token }) => token.fault).find((found) => found !== undefined);
  if (fault === undefined) return;
  throw new AppError("token_malformed", fault.message, {
    hints: ["Copy the whole token: three segments of base64url with two dots between them"],
    data: { fault: fault.code },
  });
}
