import type { LineBatch } from "./batch.ts";

const LINE_FEED = 0x0a;

/**
 * Cuts a stream of bytes into batches of whole lines and numbers them. It holds at most the beginning of one line, and
 * nothing of a line that is longer than `limit` bytes (without its line break).
 */
export class LineBatcher {
  private readonly limit: number;
  /** The number of the line that is being read. */
  private line = 1;
  /** The beginning of that line, from earlier chunks: the first `heldBytes` of this buffer. */
  private held = new Uint8Array();
  private heldBytes = 0;
  /** That line is too long already. */
  private skipping = false;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Adds a chunk, which may be reused afterwards. @returns the lines that are complete now */
  push(chunk: Uint8Array): readonly LineBatch[] {
    const batches: LineBatch[] = [];
    let firstLine = this.line;
    let from = 0;
    let lineStart = 0;
    /** How many bytes of the line at `lineStart` came in earlier chunks; 0 after the first line. */
    let carried = this.heldBytes;
    const flush = (end: number) => {
      if (end > from)
        batches.push({ firstLine, bytes: this.take(chunk.subarray(from, end)), tooLong: false });
    };
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, at + 1)) {
      if (this.skipping || carried + at - lineStart > this.limit) {
        flush(lineStart);
        batches.push(this.tooLong());
        from = at + 1;
        firstLine = this.line + 1;
      }
      carried = 0;
      lineStart = at + 1;
      this.line++;
    }
    flush(lineStart);
    this.hold(chunk.subarray(lineStart));
    return batches;
  }

  /** Ends the input. @returns the last line, when it had no line break */
  end(): readonly LineBatch[] {
    if (this.skipping) return [this.tooLong()];
    if (this.heldBytes === 0) return [];
    return [{ firstLine: this.line, bytes: this.take(new Uint8Array()), tooLong: false }];
  }

  /** The held bytes and then these, in one new buffer. */
  private take(bytes: Uint8Array): Uint8Array {
    const whole = new Uint8Array(this.heldBytes + bytes.length);
    whole.set(this.held.subarray(0, this.heldBytes));
    whole.set(bytes, this.heldBytes);
    this.drop();
    return whole;
  }

  private hold(bytes: Uint8Array): void {
    const size = this.heldBytes + bytes.length;
    if (this.skipping || bytes.length === 0) return;
    if (size > this.limit) {
      this.drop();
      this.skipping = true;
      return;
    }
    if (size > this.held.length) {
      // At least twice as large: a line that comes byte by byte must not be copied for each byte.
      const larger = new Uint8Array(Math.min(this.limit, Math.max(size, 2 * this.held.length)));
      larger.set(this.held.subarray(0, this.heldBytes));
      this.held = larger;
    }
    this.held.set(bytes, this.heldBytes);
    this.heldBytes = size;
  }

  private tooLong(): LineBatch {
    this.drop();
    this.skipping = false;
    return { firstLine: this.line, bytes: new Uint8Array(), tooLong: true };
  }

  private drop(): void {
    this.held = new Uint8Array();
    this.heldBytes = 0;
  }
}
