import { readFileSync } from "node:fs";
import type { JwsAlgorithm } from "../../../src/core/jose/algorithms.ts";
import type { Jwk } from "../../../src/core/jose/jwk.ts";

/** Published examples, as they are printed in the RFCs. */
function fixture<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../fixtures/rfc/${name}.json`, import.meta.url), "utf8")) as T;
}

export interface SignedExample {
  readonly section: string;
  readonly alg: JwsAlgorithm;
  readonly header: string;
  /** Whether the algorithm gives the same signature every time. */
  readonly deterministic: boolean;
  readonly compact: string;
}

export const rfc7515 = fixture<{ examples: readonly (SignedExample & { key?: Jwk })[] }>("rfc7515");
export const rfc7517 = fixture<{
  "A.1": { keys: readonly [Jwk, Jwk] };
  "A.2": { keys: readonly [Jwk, Jwk] };
  "A.3": { keys: readonly [Jwk, Jwk] };
  B: Jwk & { readonly x5c: readonly [string] };
  C: { passphrase: string; key: Jwk; jwe: string };
}>("rfc7517");
export const rfc7519 = fixture<{
  "3.1": { alg: JwsAlgorithm; key: Jwk; compact: string };
  "6.1": { compact: string };
}>("rfc7519");
export const rfc7520 = fixture<{
  keys: Readonly<Record<string, Jwk>>;
  signatures: readonly (SignedExample & { privateKey: string; publicKey: string })[];
  "5.3": { passphrase: string; plaintext: string; jwe: string };
}>("rfc7520");
export const rfc7638 = fixture<{ key: Jwk; thumbprint: string }>("rfc7638");
export const rfc8037 = fixture<{
  "A.1": Jwk;
  "A.2": Jwk;
  "A.3": string;
  "A.4": { alg: JwsAlgorithm; header: string; payload: string; compact: string };
}>("rfc8037");
export const rfc9964 = fixture<{
  examples: readonly { alg: JwsAlgorithm; seed: string; pub: string; thumbprint: string; jws: string }[];
}>("rfc9964");

/** A compact JWS as {@link Jws.verify} takes it. */
export function split(compact: string): { signingInput: string; signature: Uint8Array; payload: Uint8Array } {
  const [header = "", payload = "", signature = ""] = compact.split(".");
  return {
    signingInput: `${header}.${payload}`,
    signature: Buffer.from(signature, "base64url"),
    payload: Buffer.from(payload, "base64url"),
  };
}
