import { AppError } from "../base/errors.ts";
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

/**
 * The members that make up the public half, by type, in the order they are written (RFC 7518 section 6, RFC 8037, RFC
 * 9964).
 */
export const PUBLIC_JWK_MEMBERS: ReadonlyMap<string, readonly string[]> = new Map([
  ["EC", ["crv", "x", "y"]],
  ["RSA", ["n", "e"]],
  ["OKP", ["crv", "x"]],
  ["AKP", ["pub"]],
  ["oct", []],
]);

/** Members that are secret in some key type (RFC 7518 section 6; `priv` of the AKP type). Never in a public file. */
export const PRIVATE_JWK_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"] as const;

/** Whether the key can sign: it has a private or symmetric member. */
export function hasPrivateMember(jwk: Jwk): boolean {
  return PRIVATE_JWK_MEMBERS.some((member) => jwk[member] !== undefined);
}

/** A set of more is an attack on who reads it, or no set of keys. */
export const MAX_KEYS_OF_SET = 10_000;

export function tooManyKeys(count: number): AppError {
  return new AppError("input_too_large", `the key set has ${count} entries`, {
    hints: [`Give a set of at most ${MAX_KEYS_OF_SET} keys`],
  });
}
