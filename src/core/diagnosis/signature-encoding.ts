import { decodeBase64Url } from "../base64url.ts";
import { ALGORITHM_TRAITS } from "../keys/algorithms.ts";
import { withoutEnding } from "../without-ending.ts";
import { type Case, type Explanation, issuing, type Trial } from "./case.ts";
import { bytesFromHex } from "./secret-variants.ts";
import { keysFor, nameOf } from "./trusted-keys.ts";

const FIX = issuing(
  "encode the bytes of the signature, not their text form (in PHP hash_hmac(…, true), for example)",
);

/** The signature was turned into hex or base64 text first, and that text was encoded again. */
export function* signatureEncodingTrials(suspect: Case): Iterable<Trial> {
  const { alg, signingInput } = suspect;
  if (alg === undefined) return;
  for (const { form, signature } of unwrapped(suspect.signature)) {
    for (const candidate of keysFor(suspect, alg)) {
      yield {
        ...{ alg, key: candidate.jwk, signingInput, signature },
        cause: "signature_encoded_twice",
        evidence: `the signature is ${form} text within base64url; the bytes it stands for fit ${nameOf(candidate)}`,
        fix: FIX,
      };
    }
  }
}

/** Text of exactly the right size, whoever made it: no verifier takes that. */
export function explainSignatureEncoding({ alg, signature }: Case): readonly Explanation[] {
  const size = alg === undefined ? undefined : ALGORITHM_TRAITS[alg].signatureBytes;
  if (size === undefined || signature.length === size) return [];
  const found = unwrapped(signature).find((reading) => reading.signature.length === size);
  return found === undefined
    ? []
    : [
        {
          cause: "signature_encoded_twice",
          evidence: `the signature's ${signature.length} bytes are ${found.form} text for ${size} bytes, which is what ${alg} makes; they fit none of the keys`,
          fix: FIX,
        },
      ];
}

function unwrapped(signature: Uint8Array): readonly { form: string; signature: Uint8Array }[] {
  if (signature.length < 40 || signature.some((byte) => byte < 0x20 || byte > 0x7e)) return [];
  const text = String.fromCharCode(...signature.subarray(0, 8192));
  const hex = bytesFromHex(text);
  if (hex !== undefined) return [{ form: "hexadecimal", signature: hex }];
  const decoding = decodeBase64Url(withoutEnding(text.replaceAll("+", "-").replaceAll("/", "_"), "="));
  return decoding.ok ? [{ form: "base64", signature: decoding.bytes }] : [];
}
