import type { Jwk } from "../../core/jose/jwk.ts";
import {
  type KeyFormat,
  type LeftOutKey,
  MAX_KEY_NOTES,
  type ReadKeys,
} from "../../core/jose/ports/crypto.ts";
import type { Finding } from "../../core/jose/token/finding.ts";

interface Beside {
  readonly notes?: readonly string[];
  readonly repairs?: readonly Finding[];
  readonly leftOut?: readonly LeftOutKey[];
  readonly certificates?: readonly Uint8Array[];
}

/** What a key file was found to hold. */
export function foundKeys(format: KeyFormat, keys: readonly Jwk[], beside: Beside = {}): ReadKeys {
  const { notes = [], repairs = [], leftOut = [], certificates } = beside;
  const found = { format, keys, notes: atMost(notes), repairs, leftOut };
  return certificates === undefined ? found : { ...found, certificates };
}

/** The same with what had to be undone before it could be read. */
export function afterRepair(read: ReadKeys, ...repairs: readonly (Finding | undefined)[]): ReadKeys {
  const made = repairs.filter((repair) => repair !== undefined);
  return made.length === 0 ? read : { ...read, repairs: [...made, ...read.repairs] };
}

function atMost(notes: readonly string[]): readonly string[] {
  if (notes.length <= MAX_KEY_NOTES) return notes;
  const shown = notes.slice(0, MAX_KEY_NOTES - 1);
  return [...shown, `and ${notes.length - shown.length} more remarks of this kind`];
}
