import { ALGORITHM_TRAITS } from "../../jose/algorithms.ts";
import type { HashName } from "../../jose/ports/signature-probe.ts";
import { rawSignature } from "./ecdsa-der.ts";
import { type FailedVerification, fixForIssuer, type Trial } from "./failed-verification.ts";
import { bytesOf } from "./secret-variants.ts";
import { keysFor, nameOf } from "./trusted-keys.ts";

const BIG_ENDIAN = fixForIssuer(
  "write r, then s, each with its most significant byte first (RFC 7518 section 3.4)",
);
const CRYPTO_API = fixForIssuer(
  "reverse the bytes of the signature before encoding it: Microsoft's CryptoAPI (CryptSignHash) writes the last byte " +
    "first, JWS the first (RFC 8017 section 4.1); its successor CNG does as JWS",
);

/** Cause: the bytes of an ECDSA or RSA signature are in another order than JWS has them. */
export function* byteOrderTrials(failure: FailedVerification): Iterable<Trial> {
  const { alg, signature, signingInput } = failure;
  if (alg === undefined) return;
  const { family } = ALGORITHM_TRAITS[alg];
  const orders = family === "ecdsa" ? ecdsaOrders(failure) : family.startsWith("rsa") ? [reversed] : [];
  for (const candidate of keysFor(failure, alg)) {
    for (const { how, fix, reorder } of orders) {
      yield {
        ...{ alg, key: candidate.jwk, signingInput, signature: reorder(signature), fix },
        cause: "signature_byte_order",
        evidence: `${how}; in the order of JWS it is a good ${alg} signature of ${nameOf(candidate)}`,
      };
    }
  }
}

interface Order {
  /** As in "s is before r". */
  readonly how: string;
  readonly fix: string;
  readonly reorder: (signature: Uint8Array) => Uint8Array;
}

const reversed: Order = {
  how: "the signature has its last byte first",
  fix: CRYPTO_API,
  reorder: (signature) => signature.toReversed(),
};

function ecdsaOrders({ alg, signature }: FailedVerification): readonly Order[] {
  const size = alg === undefined ? undefined : ALGORITHM_TRAITS[alg].signatureBytes;
  if (size === undefined || signature.length !== size) return [];
  const r = signature.subarray(0, size / 2);
  const s = signature.subarray(size / 2);
  const order = (how: string, first: Uint8Array, second: Uint8Array): Order => ({
    ...{ how, fix: BIG_ENDIAN },
    reorder: () => Uint8Array.of(...first, ...second),
  });
  return [
    order("s is before r in the signature", s, r),
    order("r and s have their last byte first (little-endian)", r.toReversed(), s.toReversed()),
    order("s is before r, and both have their last byte first", s.toReversed(), r.toReversed()),
  ];
}

/** Recovery ids: bare, and with the offsets that Bitcoin and Ethereum add. */
const isRecoveryId = (byte: number | undefined) =>
  byte !== undefined && (byte <= 3 || (byte >= 27 && byte <= 34));

/** Cause: one byte more, from which the public key could be computed; JWS has no place for it. */
export function* recoveryIdTrials(failure: FailedVerification): Iterable<Trial> {
  const { alg, signature, signingInput } = failure;
  const traits = alg === undefined ? undefined : ALGORITHM_TRAITS[alg];
  if (alg === undefined || traits?.family !== "ecdsa" || traits.signatureBytes === undefined) return;
  if (signature.length !== traits.signatureBytes + 1) return;
  const readings = [
    ...(isRecoveryId(signature.at(-1)) ? [{ where: "after", rest: signature.subarray(0, -1) }] : []),
    ...(isRecoveryId(signature[0]) ? [{ where: "before", rest: signature.subarray(1) }] : []),
  ];
  for (const candidate of keysFor(failure, alg)) {
    for (const { where, rest } of readings) {
      yield {
        ...{ alg, key: candidate.jwk, signingInput, signature: rest },
        cause: "signature_recovery_id",
        evidence: `a byte that looks like a recovery id is ${where} r and s; without it this is a good ${alg} signature of ${nameOf(candidate)}`,
        fix: fixForIssuer("leave out the recovery id: write r and s only (RFC 7518 section 3.4)"),
      };
    }
  }
}

const HASHES: readonly HashName[] = ["SHA-256", "SHA-384", "SHA-512", "SHA-1"];

/** Cause: ECDSA with another hash than the one that belongs to the curve (RFC 7518 section 3.4). */
export function* ecdsaHashTrials(failure: FailedVerification): Iterable<Trial> {
  const { alg, signingInput } = failure;
  if (alg === undefined || ALGORITHM_TRAITS[alg].family !== "ecdsa") return;
  const raw = rawSignature(failure);
  const own = `SHA-${/\d+/.exec(alg)?.[0]}`;
  const base = { alg, signingInput, signature: raw ?? failure.signature, probed: bytesOf(signingInput) };
  for (const candidate of keysFor(failure, alg)) {
    for (const hash of HASHES) {
      if (hash === own) continue;
      yield {
        ...{ ...base, key: candidate.jwk, hash },
        cause: "hash_mixed_up",
        evidence: `the header says ${alg}, but ${nameOf(candidate)} signed with ${hash}${raw === undefined ? "" : ", and wrote the signature in DER"}`,
        fix: fixForIssuer(
          `sign with ${own}, the hash of ${alg}${raw === undefined ? "" : ", and write r and s one after the other instead of DER"} (RFC 7518 section 3.4)`,
        ),
      };
    }
  }
}
