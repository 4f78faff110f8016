import type { ReadKeys } from "../../core/jose/ports/crypto.ts";
import type { AskPassphrase } from "./asn1-key.ts";
import type { KeyPurpose } from "./jwk-shape.ts";
import type { DerivationBudget } from "./passphrase-cost.ts";

/** Reads a key file; handed on to what takes a layer off, so that what is inside is read in the same way. */
export interface KeyReader {
  readonly ask: AskPassphrase;
  /** What opening encrypted keys may cost, for the whole file. */
  readonly budget: DerivationBudget;
  readonly purpose: KeyPurpose;
  /** How many layers were taken off so far. */
  readonly depth: number;
  bytes(content: Uint8Array): Promise<ReadKeys>;
  text(content: string): Promise<ReadKeys>;
  /** The reader for what one more layer held. */
  deeper(): KeyReader;
}

/** More layers than anybody puts around a key. */
export const MAX_LAYERS = 6;
