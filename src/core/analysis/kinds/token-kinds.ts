import type { JsonObject } from "../../base/json/value.ts";
import { isSameMediaType, stringMember } from "../../jose/token/content.ts";
import { ACCESS_KINDS } from "./access-kinds.ts";
import { CLIENT_KINDS } from "./client-kinds.ts";
import { CREDENTIAL_KINDS } from "./credential-kinds.ts";
import type { KindId, Member, Sign, TokenKind } from "./kind.ts";
import { OPENID_KINDS } from "./openid-kinds.ts";

/** Every kind of token that jwtctl knows, in the order in which their signs are looked for. */
export const TOKEN_KINDS: readonly TokenKind[] = [
  ...CREDENTIAL_KINDS,
  ...CLIENT_KINDS,
  ...OPENID_KINDS,
  ...ACCESS_KINDS.toReversed(),
];

export interface RecognisedKind {
  readonly kind: TokenKind;
  /** How it was recognised: completes "it is an ID token: …". */
  readonly sign: string;
}

export function kindNamed(id: KindId): TokenKind {
  const kind = TOKEN_KINDS.find((candidate) => candidate.id === id);
  if (kind === undefined) throw new Error(`no kind of token has the id ${id}`);
  return kind;
}

/**
 * What kind of token this says it is: by `typ` first (RFC 8725 section 3.11), then by what only one kind has. Nothing
 * of it is proven.
 */
export function recogniseKind(
  header: JsonObject | undefined,
  claims: JsonObject | undefined,
): RecognisedKind | undefined {
  const typ = stringMember(header, "typ");
  for (const kind of TOKEN_KINDS) {
    const type = kind.types.find((name) => typ !== undefined && isSameMediaType(name, typ));
    if (type !== undefined) return { kind, sign: `its typ is ${type}` };
  }
  if (claims === undefined) return undefined;
  for (const kind of TOKEN_KINDS) {
    const found = kind.signs.find((sign) => hasSign(sign, header, claims));
    if (found !== undefined) return { kind, sign: found.says };
  }
  return undefined;
}

/** Whether all that makes up a sign is there, and nothing that speaks against it. */
export function hasSign(
  { all, none = [] }: Sign,
  header: JsonObject | undefined,
  claims: JsonObject,
): boolean {
  return (
    all.every((member) => isThere(member, header, claims) && fitsForm(member, header, claims)) &&
    !none.some((name) => claims.has(name))
  );
}

/** Whether a member, or the one that may stand in its place, is there. */
export function isThere(
  { part, name, or }: Member,
  header: JsonObject | undefined,
  claims: JsonObject,
): boolean {
  const object = part === "header" ? header : claims;
  return object !== undefined && (object.has(name) || (or !== undefined && object.has(or)));
}

/** Whether a member that is there has the form that is demanded of it. */
export function fitsForm(
  { part, name, form }: Member,
  header: JsonObject | undefined,
  claims: JsonObject,
): boolean {
  const value = (part === "header" ? header : claims)?.get(name);
  return form === undefined || value === undefined || form.fits(value, claims);
}
