/**
 * A bounded queue between one producer and one consumer; each waits while the queue is full or empty. An item takes up
 * room until it is shifted.
 */
export class Channel<Item> {
  private readonly limit: number;
  private readonly items: Item[] = [];
  private closed = false;
  private wake: (() => void)[] = [];

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Waits until one more item fits. */
  async room(): Promise<void> {
    while (this.items.length >= this.limit) await this.change();
  }

  put(item: Item): void {
    this.items.push(item);
    this.changed();
  }

  /** Ends the input. */
  close(): void {
    this.closed = true;
    this.changed();
  }

  /** Waits for the oldest item and leaves it in the queue; undefined after the last item of a closed queue. */
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
