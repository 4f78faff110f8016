import { decodeBase64Url } from "../../base/base64url.ts";
import { withoutEnding } from "../../base/text/without-ending.ts";
import { ALGORITHM_TRAITS } from "../../jose/algorithms.ts";
import { type Case, type Explanation, issuing, type Trial } from "./case.ts";
import { possibleSizes } from "./key-size.ts";
import { bytesFromHex } from "./secret-variants.ts";
import { keysFor, nameOf } from "./trusted-keys.ts";

const FIX = issuing(
  "encode the bytes of the signature, not their text form (in PHP hash_hmac(…, true), for example)",
);

const HEX_FIX = issuing(
  "encode the bytes of the signature in base64url without padding (RFC 7515 section 2)",
);

/** The third part is hexadecimal, which reads as base64url too: as other and more bytes. */
export function* hexSignatureTrials(suspect: Case): Iterable<Trial> {
  const { alg, signingInput } = suspect;
  const signature = hexadecimal(suspect);
  if (alg === undefined || signature === undefined) return;
  for (const candidate of keysFor(suspect, alg)) {
    yield {
      ...{ alg, key: candidate.jwk, signingInput, signature },
      cause: "signature_hex",
      evidence: `the third part is hexadecimal; the bytes it stands for fit ${nameOf(candidate)}`,
      fix: HEX_FIX,
    };
  }
}

/** Hexadecimal digits and nothing else, as many as the signature would have: chance does not make that. */
export function explainHexSignature(suspect: Case): readonly Explanation[] {
  const signature = hexadecimal(suspect);
  if (signature === undefined || !possibleSizes(suspect).includes(signature.length)) return [];
  return [
    {
      cause: "signature_hex",
      evidence: `the third part is ${2 * signature.length} hexadecimal digits, which stand for the ${signature.length} bytes that ${suspect.alg} makes; they fit none of the keys`,
      fix: HEX_FIX,
    },
  ];
}

function hexadecimal({ report }: Case): Uint8Array | undefined {
  const text = report.token.signature?.text ?? "";
  return text.length < SHORTEST_HEX ? undefined : bytesFromHex(text);
}

/** Of HS256, the shortest signature there is. */
const SHORTEST_HEX = 64;

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
