import { counted } from "../../base/text/wording.ts";
import { ALGORITHM_TRAITS } from "../../jose/algorithms.ts";
import { type FailedVerification, fixForIssuer, type Trial } from "./failed-verification.ts";
import { keysFor, nameOf } from "./trusted-keys.ts";

/** Lost zeros of more than so many bytes do not happen by chance: each costs a factor of 256. */
const MOST_LOST = 4;

/** Cause: the numbers of a signature without their leading zeros, or with the sign byte of a big integer before them. */
export function* signatureLengthTrials(failure: FailedVerification): Iterable<Trial> {
  const { alg, signature, signingInput } = failure;
  if (alg === undefined) return;
  const { family, signatureBytes } = ALGORITHM_TRAITS[alg];
  for (const candidate of keysFor(failure, alg)) {
    const about = { alg, key: candidate.jwk, signingInput, cause: "signature_length" } as const;
    const fits = `it is a good ${alg} signature of ${nameOf(candidate)}`;
    if (family === "ecdsa" && signatureBytes !== undefined) {
      for (const { raw, how } of spelledOut(signature, signatureBytes / 2)) {
        yield {
          ...about,
          signature: raw,
          evidence: `${how}; with both at their full length ${fits}`,
          fix: ECDSA,
        };
      }
    }
    if (family.startsWith("rsa") && candidate.bits !== undefined) {
      const size = Math.ceil(candidate.bits / 8);
      const raw = atWidth(signature, size);
      if (raw === undefined || signature.length === size) continue;
      const how = `the signature has ${signature.length} bytes where the key makes ${size}`;
      yield { ...about, signature: raw, evidence: `${how}; at its full length ${fits}`, fix: RSA };
    }
  }
}

/** Whether a signature is so little too short that its length alone does not tell what is missing. */
export function mayLackZeros({ alg, signature }: FailedVerification, expected: number): boolean {
  const family = alg === undefined ? "" : ALGORITHM_TRAITS[alg].family;
  return /^(?:ecdsa|rsa)/.test(family) && expected - signature.length <= MOST_LOST;
}

const BIG_INTEGERS = "Java's BigInteger.toByteArray and Go's big.Int.Bytes leave out or add bytes there";
const ECDSA = fixForIssuer(
  `write r and s each at their full length, with zeros in front (RFC 7518 section 3.4): ${BIG_INTEGERS}`,
);
const RSA = fixForIssuer(
  `write the signature as long as the modulus, with zeros in front (RFC 8017 section 8.2.1): ${BIG_INTEGERS}`,
);

interface SpelledOut {
  readonly raw: Uint8Array;
  readonly how: string;
}

/** Every way to take bytes for r and s of other lengths, with both written out. */
function* spelledOut(signature: Uint8Array, width: number): Iterable<SpelledOut> {
  const { length } = signature;
  const half = length / 2;
  for (let end = Math.max(1, width - MOST_LOST); end <= width + 1; end++) {
    const found = length === 2 * width && end === width ? undefined : split(signature, end, width);
    if (found !== undefined) yield found;
  }
  // Both padded to a common width that is not the curve's.
  if (Number.isInteger(half) && half > width + 1) {
    const found = split(signature, half, width);
    if (found !== undefined) yield found;
  }
}

function split(signature: Uint8Array, end: number, width: number): SpelledOut | undefined {
  const r = atWidth(signature.subarray(0, end), width);
  const s = atWidth(signature.subarray(end), width);
  if (r === undefined || s === undefined) return undefined;
  const raw = new Uint8Array(2 * width);
  raw.set(r);
  raw.set(s, width);
  const lengths = [end, signature.length - end];
  const told = ["r", "s"].flatMap((name, index) =>
    lengths[index] === width ? [] : [`${name} has ${counted(lengths[index] ?? 0, "byte")}`],
  );
  return { raw, how: `${told.join(" and ")} where the curve takes ${width}` };
}

/** A number at its width; undefined when it does not fit, lacks too much, or has more before it than zeros. */
function atWidth(bytes: Uint8Array, width: number): Uint8Array | undefined {
  const surplus = bytes.length - width;
  if (surplus < -MOST_LOST || bytes.length === 0) return undefined;
  if (surplus > 0)
    return bytes.subarray(0, surplus).every((byte) => byte === 0) ? bytes.subarray(surplus) : undefined;
  // Who writes a short number does not write zeros before it.
  if (surplus < 0 && bytes[0] === 0 && (bytes[1] ?? 0) < 0x80) return undefined;
  const whole = new Uint8Array(width);
  whole.set(bytes, -surplus);
  return whole;
}
