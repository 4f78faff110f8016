import { diffTokens } from "../../app/token/diff-tokens.ts";
import { AppError } from "../../core/base/errors.ts";
import { diffJson, diffText } from "../../output/compare/diff-view.ts";
import { defineVerb, type Needs } from "../command.ts";
import { readText } from "../input.ts";
import { TIME_OPTIONS, timeContext } from "./times.ts";

export const diff = defineVerb({
  arguments: {
    first: { help: "a token, @file, - or nothing for stdin", optional: true, completes: "file" },
    second: {
      help: "another; without it the first is compared with the current login's access token",
      optional: true,
      completes: "file",
    },
  },
  options: {
    ignore: {
      value: "member",
      repeatable: true,
      help: "leave a member of header or payload out, as in iat",
      completes: "claim",
    },
    pick: { value: "which", help: "of several tokens in an input, the one with this number or name" },
    exitCode: { help: "exit 1 when header or payload differ, as git diff does" },
    ...TIME_OPTIONS,
  },
  examples: [
    ['jwtctl diff "$OLD" "$NEW"', "what differs, and whether it matters for verification"],
    ["jwtctl diff @working.txt @failing.txt", "from files"],
    ["jwtctl diff @before.json @after.json --pick id_token", "one token of each of two token responses"],
    ['jwtctl diff "$TOKEN"', "compare the current login's access token with this one"],
    ["jwtctl diff @expected.txt - --ignore iat --ignore exp --ignore jti --exit-code", "in a test"],
  ],
  async run({ first, second, exitCode, ignore, pick, ...chosen }, ports) {
    const time = timeContext(chosen, ports);
    const { terminal, currentSession } = ports;
    const { texts, names } = await readTexts(first, second, ports);
    const input = { texts, pick, ignore, now: time.now };
    const { comparison, notes } = await diffTokens(input, { currentSession });
    for (const text of notes) terminal.note(text);
    terminal.show({
      json: () => diffJson(comparison),
      text: (style) => diffText(comparison, names, time, style),
    });
    return exitCode && !comparison.same ? "tokens_differ" : undefined;
  },
});

async function readTexts(
  first: string | undefined,
  second: string | undefined,
  ports: Needs<"terminal" | "files">,
) {
  const read = (given: string | undefined) => readText(ports, given, "token");
  if (second === undefined) {
    const names = { left: "the current login", right: nameOf(first, "the token given") };
    return { texts: [await read(first)], names } as const;
  }
  if (first === "-" && second === "-") throw new AppError("usage", "stdin can only be read once");
  const names = { left: nameOf(first, "the first token"), right: nameOf(second, "the second token") };
  return { texts: [await read(first), await read(second)], names } as const;
}

/** What a token is called beside the other: where it was read from, if that says anything. */
function nameOf(given: string | undefined, otherwise: string): string {
  if (given === undefined || given === "-") return "stdin";
  return given.startsWith("@") ? given.slice(1) : otherwise;
}
