import { childrenOf, type DerElement, oidOf, readDer, smallInteger } from "./der.ts";
import { malformed } from "./refusals.ts";

/**
 * A file could ask for hours of work (RFC 8725 section 3.9); this is some seconds, and OpenSSL's users do choose high
 * counts. It is for all keys of a file together, or many cheap ones would cost as much.
 */
const MAX_PKCS8_ROUNDS = 10_000_000;

/** What is left to spend on the encrypted keys of one file. */
export interface DerivationBudget {
  rounds: number;
  scryptWork: number;
}

export function fullBudget(): DerivationBudget {
  return { rounds: MAX_PKCS8_ROUNDS, scryptWork: MAX_SCRYPT_WORK };
}

/** N × r × p of scrypt; OpenSSL's own default is 2^17. */
const MAX_SCRYPT_WORK = 2 ** 24;

const PBES2 = "1.2.840.113549.1.5.13";
const SCRYPT = "1.3.6.1.4.1.11591.4.11";

/**
 * Looks, before anything is derived, at what opening an encrypted PKCS#8 structure (RFC 5958, RFC 8018) would cost, and
 * takes it off the budget.
 * @throws AppError `key_malformed` when it asks for more than jwtctl spends
 */
export function requireAffordable(pkcs8: Uint8Array, budget: DerivationBudget): void {
  const outer = readDer(pkcs8);
  const algorithm = outer.ok ? childrenOf(childrenOf(outer.element)?.[0]) : undefined;
  const parameters = childrenOf(algorithm?.[1]);
  const derivation = childrenOf(parameters?.[0]);
  if (oidOf(algorithm?.[0]) !== PBES2) {
    // PBES1 and the schemes of PKCS#12: salt and count.
    requireRounds(parameters?.[1], budget);
  } else if (oidOf(derivation?.[0]) === SCRYPT) {
    requireScryptWork(childrenOf(derivation?.[1]) ?? [], budget);
  } else {
    requireRounds(childrenOf(derivation?.[1])?.[1], budget);
  }
}

function requireRounds(element: DerElement | undefined, budget: DerivationBudget): void {
  const rounds = smallInteger(element);
  if (rounds === undefined) throw malformed("the encryption of this key names no iteration count");
  if (rounds > budget.rounds) throw tooExpensive();
  budget.rounds -= rounds;
}

function requireScryptWork(parameters: readonly DerElement[], budget: DerivationBudget): void {
  const factors = parameters.slice(1, 4).map(smallInteger);
  const work = factors.reduce<number>((product, factor) => product * (factor ?? Number.NaN), 1);
  if (!(work <= budget.scryptWork)) throw tooExpensive();
  budget.scryptWork -= work;
}

function tooExpensive(): Error {
  return malformed(
    "this key asks for more key derivation than jwtctl spends: opening it could take hours",
    "Encrypt the key again with: openssl pkcs8 -topk8 -in FILE -out NEW",
  );
}
