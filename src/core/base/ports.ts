/** The clock: milliseconds since the epoch. */
export interface Clock {
  now(): number;
}

/** Milliseconds that have gone by since some moment; never goes back, whatever is done to the clock. */
export type Stopwatch = () => number;

/** Unpredictable bytes from the operating system. */
export interface Random {
  bytes(length: number): Uint8Array;
}
