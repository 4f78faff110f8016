import type { JsonObject } from "../../base/json/value.ts";
import type { Finding } from "./finding.ts";

/** How a token is written. */
export type TokenForm =
  /** Compact (RFC 7515 section 7.1, RFC 7516 section 7.1), with disclosures behind it for an SD-JWT (RFC 9901). */
  | { readonly kind: "compact"; readonly text: string }
  /** As JSON (RFC 7515 section 7.2, RFC 7516 section 7.2). */
  | { readonly kind: "json"; readonly object: JsonObject };

/** A possible token that was found in an input, with the repairs that were needed to find it. */
export interface TokenCandidate {
  readonly form: TokenForm;
  /** The name the surrounding text gives it: of a member, header, cookie or parameter. */
  readonly name?: string;
  /** Where it was found, when the text held more than a token, as in `data.id_token` or `line 3`. */
  readonly where?: string;
  readonly repairs: readonly Finding[];
  /** It has the form of a token but an unreadable header, while another token of the text has a readable one. */
  readonly unreadable?: true;
}

/** A candidate where it was found, before the repairs of the surrounding text are added. */
export interface FoundForm {
  readonly form: TokenForm;
  readonly name?: string;
  readonly where: string;
  /** Further repairs that were needed to find it. */
  readonly repairs?: readonly Finding[];
  readonly unreadable?: true;
}

/** How many tokens of one text are found at most. */
export const MAX_TOKENS = 1000;
