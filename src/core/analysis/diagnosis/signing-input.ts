import { type FailedVerification, fixForIssuer, type Trial } from "./failed-verification.ts";
import { bytesOf } from "./secret-variants.ts";
import { keysFor, nameOf } from "./trusted-keys.ts";

/** Cause: the signer signed something else than the JWS signing input (RFC 7515 section 5.1). */
export function* signingInputTrials(failure: FailedVerification): Iterable<Trial> {
  const { alg, signature, signingInput, facts, report } = failure;
  const { header, payload, segments } = report.token;
  if (alg === undefined || payload === undefined) return;
  const parts = (first: Uint8Array, second: Uint8Array) => concatenated(first, bytesOf("."), second);
  const others: readonly (readonly [what: string, message: Uint8Array])[] = [
    ["header.payload with a line break (\\n) at its end", bytesOf(`${signingInput}\n`)],
    ["the payload alone, encoded", bytesOf(segments[1] ?? "")],
    ["the payload alone, decoded", payload.bytes],
    ["header and payload decoded, with a dot between", parts(header.bytes, payload.bytes)],
    ["header and payload decoded, one after the other", concatenated(header.bytes, payload.bytes)],
  ];
  for (const candidate of keysFor(failure, alg)) {
    const base = { alg, key: candidate.jwk, signingInput, signature };
    for (const [what, probed] of others) {
      yield {
        ...{ ...base, probed, cause: "signing_input_wrong" },
        evidence: `the signature of ${nameOf(candidate)} is over ${what}`,
        fix: fixForIssuer(
          "sign the encoded header, a dot and the encoded payload, and nothing else (RFC 7515 section 5.1); " +
            "in a shell with printf '%s', not echo",
        ),
      };
    }
    for (const [form, probed] of hashes(facts.digest)) {
      yield {
        ...{ ...base, probed, cause: "hashed_twice" },
        evidence: `the signature of ${nameOf(candidate)} is over the hash of header and payload${form}`,
        fix: fixForIssuer(`give header.payload itself to the function that signs: ${alg} hashes it`),
      };
    }
  }
}

function hashes(digest: Uint8Array | undefined): readonly (readonly [form: string, message: Uint8Array])[] {
  if (digest === undefined) return [];
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [
    ["", digest],
    [", written in hexadecimal", bytesOf(hex)],
  ];
}

function concatenated(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Cause: an RSASSA-PSS salt of another length than the hash (RFC 7518 section 3.5); many libraries use the longest. */
export function* pssSaltTrials(failure: FailedVerification): Iterable<Trial> {
  const { alg, signingInput, signature } = failure;
  if (alg === undefined || !alg.startsWith("PS")) return;
  for (const candidate of keysFor(failure, alg)) {
    yield {
      ...{ alg, key: candidate.jwk, signingInput, signature, probed: bytesOf(signingInput) },
      cause: "pss_salt_length",
      evidence: `with a salt of another length than ${Number(alg.slice(2)) / 8} bytes it is a good ${alg} signature of ${nameOf(candidate)}`,
      fix: fixForIssuer(
        "make the salt as long as the hash (RFC 7518 section 3.5); in Node.js that is saltLength: " +
          "crypto.constants.RSA_PSS_SALTLEN_DIGEST, whose default is the longest there is room for",
      ),
    };
  }
}
