import { AppError } from "../core/base/errors.ts";
import { contentKind } from "../core/base/text/given-content.ts";
import { CATALOG, type CatalogEntry } from "./catalog.ts";
import type { Verb } from "./command.ts";
import type { DeclaredOptions } from "./declare.ts";
import { GLOBAL_OPTIONS, type GlobalOptions, TEXT_OPTIONS } from "./global-options.ts";
import { locate, locateNoun, namesNothing } from "./locate.ts";
import { NOUNS } from "./nouns.ts";
import { checkOptions, readArguments, readOptions, type Surroundings } from "./read-values.ts";
import { splitLine } from "./split-line.ts";
import { didYouMean, suggestionsFor } from "./suggestions.ts";

/** What the command line asks for, before anything is done. */
export type Request =
  | {
      readonly kind: "run";
      /** `users add`, whichever of its names was typed. */
      readonly command: string;
      readonly verb: Verb;
      readonly chosen: Parameters<Verb["run"]>[0];
      readonly globals: GlobalOptions;
    }
  | { readonly kind: "version" }
  /** What there is to begin with. */
  | { readonly kind: "start" }
  /** Of a command, of a noun, or of jwtctl. */
  | { readonly kind: "help"; readonly about: CatalogEntry | string | undefined };

/**
 * Reads the command line. Only the verb that it names is loaded.
 * @throws AppError `usage`, and what the parsers of its options throw
 */
export async function readCommandLine(argv: readonly string[], surroundings: Surroundings): Promise<Request> {
  const words = withHelpLast(argv);
  const entry = locate(words);
  if (entry === undefined) return readWithoutVerb(words);
  const command = entry.path.join(" ");
  const verb = await entry.load();
  const { arguments: taken = {}, options = {}, excessHint } = verb;
  const declared: DeclaredOptions = { ...options, ...GLOBAL_OPTIONS, ...TEXT_OPTIONS };
  const reading = { ...surroundings, see: seeHelp(command) };
  const takesKid = Object.values(taken).some(({ completes }) => completes === "kid");
  const line = splitLine(takesKid ? withKidsLast(words) : words, declared, reading.see);
  if (line.given.has("version")) return { kind: "version" };
  if (line.given.has("help")) return { kind: "help", about: entry };
  const operands = line.operands.slice(isShort(entry, line.operands) ? 1 : entry.path.length);
  const given = Object.keys(taken).slice(0, operands.length);
  checkOptions(line.given, declared, given);
  const globals = readOptions(line.given, GLOBAL_OPTIONS, reading);
  const values = readOptions(line.given, options, reading);
  const args = readArguments(operands, { declared: taken, excessHint }, command, reading);
  return { kind: "run", command, verb, chosen: { ...values, ...args }, globals };
}

/** Whether the noun stood for its default verb: `audit` is `audit list`. */
function isShort(entry: CatalogEntry, operands: readonly string[]): boolean {
  return entry.default === true && operands[1] !== entry.path[1];
}

/** Without a command: help, the version, or a typing error. @throws AppError `usage` */
function readWithoutVerb(words: readonly string[]): Request {
  if (words.length === 0 || (words.length === 1 && words[0] === "-h")) return { kind: "start" };
  const noun = locateNoun(words);
  const see = seeHelp(noun);
  const { given, operands } = splitLine(words, { ...GLOBAL_OPTIONS, ...TEXT_OPTIONS }, see);
  if (given.has("version")) return { kind: "version" };
  // Help about what there is not is a typing error like any other.
  const index = noun === undefined ? 0 : 1;
  const isContent = operands[index] !== undefined && contentKind(operands[index]) !== undefined;
  const unknown = namesNothing(words) || isContent ? operands[index] : undefined;
  if (unknown !== undefined) throw unknownCommand(unknown, noun);
  if (given.has("help")) return { kind: "help", about: noun };
  throw new AppError("usage", `missing command${noun === undefined ? "" : `: jwtctl ${noun} COMMAND`}`, {
    hints: [...verbHints(noun), see],
  });
}

function unknownCommand(word: string, noun: string | undefined): AppError {
  const kind = contentKind(word);
  if (kind !== undefined) {
    const hint =
      kind === "a token" ? "Look into it with: jwtctl decode" : "Say first what is to be done with it";
    return new AppError("usage", `${kind} was given where a command is expected`, {
      hints: [hint, seeHelp(noun)],
    });
  }
  const meant = didYouMean(suggestionsFor(word, namesUnder(noun)));
  return new AppError("usage", `unknown command '${word}'`, {
    hints: [...(meant.length > 0 ? meant : verbHints(noun)), seeHelp(noun)],
  });
}

function verbHints(noun: string | undefined): readonly string[] {
  const verbs = CATALOG.filter(({ path }) => path.length === 2 && path[0] === noun).map(
    ({ path }) => path[1],
  );
  return verbs.length === 0 ? [] : [`Choose from: ${verbs.join(", ")}`];
}

/** The commands that can stand where an unknown one does: the verbs of a noun, or the nouns and the bare verbs. */
function namesUnder(noun: string | undefined): readonly string[] {
  const entries = CATALOG.filter(({ path }) => (noun === undefined ? path.length === 1 : path[0] === noun));
  const names = entries.flatMap(({ path, aliases = [] }) => [path[path.length - 1] ?? "", ...aliases]);
  return noun === undefined ? [...Object.keys(NOUNS), ...names] : names;
}

/** The hint that leads to the help of a command, or of jwtctl. */
export function seeHelp(command: string | undefined): string {
  return `See: jwtctl ${command === undefined ? "" : `${command} `}--help`;
}

/** `help keys rotate` and `keys help rotate` ask what `keys rotate --help` does. */
function withHelpLast(argv: readonly string[]): readonly string[] {
  const [first = "", second] = argv;
  if (first === "help") return [...argv.slice(1), "--help"];
  return first in NOUNS && second === "help" ? [first, ...argv.slice(2), "--help"] : argv;
}

/** A SHA-256 thumbprint in base64url (RFC 7638) that begins like an option, as one in 64 does. */
const KID_LIKE_AN_OPTION = /^-[\w-]{42}$/;

/** Moves kids that begin with a hyphen behind `--`: they are copied out of a list, where nothing says that it is needed. */
function withKidsLast(words: readonly string[]): readonly string[] {
  if (words.includes("--")) return words;
  const isKid = (word: string, index: number) =>
    KID_LIKE_AN_OPTION.test(word) && words[index - 1] !== "--kid";
  const kids = words.filter(isKid);
  return kids.length === 0 ? words : [...words.filter((word, index) => !isKid(word, index)), "--", ...kids];
}
