/**
 * A queue of limited length between one that puts and one that takes. Whoever finds it full, or empty, waits.
 * An item takes up room until it is shifted, not only until it has been looked at.
 */
export class Channel<Item> {
  private readonly limit: number;
  private readonly items: Item[] = [];
  private closed = false;
  private wake: (() => void)[] = [];

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Waits until there is room for one more. */
  async room(): Promise<void> {
    while (this.items.length >= this.limit) await this.change();
  }

  put(item: Item): void {
    this.items.push(item);
    this.changed();
  }

  /** No more will be put. */
  close(): void {
    this.closed = true;
    this.changed();
  }

  /** The oldest item, left where it is; undefined when there is none and none will come. */
  async first(): Promise<Item | undefined> {
    while (this.items.length === 0 && !this.closed) await this.change();
    return this.items[0];
  }

  shift(): void {
    this.items.shift();
    this.changed();
  }

  private change(): Promise<void> {
    return new Promise((resolve) => this.wake.push(resolve));
  }

  private changed(): void {
    const waiting = this.wake;
    this.wake = [];
    for (const resolve of waiting) resolve();
  }
}
