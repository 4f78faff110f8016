import { decodeBase64Url } from "../base64url.ts";
import { ALGORITHM_TRAITS, isJwsAlgorithm } from "../keys/algorithms.ts";
import { objectOf, readContent, stringMember } from "../token/content.ts";

/** A line that ends inside a token, perhaps with the backslash of a shell. */
const OPEN_END = /(?<![A-Za-z0-9_.~-])(e[wy][A-Za-z0-9_-]{4}[A-Za-z0-9_.~-]*)\\?\r?$/;
/** A line that is nothing but the rest of a token, indented or quoted as in a mail, and what closes it. */
const REST = /^[ \t>]*([A-Za-z0-9_.~-]+)\\?(["'`),;}\]\s]*)$/;
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
    const start = OPEN_END.exec(line)?.[1];
    const rest = start === undefined ? [] : restOf(start, lines, index + 1);
    index += rest.length;
    joined.push(rest.length === 0 ? line : line.replace(/\\?\r?$/, "") + rest.join(""));
  }
  return joined.join("\n");
}

/** What the following lines add to a token that begins so; the last piece with what closes it. */
function restOf(start: string, lines: readonly string[], from: number): readonly string[] {
  const growing = new GrowingToken(start);
  const rest: string[] = [];
  for (let index = from; index < lines.length && !growing.isWhole(); index++) {
    const [, more, closing = ""] = REST.exec(lines[index] ?? "") ?? [];
    if (more === undefined || WHOLE_TOKEN.test(more)) break;
    growing.add(more);
    rest.push(closing.trim() === "" ? more : more + closing);
    if (closing.trim() !== "") break;
  }
  return rest;
}

/** The lengths in base64url of signatures whose algorithm is unknown or does not say: RSA, and the usual others. */
const RSA_LENGTHS = [342, 512, 683, 1366];
const USUAL_LENGTHS = [43, 64, 86, 128, 176, ...RSA_LENGTHS];

/** A token that comes in pieces, of which no piece is looked at twice. */
class GrowingToken {
  private header = "";
  private dots = 0;
  private signatureLength = 0;
  private disclosures = false;

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
    const header = objectOf(readContent(decodeBase64Url(this.header).bytes));
    const alg = stringMember(header, "alg");
    if (header?.has("enc")) return false;
    if (!isJwsAlgorithm(alg)) return USUAL_LENGTHS.includes(this.signatureLength);
    const bytes = ALGORITHM_TRAITS[alg].signatureBytes;
    if (bytes === undefined) return RSA_LENGTHS.includes(this.signatureLength);
    return this.signatureLength >= Math.ceil((bytes * 4) / 3);
  }
}
