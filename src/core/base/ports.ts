/** The clock: milliseconds since the epoch. */
export interface Clock {
  now(): number;
}

/** A monotonic clock: milliseconds since some moment. */
export type Stopwatch = () => number;

/** Unpredictable bytes from the operating system. */
export interface Random {
  bytes(length: number): Uint8Array;
}
