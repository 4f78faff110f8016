import { decodeBase64Url } from "../../base/base64url.ts";
import { withoutEnding } from "../../base/text/wording.ts";
import { ALGORITHM_TRAITS } from "../../jose/algorithms.ts";
import { rawSignature } from "./ecdsa-der.ts";
import {
  type Explanation,
  type FailedVerification,
  fixForIssuer,
  type Trial,
} from "./failed-verification.ts";
import { possibleSizes } from "./key-size.ts";
import { bytesFromHex } from "./secret-variants.ts";
import { keysFor, nameOf } from "./trusted-keys.ts";

const FIX = fixForIssuer(
  "encode the bytes of the signature, not their text form (in PHP hash_hmac(…, true), for example)",
);

const HEX_FIX = fixForIssuer(
  "encode the bytes of the signature in base64url without padding (RFC 7515 section 2)",
);

/** Cause: the signature is in hexadecimal. It is valid base64url too, of more and other bytes. */
export function* hexSignatureTrials(failure: FailedVerification): Iterable<Trial> {
  const { alg, signingInput } = failure;
  const bytes = hexadecimal(failure);
  if (alg === undefined || bytes === undefined) return;
  const { signature, within } = outOfDer(failure, bytes);
  for (const candidate of keysFor(failure, alg)) {
    yield {
      ...{ alg, key: candidate.jwk, signingInput, signature },
      cause: "signature_hex",
      evidence: `the third part is hexadecimal${within}; the bytes it stands for fit ${nameOf(candidate)}`,
      fix: HEX_FIX,
    };
  }
}

/** Cause: the signature has only hexadecimal digits, as many as the algorithm needs. */
export function explainHexSignature(failure: FailedVerification): readonly Explanation[] {
  const signature = hexadecimal(failure);
  if (signature === undefined || !possibleSizes(failure).includes(signature.length)) return [];
  return [
    {
      cause: "signature_hex",
      evidence: `the third part is ${2 * signature.length} hexadecimal digits, which stand for the ${signature.length} bytes that ${failure.alg} makes; they fit none of the keys`,
      fix: HEX_FIX,
    },
  ];
}

function hexadecimal({ report }: FailedVerification): Uint8Array | undefined {
  const text = report.token.signature?.text ?? "";
  return text.length < SHORTEST_HEX ? undefined : bytesFromHex(text);
}

/** The number of hexadecimal digits of an HS256 signature, the shortest there is. */
const SHORTEST_HEX = 64;

/** Cause: the signature was encoded twice: the base64url holds hexadecimal or base64 text. */
export function* signatureEncodingTrials(failure: FailedVerification): Iterable<Trial> {
  const { alg, signingInput } = failure;
  if (alg === undefined) return;
  for (const { form, signature: bytes } of unwrapped(failure.signature)) {
    const { signature, within } = outOfDer(failure, bytes);
    for (const candidate of keysFor(failure, alg)) {
      yield {
        ...{ alg, key: candidate.jwk, signingInput, signature },
        cause: "signature_encoded_twice",
        evidence: `the signature is ${form} text${within} within base64url; the bytes it stands for fit ${nameOf(candidate)}`,
        fix: FIX,
      };
    }
  }
}

/** Cause: the signature is text of exactly the right length, which no verifier accepts. */
export function explainSignatureEncoding({ alg, signature }: FailedVerification): readonly Explanation[] {
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

/** r and s where the bytes are DER of an ECDSA signature: then two mistakes were made. */
function outOfDer({ alg }: FailedVerification, bytes: Uint8Array) {
  const raw = rawSignature({ alg, signature: bytes });
  return raw === undefined
    ? { signature: bytes, within: "" }
    : { signature: raw, within: " of DER (which JWS does not have: write r and s, RFC 7518 section 3.4)" };
}

function unwrapped(signature: Uint8Array): readonly { form: string; signature: Uint8Array }[] {
  if (signature.length < 40 || signature.some((byte) => byte < 0x20 || byte > 0x7e)) return [];
  const text = String.fromCharCode(...signature.subarray(0, 8192));
  const hex = bytesFromHex(text);
  if (hex !== undefined) return [{ form: "hexadecimal", signature: hex }];
  const decoding = decodeBase64Url(withoutEnding(text.replaceAll("+", "-").replaceAll("/", "_"), "="));
  return decoding.ok ? [{ form: "base64", signature: decoding.bytes }] : [];
}
