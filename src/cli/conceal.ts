import { AppError } from "../core/base/errors.ts";
import { contentKind, QUOTED } from "../core/base/text/given-content.ts";

/** A word shorter than this is no secret that could be kept, unless it stands where secrets are expected. */
const SHORTEST_SECRET = 16;
/** So much of a word that may be a secret is repeated: enough to find it on the command line. */
const SHOWN = 4;

/** Options whose value is a secret, or names one. */
const SECRET_OPTION = /^--?(?:[\w-]*-)?(?:secret|passphrase|password|token)(?:-file|-stdin)?$/;

/**
 * An error without the words of the command line that may be secrets: a secret that is given where a name or a number is
 * expected must not end up in a log. Names of files, addresses, times and other plain words stay as they are.
 */
export function concealed(error: AppError, argv: readonly string[]): AppError {
  // The kid of a key that was found is no secret, nor is a word or the name of a variable that was recognised.
  const { kid, named } = error.data;
  const replacements = replacementsFor(argv).filter(([word]) => word !== kid && word !== named);
  if (replacements.length === 0) return error;
  const conceal = (text: string) =>
    replacements.reduce((kept, [word, shown]) => withoutWord(kept, word, shown), text);
  const { code, message, hints, data } = error;
  const told = [message, ...hints, ...Object.values(data).flat().map(String)];
  if (!told.some((text) => conceal(text) !== text)) return error;
  const keptData = Object.entries(data).map(([name, value]) => [
    name,
    typeof value === "string" ? conceal(value) : Array.isArray(value) ? value.map(conceal) : value,
  ]);
  return new AppError(code, conceal(message), {
    hints: hints.map(conceal),
    data: Object.fromEntries(keptData),
    cause: error,
  });
}

/** How much of the start of a word gives it away: messages may quote less than all of it. */
const TELLING = 24;

/** A text with a word replaced, also where only its beginning is quoted. */
function withoutWord(text: string, word: string, shown: string): string {
  const start = word.slice(0, TELLING);
  let kept = "";
  let from = 0;
  for (let at = text.indexOf(start); at >= 0; at = text.indexOf(start, from)) {
    let length = start.length;
    while (length < word.length && text[at + length] === word[length]) length++;
    const isAll = length === word.length || /^(?:…|\.\.\.|$)/.test(text.slice(at + length, at + length + 3));
    kept += text.slice(from, at) + (isAll ? shown : start);
    from = at + (isAll ? length : start.length);
  }
  return kept + text.slice(from);
}

type Replacement = readonly [word: string, shown: string];

/** The longest first, so that a part of a word never keeps the whole from being found. */
function replacementsFor(argv: readonly string[]): readonly Replacement[] {
  const found = new Map<string, string>();
  argv.forEach((word, index) => {
    const [flag = "", ...inline] = word.split("=");
    const isSecret = SECRET_OPTION.test(inline.length > 0 ? flag : (argv[index - 1] ?? ""));
    for (const part of partsOf(word)) {
      if (isSecret ? part.length > SHOWN && !isPath(part) : mayBeSecret(part)) {
        found.set(part, `${part.slice(0, SHOWN).replace(/\s/g, " ")}…`);
      } else if (part.length > QUOTED && !isPath(part)) {
        found.set(part, `${part.slice(0, QUOTED - 1)}…`);
      }
    }
  });
  return [...found].sort(([first], [second]) => second.length - first.length);
}

/** The name of a file that may be a secret given in its place, as it may be shown. */
export function concealedName(name: string): string {
  return mayBeSecret(name) ? `${name.slice(0, SHOWN)}…` : name;
}

/** A word, and what its marks and its line breaks leave of it. */
function partsOf(word: string): readonly string[] {
  const value = /^--[\w-]+=([\s\S]*)$/.exec(word)?.[1] ?? word;
  const bare = value.replace(/^(?:b64:|hex:)?(?:@|env:)?/, "");
  const lines = word.includes("\n")
    ? word.split(/\r?\n/).filter((line) => line.length >= SHORTEST_SECRET)
    : [];
  const plain = [word, value, value.trim(), bare, bare.trim(), ...lines].filter((part) => part !== "");
  // Messages that quote a text as JSON escape it.
  return [...new Set([...plain, ...plain.map((part) => JSON.stringify(part).slice(1, -1))])];
}

function mayBeSecret(word: string): boolean {
  if (contentKind(word) !== undefined) return true;
  return word.length >= SHORTEST_SECRET && !isPlain(word) && !isPath(word);
}

/** What everybody sees to be no secret: flags, addresses, times, numbers, sums of money in JSON, mail addresses. */
function isPlain(word: string): boolean {
  return (
    /^--?[a-z][a-z-]*(?:=[\w.-]{0,15})?$/.test(word) ||
    /^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(word) ||
    /^urn:\S+$/.test(word) ||
    /^[\d.:TZ+-]{1,30}$/.test(word) ||
    /^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$/.test(word) ||
    /^[a-z]+(?:[-_.][a-z]+){0,2}$/.test(word)
  );
}

/** The name of a file with a folder or an ending, in which no part looks like the bytes of a key. */
function isPath(word: string): boolean {
  if (contentKind(word) !== undefined || word.length > 255) return false;
  const parts = word.replace(/^(?:b64:|hex:)?@/, "").split(/[\\/]/);
  const hasEnding = /^[^\s=+]*\.[A-Za-z][A-Za-z0-9]{0,9}$/.test(parts.at(-1) ?? "");
  const hasFolder = parts.length > 1 && /^(?:~|\.{0,2}|[A-Za-z]:|[\w.@-]+)$/.test(parts[0] ?? "");
  return (hasEnding || hasFolder) && !parts.some(looksRandom);
}

/** Long, and letters of both cases with digits, or hexadecimal: nobody names a folder so. */
function looksRandom(part: string): boolean {
  if (part.length < 20) return false;
  if (/^[0-9a-fA-F]{32,}$/.test(part) || /[+=]/.test(part)) return true;
  return /^[\w-]+$/.test(part) && /\d/.test(part) && /[a-z]/.test(part) && /[A-Z]/.test(part);
}
