/**
 * The causes a diagnosis can name, and what each means. The ids are part of the public interface (docs/diagnosis.md).
 */
export const CAUSES = {
  // the token's text
  token_encrypted: "the token is a JWE: encrypted, and not signed for the reader",
  token_unsigned: "the token is not signed: its `alg` is `none`, or its signature was taken off",
  signature_zero: "the signature is nothing but zeros, which some verifiers have been fooled with",
  token_nested: "the signed content is another token",
  token_cut: "a part of the token is missing: its end or its beginning",
  token_damaged: "characters inside the token were lost, added or changed",
  payload_detached: "the payload is not in the token but was sent apart from it (RFC 7515 appendix F)",
  token_padded: "base64 padding or the other base64 alphabet is in the token",
  token_respelled: "a character was changed into another spelling of the same bytes",
  foreign_characters: "characters that no token has were added to it: line breaks, blanks, and the like",
  payload_compressed: "the payload is compressed, which a JWT's is not",
  payload_charset: "the payload is in another character set than UTF-8, or has a byte order mark",
  payload_encoded_twice: "the claims were encoded once too often: JSON in a JSON string, base64 in base64",
  payload_format: "the payload is in another format than JSON, or is no JSON object",
  member_type_wrong: "a registered member has a value of another type than it is defined with",
  // which key
  key_id_missing: "the token does not say which key it is for, and one of the keys given verifies it",
  key_without_id: "the token names its key, but the keys given have no kid to tell which of them it is",
  key_id_shared: "several of the keys given have the kid that the token names",
  key_id_wrong: "the token names another key than the one that verifies it",
  key_withdrawn: "the token is signed with a key that is no longer trusted",
  key_left_out: "the key that the token names is among those given, but cannot be used",
  key_unknown: "the token names a key that is not among those given",
  key_type_wrong: "the token's algorithm needs another type of key",
  curve_wrong: "the token's algorithm needs a key on another curve",
  key_size_wrong: "the signature is of an RSA key of another size than the key given",
  // how it was signed
  algorithm_pin: "the signature is good, in an algorithm that was not allowed for this key",
  algorithm_name: "the algorithm's name is written in another way than the standard has it",
  hash_mixed_up: "it was signed with another hash than the header says (HS256/HS384/HS512 and so on)",
  rsa_padding_mixed_up: "it was signed with the other RSA padding (RS256/PS256 and so on)",
  pss_salt_length: "the salt of the RSA-PSS signature is not as long as its hash",
  signature_length:
    "the numbers of the signature are not at their full length: a zero was left out, or a byte put before them",
  ecdsa_der: "the ECDSA signature is in DER instead of the form that JWS demands",
  signature_encoded_twice: "the signature was turned into text (hex, base64) before it was encoded",
  signature_hex: "the signature is written in hexadecimal instead of base64url",
  hashed_twice: "the content was hashed before it was signed, and signing hashes it once more",
  signing_input_wrong: "it was signed over something else than header and payload as the token has them",
  content_rewritten: "header or payload were written anew after signing, with other white space or escapes",
  content_changed:
    "the signature is of this key, but over other content: the token was changed after signing",
  // the secret
  secret_line_break: "a line break at the end of the secret is there on one side only",
  secret_white_space: "white space around the secret is there on one side only",
  secret_quotes: "quotes around the secret are there on one side only",
  secret_byte_order_mark: "the secret has a byte order mark, or is UTF-16, on one side only",
  secret_charset: "letters beyond ASCII in the secret are other bytes on the two sides",
  secret_base64: "the secret is base64 on one side and its bytes on the other",
  secret_hex: "the secret is hexadecimal on one side and its bytes on the other",
  secret_is_file_name: "the name of the secret's file was taken for the secret",
  secret_is_argument: "the issuer signs with the words that name the secret, not with the secret",
  secret_is_key: "a public key was given as an HMAC secret",
  secret_well_known: "it was signed with a secret that everybody knows",
  public_key_as_secret:
    "the public key was used as an HMAC secret: an attack, or a grave mistake of the issuer",
  // time
  clock_skew: "the clocks of issuer and verifier differ, or the token has only just expired",
  time_zone: "the issuer's local time was taken for UTC",
  not_yet_valid: "the token is to be valid only from later on",
  expired: "the token has expired, and no difference of clocks explains it",
  date_in_milliseconds: "a date is in milliseconds (or finer) instead of seconds",
  date_as_text: "a date is text instead of a number",
  exp_is_duration: "`exp` is a length of time instead of a point in time",
  // issuer, audience, type
  issuer_spelling: "`iss` differs from what is expected in a slash, in case, in scheme, port or white space",
  issuer_other_path: "`iss` is on the expected server, under another path (tenant, realm)",
  audience_spelling:
    "`aud` differs from what is expected in a slash, in case, in scheme, port or white space",
  audience_list_as_text: "several audiences are written as one text",
  audience_partial: "`aud` is a part of what is expected, or the other way round",
  name_lookalike: "`iss` or `aud` looks like what is expected, but is written with other characters",
  issuer_audience_swapped: "issuer and audience are confused",
  wrong_token_kind: "it is another kind of token (ID token, access token, refresh token)",
  other_environment: "the token is of another issuer or environment",
  // nothing of the above
  other_key: "the signature is not of the key given",
  other_key_or_content: "the signature is of another key or over other content",
} as const satisfies Readonly<Record<string, string>>;

export type CauseId = keyof typeof CAUSES;
