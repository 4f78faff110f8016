/**
 * Every way jwtctl refuses, by name. The codes are part of the public interface (docs/errors.md): they appear in JSON
 * errors and decide the exit code (exit-codes.ts), so they change only with a major version.
 *
 * Code that reacts to an error looks at `code` and `data`, never at the message.
 */
export const ERROR_CODES = [
  // refused
  "signature_invalid",
  "algorithm_not_allowed",
  "issuer_mismatch",
  "audience_mismatch",
  "type_mismatch",
  "claim_missing",
  "claim_invalid",
  "critical_header_unknown",
  "duplicate_member",
  "token_encrypted",
  "payload_not_claims",
  "key_ambiguous",
  "key_too_weak",
  "key_state_conflict",
  "credentials_refused",
  "user_disabled",
  "user_exists",
  "password_rejected",
  "refresh_unknown",
  "refresh_reused",
  "refresh_revoked",
  "refresh_superseded",
  "session_revoked",
  "store_exists",
  "confirmation_refused",
  // usage
  "usage",
  "input_required",
  "file_unreadable",
  "file_unwritable",
  "file_exists",
  "output_failed",
  "algorithm_unsupported",
  // not found
  "store_not_found",
  "key_not_found",
  "user_not_found",
  "login_not_found",
  "not_logged_in",
  "no_matching_key",
  // only the time is wrong
  "token_expired",
  "token_not_yet_valid",
  "token_issued_in_future",
  "refresh_expired",
  "clock_went_back",
  // malformed
  "token_malformed",
  "refresh_malformed",
  "key_malformed",
  "key_unusable",
  "json_malformed",
  "input_too_large",
  // the store cannot be used
  "store_busy",
  "store_read_only",
  "store_corrupt",
  "store_full",
  "store_newer",
  "store_foreign",
  "store_unusable",
  "passphrase_wrong",
  // network
  "network_failed",
  // a bug
  "internal",
  // the user said stop
  "cancelled",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** What else is known about a refusal. Never holds a secret: it may be printed. */
export type ErrorData = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/**
 * A refusal with its reason and the next step. The message says what happened, each hint what to do about it; both are
 * English sentences without a final full stop in the message's case, and may quote foreign text, which the view escapes.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly hints: readonly string[];
  readonly data: ErrorData;

  constructor(
    code: ErrorCode,
    message: string,
    options: { hints?: readonly string[]; data?: ErrorData; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.hints = options.hints ?? [];
    this.data = options.data ?? {};
  }
}
