import { findOneToken } from "../../app/token/find-token.ts";
import { compareTokens } from "../../core/analysis/compare/compare.ts";
import { AppError, type ErrorCode } from "../../core/base/errors.ts";
import type { InspectedToken } from "../../core/jose/token/inspect.ts";
import { diffJson, diffText } from "../../output/compare/diff-view.ts";
import type { Context } from "../context.ts";
import { readText } from "../input.ts";
import { currentSession } from "../login/current-login.ts";
import { options, type OldVerb as Verb } from "../old-command.ts";
import { collect } from "../options.ts";
import { type TimeOptions, timeContext, timeOptions } from "./times.ts";

interface Options extends TimeOptions {
  readonly ignore?: readonly string[];
  readonly exitCode?: boolean;
  readonly pick?: string;
}

interface NamedToken {
  readonly name: string;
  readonly token: InspectedToken;
}

export const diff: Verb = {
  configure: (command) =>
    timeOptions(
      command
        .argument("[first]", "a token, @file, - or nothing for stdin")
        .argument(
          "[second]",
          "another; without it the first is compared with the current login's access token",
        )
        .option(
          "--ignore <member>",
          "leave a member of header or payload out, as in iat (repeatable)",
          collect,
        )
        .option("--pick <which>", "of several tokens in an input, the one with this number or name")
        .option("--exit-code", "exit 1 when header or payload differ, as git diff does"),
    ),
  examples: [
    ['jwtctl diff "$OLD" "$NEW"', "what differs, and whether it matters for verification"],
    ["jwtctl diff @working.txt @failing.txt", "from files"],
    ["jwtctl diff @before.json @after.json --pick id_token", "one token of each of two token responses"],
    ['jwtctl diff "$TOKEN"', "compare the current login's access token with this one"],
    ["jwtctl diff @expected.txt - --ignore iat --ignore exp --ignore jti --exit-code", "in a test"],
  ],
  async run(context, invocation): Promise<ErrorCode | undefined> {
    const chosen = options<Options>(invocation);
    const [first, second] = invocation.args;
    const time = timeContext(context, chosen);
    const [left, right] =
      second === undefined
        ? [await currentToken(context), await readToken(context, first, "the token given", chosen.pick)]
        : await twoTokens(context, first, second, chosen.pick);
    const comparison = compareTokens(left.token, right.token, {
      ignore: new Set(chosen.ignore ?? []),
      now: time.now,
    });
    const names = { left: left.name, right: right.name };
    context.show({
      json: () => diffJson(comparison),
      text: (style) => diffText(comparison, names, time, style),
    });
    return chosen.exitCode && !comparison.same ? "tokens_differ" : undefined;
  },
};

async function twoTokens(
  context: Context,
  first: string | undefined,
  second: string,
  pick: string | undefined,
): Promise<readonly [NamedToken, NamedToken]> {
  if (first === "-" && second === "-") throw new AppError("usage", "stdin can only be read once");
  return [
    await readToken(context, first, "the first token", pick),
    await readToken(context, second, "the second token", pick),
  ];
}

/** @throws AppError `token_ambiguous` when the input holds several and none is picked */
async function readToken(
  context: Context,
  given: string | undefined,
  name: string,
  pick: string | undefined,
): Promise<NamedToken> {
  const { token, leftOut } = findOneToken(await readText(context, given, "token"), pick);
  for (const text of leftOut) context.note(text);
  const source =
    given === undefined || given === "-" ? "stdin" : given.startsWith("@") ? given.slice(1) : name;
  return { name: source, token };
}

/** @throws AppError `not_logged_in` */
async function currentToken(context: Context): Promise<NamedToken> {
  const session = await (await currentSession(context)).read();
  if (session === null) {
    throw new AppError("not_logged_in", "there is no second token and no current login to compare with", {
      hints: ["Give two tokens, or log in with: jwtctl login NAME"],
    });
  }
  const { token } = findOneToken(session.accessToken);
  return { name: "the current login", token };
}
