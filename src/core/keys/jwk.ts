/** A JSON Web Key (RFC 7517 section 4), public or private, as a plain object. */
export interface Jwk {
  readonly kty: string;
  readonly kid?: string;
  readonly alg?: string;
  readonly use?: string;
  readonly key_ops?: readonly string[];
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
  readonly n?: string;
  readonly e?: string;
  readonly k?: string;
  readonly d?: string;
  readonly pub?: string;
  readonly priv?: string;
  readonly [member: string]: unknown;
}

/** Members that are secret in some key type (RFC 7518 section 6; `priv` of the AKP type). Never in a public file. */
export const PRIVATE_JWK_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"] as const;

/** True when the key can sign: it holds a private or a symmetric member. */
export function hasPrivateMember(jwk: Jwk): boolean {
  return PRIVATE_JWK_MEMBERS.some((member) => jwk[member] !== undefined);
}
