import type { KindId } from "../kinds/kind.ts";

/** A claim with the value that it must have, or hold. Plain data, for it is sent to other threads. */
export interface ExpectedClaim {
  /** As it was written: a claim's name, or a JSON Pointer. */
  readonly name: string;
  /** The names and indexes that lead to it. */
  readonly path: readonly string[];
  /** The value, as JSON text. */
  readonly json: string;
}

/** What a token's claims must say, whatever kind of token it is. */
export interface AskedClaims {
  readonly expected: readonly ExpectedClaim[];
  /** Words that must all be in `scope` (RFC 6749 section 3.3), or in `scp`. */
  readonly scopes: readonly string[];
}

/** What is asked of a token of one kind, beside what its specification demands of all of them. */
export interface AskedKind {
  readonly kind: KindId;
  /** The client that the token is for, or of. */
  readonly clientId?: string | undefined;
  /** The nonce that was sent. */
  readonly nonce?: string | undefined;
  /** The access token that came with it. */
  readonly accessToken?: string | undefined;
  /** The authorization code that came with it. */
  readonly code?: string | undefined;
  /** How long ago the login, or the making of a proof, may be; seconds. */
  readonly maxAge?: number | undefined;
  /** The request that a DPoP proof is for. */
  readonly method?: string | undefined;
  readonly url?: string | undefined;
}
