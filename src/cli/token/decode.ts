import { type DecodePorts, decodeTokens, refuseDamaged } from "../../app/token/decode-tokens.ts";
import type { TimeContext } from "../../core/base/time/instant.ts";
import type { DecodedToken } from "../../core/jose/token/decoded-token.ts";
import { isPlainJws } from "../../core/jose/token/inspect-form.ts";
import { decodeJson } from "../../output/token/decode-json.ts";
import { decodeText } from "../../output/token/decode-view.ts";
import { defineVerb, type Needs } from "../command.ts";
import { namesFile, readText } from "../input.ts";
import type { Terminal, View } from "../terminal.ts";
import { LINE_OPTIONS } from "./line-options.ts";
import { TIME_OPTIONS, timeContext } from "./times.ts";

export const decode = defineVerb({
  arguments: {
    token: {
      help: "the token, or any text it is in; @file, - or nothing for stdin",
      optional: true,
      repeatable: true,
      completes: "file",
    },
  },
  options: {
    part: {
      value: "name",
      choices: ["header", "payload", "signature"],
      help: "print one part only, for pipes",
      conflicts: ["all", "explain"],
    },
    explain: { help: "say what every member of the header and every claim means" },
    all: { help: "of several tokens in the input, show all", conflicts: ["pick"] },
    pick: { value: "which", help: "which token to use if there are several (number or name)" },
    paste: { help: "read from the clipboard", conflicts: ["token"] },
    copy: { help: "put what is printed on the clipboard, too" },
    ...TIME_OPTIONS,
    ...LINE_OPTIONS,
    lines: {
      ...LINE_OPTIONS.lines,
      conflicts: ["part", "explain", "all", "pick", "paste", "copy", "at", "utc"],
    },
  },
  examples: [
    ['jwtctl decode "$TOKEN"', "what the token says; no key needed"],
    ["jwtctl decode --paste --explain", "what was copied, with a sentence for every claim"],
    ["jwtctl decode @server.log --all --json", "every token in a text, as a JSON array"],
    ['jwtctl decode "$TOKEN" --part payload | jq .sub', "one part, for other programs"],
    ['jwtctl decode "$TOKEN" --at "2026-03-01 12:00"', "was it valid then?"],
    ["jwtctl decode --lines @tokens.txt | jq -r .payload.sub", "very many tokens, one a line"],
  ],
  async run({ token: given, part, all, pick, paste, copy, lines, jobs, ...chosen }, ports) {
    if (lines) return (await import("./bulk.ts")).decodeLines(given, jobs, ports);
    const { terminal } = ports;
    const time = timeContext(chosen, ports);
    const text = paste
      ? await (await import("../clipboard.ts")).readClipboard(ports)
      : await readTokens(given, ports);
    const { textDigest, unpack } = ports;
    const input = { text, now: time.now, all, pick };
    const decoded = await decodeTokens(input, { textDigest, unpack, choose: chooser(terminal) });
    for (const note of decoded.notes) terminal.note(note);
    const { tokens } = decoded;
    const answer =
      part === undefined
        ? await viewOf(tokens, time, { all, explain: chosen.explain })
        : (await import("./decode-part.ts")).showPart(tokens, part, terminal);
    if (typeof answer !== "string") terminal.show(answer);
    if (copy) await (await import("../clipboard.ts")).copyAnswer(answer, ports);
    refuseDamaged(decoded, part);
    return undefined;
  },
});

async function allNameFiles(words: readonly string[], ports: Needs<"files">): Promise<boolean> {
  for (const word of words) if (!(await namesFile(ports, word))) return false;
  return true;
}

/** Several words are one text: `Authorization: Bearer eyJ…` is easily pasted without quotes. */
async function readTokens(given: readonly string[], ports: Needs<"terminal" | "files">): Promise<string> {
  if (given.length < 2) return readText(ports, given[0], "token");
  if (!given.some((word) => word.startsWith("@")) && !(await allNameFiles(given, ports)))
    return given.join(" ");
  const texts: string[] = [];
  for (const word of given) texts.push(await readText(ports, word, "token"));
  return texts.join("\n");
}

function chooser(terminal: Terminal): DecodePorts["choose"] {
  if (!terminal.canAsk || terminal.json) return undefined;
  return async (tokens) => (await import("./choose-token.ts")).chooseToken(tokens, terminal);
}

async function viewOf(
  tokens: readonly DecodedToken[],
  time: TimeContext,
  { all, explain }: { readonly all: boolean; readonly explain: boolean },
): Promise<View> {
  const [only] = tokens;
  if (!all && !explain && only !== undefined && isPlainJws(only.token) && only.inner === undefined) {
    return { json: () => decodeJson(only), text: (style) => decodeText(only, time, style) };
  }
  const { specialView } = await import("./decode-views.ts");
  return specialView(tokens, time, { all, explain });
}
