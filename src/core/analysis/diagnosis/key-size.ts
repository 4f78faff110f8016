import { ALGORITHM_TRAITS, JWS_ALGORITHMS, type JwsAlgorithm } from "../../jose/algorithms.ts";
import {
  type Explanation,
  type FailedVerification,
  fixForIssuer,
  fixForVerifier,
} from "./failed-verification.ts";
import { keysFor, nameOf } from "./trusted-keys.ts";

/** Usual sizes of an RSA modulus, in bytes; an RSA signature is as long as it (RFC 8017 section 8). */
const USUAL_MODULI: readonly number[] = [128, 192, 256, 384, 512, 768, 1024, 2048];

/** The sizes a signature can have, in bytes: that of the algorithm, or those of the given RSA keys. */
export function possibleSizes(failure: FailedVerification): readonly number[] {
  const { alg } = failure;
  if (alg === undefined) return [];
  const fixed = ALGORITHM_TRAITS[alg].signatureBytes;
  if (fixed !== undefined) return [fixed];
  const sizes = keysFor(failure, alg).flatMap(({ bits }) =>
    bits === undefined ? [] : [Math.ceil(bits / 8)],
  );
  return [...new Set(sizes)].sort((a, b) => a - b);
}

/**
 * Finds the other algorithm of the same family, or the other RSA key size, whose signatures have exactly this length.
 * Then the signature is whole, not cut off.
 *
 * @returns undefined when there is none; without `algorithm` for another RSA key size
 */
export function foreignSize(failure: FailedVerification): { readonly algorithm?: JwsAlgorithm } | undefined {
  const { alg, signature, report } = failure;
  const sizes = possibleSizes(failure);
  if (alg === undefined || sizes.length === 0 || sizes.includes(signature.length)) return undefined;
  if (report.token.signature?.fault !== undefined) return undefined;
  const { family, kty } = ALGORITHM_TRAITS[alg];
  if (kty === "RSA") return USUAL_MODULI.includes(signature.length) ? {} : undefined;
  const algorithm = JWS_ALGORITHMS.find(
    (name) =>
      ALGORITHM_TRAITS[name].family === family && ALGORITHM_TRAITS[name].signatureBytes === signature.length,
  );
  return algorithm === undefined ? undefined : { algorithm };
}

/** Cause: no given key makes signatures of this length. */
export function explainForeignSize(failure: FailedVerification): readonly Explanation[] {
  const { alg, signature } = failure;
  const found = foreignSize(failure);
  if (alg === undefined || found === undefined) return [];
  return [
    found.algorithm === undefined
      ? otherModulus(failure, alg)
      : otherAlgorithm(alg, found.algorithm, signature.length),
  ];
}

function otherModulus(failure: FailedVerification, alg: JwsAlgorithm): Explanation {
  const keys = keysFor(failure, alg);
  const [only] = keys;
  const sizes = keys.map(({ bits }) => bits);
  const given =
    only !== undefined && keys.length === 1
      ? `${nameOf(only)} has ${only.bits}`
      : `the keys given have ${[...new Set(sizes)].join(", ")}`;
  return {
    cause: "key_size_wrong",
    evidence: `the signature is of a ${8 * failure.signature.length}-bit key: it has ${failure.signature.length} bytes; ${given} bits`,
    fix: `${fixForVerifier("give the issuer's key; this one cannot have made the signature")}. ${fixForIssuer(
      "ask the issuer for its key's thumbprint and compare it with yours (jwtctl keys thumbprint FILE)",
    )}`,
  };
}

function otherAlgorithm(alg: JwsAlgorithm, other: JwsAlgorithm, bytes: number): Explanation {
  const { crv, family } = ALGORITHM_TRAITS[other];
  const made = `the header says ${alg}, but the signature has the ${bytes} bytes that ${other} makes`;
  const agree = fixForIssuer(`write "alg": "${other}" into the header, or really sign with ${alg}`);
  return family === "ecdsa"
    ? {
        cause: "curve_wrong",
        evidence: `${made}, with a key on ${crv}; no key on ${ALGORITHM_TRAITS[alg].crv} can have made it`,
        fix: `${agree}. ${fixForVerifier(`give the issuer's key on ${crv} once the header says so`)}`,
      }
    : {
        cause: "hash_mixed_up",
        evidence: `${made}; it does not fit as that either`,
        fix: `${agree}; and make sure that both sides have the same ${family === "hmac" ? "secret" : "key"}`,
      };
}
