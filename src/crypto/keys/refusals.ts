import { AppError } from "../../core/base/errors.ts";

/** The refusal of a file that holds no whole, sound key. */
export function malformed(message: string, ...hints: readonly string[]): AppError {
  const next = hints.length > 0 ? hints : ["Copy or export the key again, whole, as JWK, PEM or DER"];
  return new AppError("key_malformed", message, { hints: next });
}

/** The refusal of a sound key that cannot sign or verify a JWS. */
export function unusable(message: string, ...hints: readonly string[]): AppError {
  const next = hints.length > 0 ? hints : ["Give a signing key: EC, RSA, Ed25519, ML-DSA or an HMAC secret"];
  return new AppError("key_unusable", message, { hints: next });
}
