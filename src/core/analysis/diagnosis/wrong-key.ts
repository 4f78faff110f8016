import { ALGORITHM_TRAITS, type JwsAlgorithm } from "../../jose/algorithms.ts";
import { quoted } from "../../jose/verification/check.ts";
import {
  type Explanation,
  type FailedVerification,
  fixForIssuer,
  fixForVerifier,
} from "./failed-verification.ts";
import { fitsKey, keysFor, nameOf, trustedKeys } from "./trusted-keys.ts";

/** Cause: the key that the token names was given, and left out because it cannot be used. */
export function explainLeftOutKey({ kid, options }: FailedVerification): readonly Explanation[] {
  const key = kid === undefined ? undefined : options.leftOut?.find((each) => each.kid === kid);
  if (kid === undefined || key === undefined) return [];
  const isForEncryption = /encrypt|"use"/.test(key.reason);
  return [
    {
      cause: "key_left_out",
      evidence: `the token names the key ${quoted(kid)}, which is among those given, but cannot be used: ${key.reason}`,
      fix: isForEncryption
        ? fixForIssuer("sign with a key that is published for signatures, and name that one in the header")
        : `${fixForIssuer("publish the key anew, as the standard has it")}. ${fixForVerifier(
            "get it from the issuer in another form until then (PEM, certificate), and give that: --key FILE",
          )}`,
    },
  ];
}

/** Cause: no given key has the type and curve that the token's algorithm needs. */
export function explainKeyType(failure: FailedVerification): readonly Explanation[] {
  const { alg } = failure;
  const keys = trustedKeys(failure);
  const [first] = keys;
  if (alg === undefined || first === undefined || keysFor(failure, alg).length > 0) return [];
  const traits = ALGORITHM_TRAITS[alg];
  const onCurve = keys.find(({ jwk }) => jwk.kty === traits.kty && traits.crv !== undefined);
  const given = keys.length === 1 ? nameOf(first) : `each of the ${keys.length} keys given`;
  if (onCurve !== undefined && traits.family === "ecdsa") {
    return [
      {
        cause: "curve_wrong",
        evidence: `${alg} needs a key on ${traits.crv}; ${given} is on ${keys.length === 1 ? onCurve.jwk.crv : "another curve"}`,
        fix: fixForVerifier(
          `give the issuer's key on ${traits.crv}, or ask the issuer which algorithm it means to use`,
        ),
      },
    ];
  }
  if (traits.family === "hmac") return [onlyPublicKeys(alg, keys.length === 1, given, first.jwk.kty)];
  return [
    {
      cause: "key_type_wrong",
      evidence: `${alg} needs ${needs(alg)}; ${given} is ${keys.length === 1 ? has(first.jwk.kty) : "of another type"}`,
      fix: fixForVerifier(
        `give the issuer's ${needs(alg).replace(/^an? /, "")}, or ask which algorithm it means to use`,
      ),
    },
  ];
}

/** Explains an HMAC token where only public keys are given: algorithm confusion, or an issuer that uses HMAC. */
function onlyPublicKeys(alg: JwsAlgorithm, alone: boolean, given: string, kty: string): Explanation {
  return {
    cause: "key_type_wrong",
    evidence: `${alg} needs ${needs(alg)}; ${given} is ${alone ? has(kty) : "of another type"}, and no usual form of its public half was the secret`,
    fix: `${fixForVerifier(
      "do not accept the token if its issuer signs with a private key: a header that names HMAC instead is how such tokens are forged (RFC 8725 section 2.1). If it does sign with a shared secret, give that: --secret @FILE",
    )}`,
  };
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  RSA: "an RSA key",
  EC: "an elliptic-curve key",
  OKP: "an Ed25519 key",
  oct: "an HMAC secret",
  AKP: "an ML-DSA key",
};

function has(kty: string): string {
  return TYPE_NAMES[kty] ?? "of another type";
}

function needs(alg: JwsAlgorithm): string {
  return has(ALGORITHM_TRAITS[alg].kty);
}

const MEANING =
  "it was signed with another key, or changed after signing; which of the two, the token cannot tell";

/** Cause: `kid` names a key that was not given, and no given key verifies the token. */
export function explainUnknownKey(failure: FailedVerification, tried: number): readonly Explanation[] {
  const { alg, kid, signature } = failure;
  const keys = keysFor(failure, alg);
  if (kid === undefined || keys.length === 0 || signature.length === 0) return [];
  if (trustedKeys(failure).some(({ jwk }) => jwk.kid === undefined || jwk.kid === kid)) return [];
  return [
    {
      cause: "key_unknown",
      evidence: `the token names the key ${quoted(kid)}, which is not among those given, and ${
        keys.length === 1 ? "the one candidate does not match" : `${noneOf(keys.length)} candidates matches`
      }${attempts(tried)}`,
      fix: `${fixForVerifier("get the issuer's present keys (--issuer-url, or --jwks with --refresh-jwks)")}. If the key is not among them, do not accept the token`,
    },
  ];
}

function noneOf(count: number): string {
  return count === 2 ? "neither of the 2" : `none of the ${count}`;
}

/** Cause of last resort: no trial succeeded. States only what is certain. */
export function explainOtherKey(failure: FailedVerification, tried: number): readonly Explanation[] {
  const { alg, facts, signature } = failure;
  const keys = keysFor(failure, alg);
  const [only] = keys;
  if (alg === undefined || only === undefined || signature.length === 0) return [];
  const thumbprint = facts.thumbprints.get(only);
  const name = thumbprint === undefined ? nameOf(only) : `${nameOf(only)} (thumbprint ${thumbprint})`;
  const who = keys.length === 1 ? `${name} did not make` : `${noneOf(keys.length)} candidate keys made`;
  const found = `${who} this signature${attempts(tried)}${namesThis(failure, thumbprint)}`;
  if (canBeRead(failure, alg)) {
    return [
      {
        cause: "other_key",
        evidence: `${found}: the signature makes no sense with ${keys.length === 1 ? "it" : "any of them"}, whatever was signed`,
        fix: `${fixForIssuer(compare(alg))}. If the key is the right one, what is here is no signature: do not accept the token`,
      },
    ];
  }
  return [
    {
      cause: "other_key_or_content",
      evidence: `${found}: ${MEANING}`,
      fix: `${fixForIssuer(compare(alg))}. If the key is the right one, the token was changed: do not accept it`,
    },
  ];
}

/** Whether the keys were compared with the contents of the signature, which only RS* signatures allow. */
function canBeRead(failure: FailedVerification, alg: JwsAlgorithm): boolean {
  return (
    ALGORITHM_TRAITS[alg].family === "rsa-pkcs1" &&
    trustedKeys(failure).every((key) => !fitsKey(alg, key.jwk) || failure.facts.thumbprints.has(key))
  );
}

function attempts(tried: number): string {
  return tried > 0 ? ` (${tried} common ${tried === 1 ? "mistake was" : "mistakes were"} ruled out)` : "";
}

/** Says whether `kid`, as a thumbprint (RFC 7638), is that of the given key. */
function namesThis({ kid, candidates }: FailedVerification, thumbprint: string | undefined): string {
  if (kid === undefined || thumbprint === undefined || candidates.length !== 1) return "";
  if (kid === thumbprint) return "; the token does name this very key by its thumbprint";
  return /^[\w-]{43}$/.test(kid) && candidates[0]?.jwk.kid === undefined
    ? `; the token names a key of another thumbprint, ${kid}`
    : "";
}

function compare(alg: JwsAlgorithm): string {
  return ALGORITHM_TRAITS[alg].family === "hmac"
    ? "make sure that both sides have the same secret, byte by byte"
    : "ask the issuer for its key's thumbprint and compare it with yours (jwtctl keys thumbprint FILE)";
}
