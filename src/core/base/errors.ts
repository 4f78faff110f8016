/**
 * Every way jwtctl refuses, by name, and what it means. The codes are part of the public interface (docs/errors.md):
 * they appear in JSON errors and decide the exit code (exit-codes.ts), so they change only with a major version.
 *
 * Code that reacts to an error looks at `code` and `data`, never at the message.
 */
export const ERRORS = {
  // refused
  signature_invalid: "the signature was not made with this key, or the token was changed",
  algorithm_not_allowed: "the token's `alg` is not the one the key is pinned to, or is `none`",
  issuer_mismatch: "`iss` is missing or another than expected",
  audience_mismatch: "`aud` is missing or does not name the expected audience",
  type_mismatch: "the header's `typ` is another than expected",
  claim_missing: "a required claim is missing",
  disclosure_invalid: "what an SD-JWT discloses does not fit what its issuer signed",
  key_binding_invalid:
    "the proof of an SD-JWT's holder is missing, or not made with the key of the credential",
  claim_mismatch: "a claim has another value than the one expected (`verify --expect`)",
  scope_missing: "the token does not grant a scope that is demanded (`verify --scope`)",
  client_mismatch: "the token is of, or was issued to, another client than expected",
  token_hash_mismatch: "the token was issued with another access token or code than the one given",
  login_too_old: "the login behind an ID token was longer ago than is allowed (`verify --max-age`)",
  request_mismatch: "a DPoP proof is for another request than the one given",
  proof_key_invalid: "a DPoP proof has no public key in its header, or a private one",
  proof_too_old: "a DPoP proof was made longer ago than is allowed (`verify --max-age`)",
  key_binding_mismatch: "the access token is not bound to the key of the DPoP proof",
  nonce_mismatch: "`nonce` is missing or another than the one that was sent",
  claim_invalid: "a registered claim has a value its definition does not allow",
  critical_header_unknown: "the header demands (`crit`) what jwtctl does not know",
  duplicate_member: "a JSON object in the token has a member twice",
  token_encrypted: "the token is a JWE: there is no signature to verify",
  payload_not_claims: "the signed payload is not a claims set (a JSON object)",
  key_ambiguous: "several keys fit, and nothing says which one to use",
  session_ambiguous: "several logins have an id that begins so",
  key_too_weak: "the key is smaller than its algorithm demands",
  key_revoked: "the key that signed the token has been revoked",
  key_state_conflict: "the key's state, or its algorithm, does not allow this",
  credentials_refused: "user name or password is wrong",
  login_throttled: "too many wrong passwords for this user, who has to wait",
  user_disabled: "the user is disabled",
  user_exists: "there is a user of that name",
  password_rejected: "the new password does not meet the rules",
  refresh_unknown: "no login has this refresh token",
  refresh_reused: "the refresh token had been used before: its login has been revoked",
  refresh_revoked: "the refresh token's login has been revoked",
  refresh_superseded:
    "the refresh token was traded moments ago and its successor is in use; nothing was revoked",
  session_revoked: "the login the token belongs to has ended (`verify --session`)",
  store_exists: "a store already exists",
  audit_altered: "the audit log is not what was written",
  doctor_findings: "`doctor` has found something that has to be put right",
  confirmation_refused: "the question was answered with no",
  forgery_accepted: "a token that `tamper` forged is accepted by the verification it was held against",
  lint_findings: "`lint` found something as grave as `--fail-on` says, or graver",
  lines_failed: "with `--lines`: not every token was good, and not all for the time alone",
  tokens_differ: "the tokens differ (`diff --exit-code`)",
  // usage
  usage: "the command line is wrong: unknown flag, missing or contradictory arguments, a value out of range",
  token_ambiguous: "several tokens, or several signatures, are in the input and nothing says which is meant",
  clipboard_unavailable: "there is no clipboard, or its program failed",
  url_refused: "a URL that is not fetched: neither https nor http on this machine, or with a password in it",
  input_required: "an answer is needed and nobody can be asked",
  file_unreadable: "a file cannot be read",
  file_unwritable: "a file cannot be written",
  file_exists: "the file is there and is not overwritten without being told",
  output_failed: "stdout cannot be written",
  algorithm_unsupported: "jwtctl or this version of Node does not have the algorithm",
  // not found
  store_not_found: "there is no store at this path, or it was never filled",
  key_not_found: "no key of the store is meant by this kid",
  user_not_found: "there is no user of that name",
  session_not_found: "no login of the store is meant by this id",
  not_logged_in: "there is no current login",
  no_matching_key: "none of the keys has the token's `kid`",
  // only the time is wrong
  token_expired: "`exp` has passed",
  token_not_yet_valid: "`nbf` lies ahead",
  token_issued_in_future: "`iat` lies ahead",
  refresh_expired: "the refresh token or its login has expired",
  clock_went_back: "the clock shows a time before the token was used; nothing was revoked",
  clock_implausible:
    "the clock shows a time more than a year after anybody used the store; nothing was destroyed or removed",
  // malformed
  token_malformed: "not a token",
  token_not_compact: "the token is in a form that says more than the compact one, which `verify` demands",
  refresh_malformed: "not a refresh token, or one with a typing error",
  key_malformed: "not a key",
  key_unusable: "a key, but not one that can be used for this",
  json_malformed: "not JSON",
  input_too_large: "the input exceeds the limit",
  // the store cannot be used
  store_busy: "another process holds the store's lock",
  store_read_only: "the store cannot be written",
  store_corrupt: "the store's file is damaged",
  store_full: "there is no space left for the store",
  store_newer: "a newer jwtctl has written the store",
  store_foreign: "the file is not a store of jwtctl",
  store_unusable: "the store cannot be used for another reason",
  passphrase_wrong: "the passphrase does not open the private key",
  // network
  network_name_unknown: "the server's name cannot be resolved",
  network_unreachable: "no connection to the server came about",
  network_interrupted: "the connection broke off before the answer was complete",
  network_timeout: "the server did not answer within the time limit",
  network_tls: "the server's certificate cannot be trusted, or TLS handshake failed",
  network_proxy_failed: "the proxy from the environment did not let the connection through",
  network_bad_status: "the server answered with another status than 200",
  network_redirect_refused: "the server redirects to another origin, which is not followed",
  network_too_many_redirects: "the server redirects too often",
  network_too_large: "the server's answer exceeds the limit",
  network_bad_content: "the server's answer is not what was asked for",
  issuer_document_mismatch: "the issuer's metadata name another issuer than the one asked for",
  jwks_uri_refused: "the issuer's metadata name an address for the JWKS that may not be fetched",
  // a bug
  internal: "a bug in jwtctl",
  // the user said stop
  cancelled: "Ctrl-C, or the end of input at a prompt",
} as const satisfies Readonly<Record<string, string>>;

export type ErrorCode = keyof typeof ERRORS;

export const ERROR_CODES = Object.keys(ERRORS) as readonly ErrorCode[];

/** Further data of a refusal. Never a secret: it may be printed. */
export type ErrorData = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/**
 * A refusal. The message says what happened, each hint says what to do; the message has no final full stop. Both may
 * quote foreign text, which views escape.
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
