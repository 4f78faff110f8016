/** A name and the value it is set to: a line of an environment file, of YAML, of a configuration or of source code. */
export interface Assignment {
  readonly name: string;
  readonly value: string;
}

const LINE =
  /^[ \t]*(?:- +)?(?:(?:export|set|setx|ENV|ARG|const|let|var|val|final|readonly|declare -x)[ \t]+|\$env:|\$)?["']?([A-Za-z_][\w.-]{0,127})["']?[ \t]*(?::=|=>|[=:])[ \t]*([^=].*)$/;

/** The length of a value from which on it could be a key. */
const LONG = 40;

/** Whether the first line that is no comment sets a name to a value, or a later one sets one to a long value. */
export function looksLikeAssignments(text: string): boolean {
  let isFirst = true;
  for (const line of linesOf(text)) {
    const trimmed = line.text.trim();
    if (trimmed === "" || /^(?:#|\/\/|;|---|\[[\w .-]+\]$|[\w.-]+:$)/.test(trimmed)) continue;
    const value = LINE.exec(line.text)?.[2];
    if (value !== undefined && (isFirst || value.length >= LONG)) return true;
    isFirst = false;
  }
  return false;
}

interface Line {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

function* linesOf(text: string, from = 0): Iterable<Line> {
  for (let start = from; start <= text.length; ) {
    const found = text.indexOf("\n", start);
    const end = found < 0 ? text.length : found;
    yield { text: text.slice(start, end).replace(/\r$/, ""), start, end };
    start = end + 1;
  }
}

/** The assignments of a text, in order. Quoted values, YAML's blocks and here-documents may have several lines. */
export function* assignmentsOf(text: string): Iterable<Assignment> {
  let skipTo = 0;
  for (const line of linesOf(text)) {
    if (line.start < skipTo) continue;
    const found = LINE.exec(line.text);
    if (found === null) continue;
    const [, name = "", rest = ""] = found;
    const valueStart = line.start + line.text.length - rest.length;
    const { value, end } = valueAt(text, rest, valueStart, line);
    skipTo = end;
    yield { name, value };
  }
}

function valueAt(text: string, rest: string, start: number, line: Line): { value: string; end: number } {
  const [quote = ""] = rest;
  if (quote === '"' || quote === "'" || quote === "`") {
    const close = closingQuote(text, quote, start + 1);
    if (close !== undefined) return { value: text.slice(start + 1, close), end: close + 1 };
  }
  const mark = /^<<[-~]?["']?([A-Za-z_]\w*)/.exec(rest)?.[1];
  if (mark !== undefined) return until(text, line.end + 1, (later) => later.trim() === mark);
  const indent = /^[ \t]*/.exec(line.text)?.[0].length ?? 0;
  const deeper = (later: string) => later.trim() !== "" && (/^[ \t]*/.exec(later)?.[0].length ?? 0) <= indent;
  if (/^[|>][+-]?\d?[+-]?[ \t]*(?:#.*)?$/.test(rest)) return until(text, line.end + 1, deeper);
  const plain = rest.replace(/[ \t]+#.*$/, "").trim();
  if (!/^[A-Za-z0-9+/_-]{40,}$/.test(plain)) return { value: plain, end: line.end };
  // base64 that goes on in the lines below it.
  const more = until(text, line.end + 1, (later) => !/^[ \t]*[A-Za-z0-9+/_-]+={0,2}[ \t]*$/.test(later));
  return { value: `${plain}\n${more.value}`, end: Math.max(line.end, more.end) };
}

function closingQuote(text: string, quote: string, from: number): number | undefined {
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === quote) return at;
  }
  return undefined;
}

/** The lines up to the one that ends them. */
function until(text: string, from: number, ends: (line: string) => boolean): { value: string; end: number } {
  let end = Math.min(from, text.length);
  for (const line of linesOf(text, from)) {
    if (line.start > text.length || ends(line.text))
      return { value: text.slice(from, line.start), end: line.start };
    end = line.end;
  }
  return { value: text.slice(from, end), end };
}
