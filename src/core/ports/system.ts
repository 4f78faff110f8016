/** The clock: milliseconds since the epoch. */
export interface Clock {
  now(): number;
}

/** Unpredictable bytes from the operating system. */
export interface Random {
  bytes(length: number): Uint8Array;
}
