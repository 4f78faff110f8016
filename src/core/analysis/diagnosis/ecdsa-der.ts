import { ALGORITHM_TRAITS } from "../../jose/algorithms.ts";
import {
  type Explanation,
  type FailedVerification,
  fixForIssuer,
  type Trial,
} from "./failed-verification.ts";
import { keysFor, nameOf } from "./trusted-keys.ts";

const FIX = fixForIssuer(
  "write the signature as r and s, each at its full length, one after the other (RFC 7518 section 3.4); many libraries " +
    'call it IEEE P1363, in Node.js dsaEncoding: "ieee-p1363"',
);

/** Cause: an ECDSA signature in ASN.1 DER, where JWS has r and s side by side (RFC 7518 section 3.4). */
export function* ecdsaDerTrials(failure: FailedVerification): Iterable<Trial> {
  const raw = rawSignature(failure);
  if (raw === undefined || failure.alg === undefined) return;
  for (const candidate of keysFor(failure, failure.alg)) {
    yield {
      ...{ alg: failure.alg, key: candidate.jwk, signingInput: failure.signingInput, signature: raw },
      cause: "ecdsa_der",
      evidence: `the signature is in DER; written as r and s it is a good ${failure.alg} signature of ${nameOf(candidate)}`,
      fix: FIX,
    };
  }
}

/** Cause: the signature is in ASN.1 DER, which no verifier accepts. */
export function explainEcdsaDer(failure: FailedVerification): readonly Explanation[] {
  if (rawSignature(failure) === undefined) return [];
  const size = failure.signature.length;
  return [
    {
      cause: "ecdsa_der",
      evidence: `the signature's ${size} bytes are DER (a SEQUENCE of two INTEGERs); even as r and s they fit none of the keys`,
      fix: FIX,
    },
  ];
}

/** r and s of a DER signature, at the length the algorithm needs; undefined when it is no DER. */
export function rawSignature({
  alg,
  signature,
}: Pick<FailedVerification, "alg" | "signature">): Uint8Array | undefined {
  const traits = alg === undefined ? undefined : ALGORITHM_TRAITS[alg];
  if (traits?.family !== "ecdsa" || traits.signatureBytes === undefined) return undefined;
  if (signature.length === traits.signatureBytes) return undefined;
  return rawFromDer(signature, traits.signatureBytes / 2);
}

/**
 * Reads SEQUENCE { INTEGER r, INTEGER s } strictly, with nothing after it.
 * @param width bytes of r and of s
 */
export function rawFromDer(der: Uint8Array, width: number): Uint8Array | undefined {
  const sequence = readElement(der, 0, 0x30);
  if (sequence === undefined || sequence.end !== der.length) return undefined;
  const r = readElement(der, sequence.start, 0x02);
  const s = r && readElement(der, r.end, 0x02);
  if (r === undefined || s === undefined || s.end !== der.length) return undefined;
  const raw = new Uint8Array(2 * width);
  return place(der.subarray(r.start, r.end), raw.subarray(0, width)) &&
    place(der.subarray(s.start, s.end), raw.subarray(width))
    ? raw
    : undefined;
}

function readElement(der: Uint8Array, at: number, tag: number): { start: number; end: number } | undefined {
  if (der[at] !== tag) return undefined;
  const first = der[at + 1] ?? 0xff;
  const [length, start] = first === 0x81 ? [der[at + 2] ?? 0xff, at + 3] : [first, at + 2];
  const end = start + length;
  return first > 0x81 || end > der.length ? undefined : { start, end };
}

/** Writes a positive INTEGER right-aligned. @returns false when it is not positive or does not fit */
function place(integer: Uint8Array, target: Uint8Array): boolean {
  const zero = integer[0] === 0 && integer.length > 1;
  const digits = zero ? integer.subarray(1) : integer;
  if (integer.length === 0 || (integer[0] ?? 0) > 0x7f || digits.length > target.length) return false;
  target.set(digits, target.length - digits.length);
  return true;
}
