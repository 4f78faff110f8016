import { AppError } from "../../../core/base/errors.ts";
import { isJwsAlgorithm, pinnedAlgorithm } from "../../../core/jose/algorithms.ts";
import type { Jwk } from "../../../core/jose/jwk.ts";
import type { LeftOutKey, ReadKeys } from "../../../core/jose/ports/crypto.ts";
import type { Finding } from "../../../core/jose/token/finding.ts";
import { foundKeys } from "../found.ts";
import { canSign, publicMaterial } from "../jwk-members.ts";
import type { KeyReader } from "../key-reader.ts";
import { unusable } from "../refusals.ts";

/** Where in a file a key stands, and what stands beside it. */
export interface PartContext {
  /** For messages: `"data/tls.key"`. */
  readonly place: string;
  /** The kid that the container gives the key. */
  readonly kid: string | undefined;
  /** The algorithm that the container names. */
  readonly alg: string | undefined;
  /** What the container says the key is for. */
  readonly use?: string | undefined;
}

/** One value of a file that could be a key, and what reading it came to. */
export interface Part {
  readonly place: string;
  readonly read: ReadKeys | AppError;
  /** Whether it is a key, be it one that cannot be used. */
  readonly isKey: boolean;
  readonly kid: string | undefined;
}

/** A text that is meant as a key, however damaged. */
const LOOKS_LIKE_KEY = /BEGIN |"kty"|^(?:LS0t|MI[IGH])/;

/** Reads one value as a key file of its own. Throws only what concerns the whole file. */
export async function readPart(
  value: string,
  { place, kid, alg, use }: PartContext,
  reader: KeyReader,
): Promise<Part> {
  if (use?.toLowerCase() === "enc" && reader.purpose === "signature") {
    return { place, kid, isKey: true, read: unusable(`an encryption key ("use": "${use}")`) };
  }
  try {
    const read = await reader.deeper().text(value);
    return { place, kid, isKey: true, read: { ...read, keys: read.keys.map((jwk) => named(jwk, kid, alg)) } };
  } catch (error) {
    if (!(error instanceof AppError) || !NOT_THIS_ONE.has(error.code)) throw error;
    const isKey = error.code !== "key_malformed" || LOOKS_LIKE_KEY.test(value.slice(0, 2000));
    return { place, kid, isKey, read: error };
  }
}

const NOT_THIS_ONE: ReadonlySet<string> = new Set(["key_malformed", "key_unusable", "algorithm_unsupported"]);

/** A key with the kid and the algorithm that stand beside it, where it says nothing itself. */
function named(jwk: Jwk, kid: string | undefined, alg: string | undefined): Jwk {
  const withKid = jwk.kid === undefined && kid !== undefined ? { ...jwk, kid } : jwk;
  if (jwk.alg !== undefined || !isJwsAlgorithm(alg) || pinnedAlgorithm(jwk, alg) === undefined)
    return withKid;
  return { ...withKid, alg };
}

/** The keys of all parts as one set, each once under each of its names; the private half is kept. */
export function mergedKeys(parts: readonly Part[]): ReadKeys {
  const keys = new Map<string, Jwk>();
  const notes = new Set<string>();
  const repairs = new Map<string, Finding>();
  const leftOut: LeftOutKey[] = [];
  const formats = new Set<ReadKeys["format"]>();
  for (const { place, kid, read, isKey } of parts) {
    if (read instanceof AppError) {
      if (!isKey) continue;
      leftOut.push({ kid, reason: read.message });
      notes.add(`the key in ${place} was left out: ${read.message}`);
      continue;
    }
    formats.add(read.format);
    for (const note of read.notes) notes.add(note);
    for (const repair of read.repairs) if (!repairs.has(repair.code)) repairs.set(repair.code, repair);
    leftOut.push(...read.leftOut);
    for (const jwk of read.keys) keep(keys, jwk);
  }
  const [format = "jwks"] = formats.size === 1 && keys.size === 1 ? formats : [];
  return foundKeys(format, [...keys.values()], {
    notes: [...notes],
    repairs: [...repairs.values()],
    leftOut,
  });
}

function keep(keys: Map<string, Jwk>, jwk: Jwk): void {
  const id = jwk.kty === "oct" ? `secret ${keys.size}` : JSON.stringify(publicMaterial(jwk));
  const seen = keys.get(id);
  if (seen === undefined) {
    keys.set(id, jwk);
    return;
  }
  // The same key again: under another kid it is another name, otherwise what the two say is put together.
  if (seen.kid !== undefined && jwk.kid !== undefined && seen.kid !== jwk.kid) {
    keys.set(`${id} ${jwk.kid}`, jwk);
    return;
  }
  const [first, second] = canSign(jwk) && !canSign(seen) ? [jwk, seen] : [seen, jwk];
  keys.set(id, { ...second, ...first });
}
