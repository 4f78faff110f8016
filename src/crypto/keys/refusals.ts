import { AppError } from "../../core/errors.ts";

/** The refusal of a file that holds no whole, sound key. */
export function malformed(message: string, ...hints: readonly string[]): AppError {
  return new AppError("key_malformed", message, { hints });
}

/** The refusal of a sound key that cannot sign or verify a JWS. */
export function unusable(message: string, ...hints: readonly string[]): AppError {
  return new AppError("key_unusable", message, { hints });
}
