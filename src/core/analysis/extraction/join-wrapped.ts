import { decodeBase64Url } from "../../base/base64url.ts";
import { objectOf, readContent, stringMember } from "../../jose/token/content.ts";
import { wholeLengths } from "./signature-size.ts";

/**
 * What says at the end of a line that it goes on: the backslash, caret or grave accent of a shell, the `=` of
 * quoted-printable (RFC 2045 section 6.7), the border of a table, the operator that concatenates strings. A quote says so
 * only when another follows, as in a string of several literals.
 */
const GOES_ON = "(?:\\\\|\\^|=|[\"'`]?[ \\t]*[|+&]|[\"'`])?";
/** A line that ends inside a token. */
const OPEN_END = new RegExp(
  `(?<![A-Za-z0-9_.~-])(e[wy][A-Za-z0-9_-]{4}[A-Za-z0-9_.~-]*)(${GOES_ON})[ \\t]*\\r?$`,
);
/** A line that is nothing but the rest of a token, indented or quoted as in a mail, and what closes it. */
const REST = new RegExp(`^[ \\t>|+&]*(["'\`]?)([A-Za-z0-9_.~-]+)(${GOES_ON})(["'\`),;}\\]\\s]*)$`);
const WHOLE_TOKEN = /^e[wy][^.]*\.[^.]+\.[^.]*$/;

/**
 * Joins tokens that were wrapped over several lines. A token that is whole is left as it is, so that a word on the next
 * line does not become a part of it.
 */
export function joinWrapped(text: string): string {
  if (!text.includes("\n")) return text;
  const lines = text.split("\n");
  const joined: string[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    const open = OPEN_END.exec(line);
    const start = open?.[1] ?? "";
    const rest = open === null ? [] : restOf(start, isClosed(line, open), lines, index + 1);
    index += rest.length;
    const begun = open === null ? "" : line.slice(0, open.index) + start;
    joined.push(rest.length === 0 ? line : begun + rest.join(""));
  }
  return joined.join("\n");
}

/** Whether the literal ends with its line: then only another literal goes on. A grave accent may be PowerShell's mark. */
function isClosed(line: string, open: RegExpExecArray): boolean {
  const [, , mark = ""] = open;
  return mark === '"' || mark === "'" || (mark === "`" && line[open.index - 1] === "`");
}

/** What the following lines add to a token that begins so; the last piece with what closes it. */
function restOf(start: string, closed: boolean, lines: readonly string[], from: number): readonly string[] {
  const growing = new GrowingToken(start);
  const rest: string[] = [];
  for (let index = from; index < lines.length && !growing.isWhole(); index++) {
    const [, quote, more, , closing = ""] = REST.exec(lines[index] ?? "") ?? [];
    if (more === undefined || WHOLE_TOKEN.test(more) || (closed && quote === "")) break;
    growing.add(more);
    rest.push(closing.trim() === "" ? more : more + closing);
    if (closing.trim() !== "") break;
  }
  return rest;
}

/** A token that comes in pieces, of which no piece is looked at twice. */
class GrowingToken {
  private header = "";
  private dots = 0;
  private signatureLength = 0;
  private disclosures = false;
  /** What the header says of the signature; read once, when it is complete. */
  private said: { readonly encrypted: boolean; readonly lengths: readonly number[] } | undefined;

  constructor(start: string) {
    this.add(start);
  }

  add(piece: string): void {
    const [segments = "", ...disclosed] = piece.split("~");
    this.disclosures ||= disclosed.length > 0;
    segments.split(".").forEach((segment, index) => {
      if (index > 0) {
        this.dots++;
        this.signatureLength = 0;
      }
      if (this.dots === 0) this.header += segment;
      this.signatureLength += segment.length;
    });
  }

  /** The signature is as long as its algorithm makes them. Where the end of disclosures is, nothing tells. */
  isWhole(): boolean {
    if (this.dots < 2 || this.disclosures || this.signatureLength === 0) return false;
    this.said ??= ofSignature(this.header);
    const { encrypted, lengths } = this.said;
    if (encrypted) return false;
    // Of one length only: what is longer is no less whole.
    return lengths.length === 1
      ? this.signatureLength >= (lengths[0] ?? 0)
      : lengths.includes(this.signatureLength);
  }
}

function ofSignature(segment: string) {
  const header = objectOf(readContent(decodeBase64Url(segment).bytes));
  return { encrypted: header?.has("enc") === true, lengths: wholeLengths(stringMember(header, "alg")) };
}
