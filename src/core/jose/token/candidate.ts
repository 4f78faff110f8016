import type { JsonObject } from "../../base/json/value.ts";
import type { Finding } from "./finding.ts";

/** How a token is written. */
export type TokenForm =
  /** Compact (RFC 7515 section 7.1, RFC 7516 section 7.1), with disclosures behind it for an SD-JWT (RFC 9901). */
  | { readonly kind: "compact"; readonly text: string }
  /** As JSON (RFC 7515 section 7.2, RFC 7516 section 7.2). */
  | { readonly kind: "json"; readonly object: JsonObject };

/** Something that may be a token, found in what was pasted, and what had to be taken off to get at it. */
export interface TokenCandidate {
  readonly form: TokenForm;
  /** What the text around it calls it: the name of a member, header, cookie or parameter. */
  readonly name?: string;
  /** Where it was found, when the text held more than a token, as in `data.id_token` or `line 3`. */
  readonly where?: string;
  readonly repairs: readonly Finding[];
  /** It has the form of a token, but its header cannot be read, which that of another one in the text can. */
  readonly unreadable?: true;
}

/** A candidate as those who look for one find it: before it is known what else was taken off. */
export interface FoundForm {
  readonly form: TokenForm;
  readonly name?: string;
  readonly where: string;
  /** Further repairs that were needed to find it. */
  readonly repairs?: readonly Finding[];
  readonly unreadable?: true;
}

/** More tokens than this are not looked for in one text. */
export const MAX_TOKENS = 1000;
