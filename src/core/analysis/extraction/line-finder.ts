/** What a token is made of; all else may stand in it because of how the text around it is written. */
const FOREIGN = /[^A-Za-z0-9_.~+/=-]+/g;

/**
 * Finds the line that a token begins in, also of one that was wrapped or quoted: what no token is made of is left out of
 * the text before it is looked for.
 */
export class LineFinder {
  private readonly text: string;
  /** Where each line ends in {@link text}. */
  private readonly ends: readonly number[];

  constructor(text: string) {
    const lines = text.split("\n").map((line) => line.replace(FOREIGN, ""));
    this.text = lines.join("");
    let end = 0;
    this.ends = lines.map(({ length }) => {
      end += length;
      return end;
    });
  }

  /** @param texts the token, or parts of it; the first that is found counts @returns from 1; 1 for what is not there */
  lineOf(texts: readonly string[]): number {
    for (const text of texts) {
      const position = text === "" ? -1 : this.text.indexOf(text);
      if (position >= 0) return this.lineAt(position);
    }
    return 1;
  }

  private lineAt(position: number): number {
    let [low, high] = [0, this.ends.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.ends[middle] ?? 0) > position) high = middle;
      else low = middle + 1;
    }
    return low + 1;
  }
}
