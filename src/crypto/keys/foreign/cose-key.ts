import type { Jwk } from "../../../core/jose/jwk.ts";

type CborValue = number | boolean | null | string | Uint8Array | readonly CborValue[];

/** COSE's numbers for what JWKs have names for (RFC 9053 section 7, IANA COSE registries). */
const TYPES: Readonly<Record<number, string>> = { 1: "OKP", 2: "EC", 3: "RSA" };
const CURVES: Readonly<Record<number, string>> = {
  ...{ 1: "P-256", 2: "P-384", 3: "P-521", 4: "X25519", 5: "X448", 6: "Ed25519", 7: "Ed448", 8: "secp256k1" },
};
const ALGORITHMS: Readonly<Record<number, string>> = {
  ...{ [-7]: "ES256", [-35]: "ES384", [-36]: "ES512", [-8]: "EdDSA", [-47]: "ES256K", [-19]: "Ed25519" },
  ...{ [-257]: "RS256", [-258]: "RS384", [-259]: "RS512", [-37]: "PS256", [-38]: "PS384", [-39]: "PS512" },
};
const MEMBERS: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  OKP: { [-2]: "x", [-4]: "d" },
  EC: { [-2]: "x", [-3]: "y", [-4]: "d" },
  RSA: { [-1]: "n", [-2]: "e", [-3]: "d", [-4]: "p", [-5]: "q", [-6]: "dp", [-7]: "dq", [-8]: "qi" },
};

/** The members of a COSE_Key (RFC 9052 section 7) under the names of a JWK; undefined when the bytes are none. */
export function coseKey(bytes: Uint8Array): Jwk | undefined {
  const map = mapOf(bytes);
  const kty = TYPES[Number(map?.get(1))];
  if (map === undefined || kty === undefined) return undefined;
  const jwk: Record<string, string> = {};
  const curve = kty === "RSA" ? undefined : CURVES[Number(map.get(-1))];
  if (kty !== "RSA" && curve === undefined) return undefined;
  if (curve !== undefined) jwk["crv"] = curve;
  for (const [label, name] of Object.entries(MEMBERS[kty] ?? {})) {
    const value = map.get(Number(label));
    if (value instanceof Uint8Array) jwk[name] = Buffer.from(value).toString("base64url");
  }
  const kid = map.get(2);
  if (kid instanceof Uint8Array && kid.length > 0) jwk["kid"] = kidOf(kid);
  const alg = ALGORITHMS[Number(map.get(3))];
  if (alg !== undefined) jwk["alg"] = alg;
  return { ...jwk, kty };
}

function kidOf(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString("latin1");
  return /^[\x21-\x7e]+$/.test(text) ? text : Buffer.from(bytes).toString("base64url");
}

/** A CBOR map from small integers (RFC 8949), with nothing after it. */
function mapOf(bytes: Uint8Array): ReadonlyMap<number, CborValue> | undefined {
  const reader = new CborReader(bytes);
  const head = reader.head();
  if (head?.major !== 5 || head.argument > 32) return undefined;
  const map = new Map<number, CborValue>();
  for (let entry = 0; entry < head.argument; entry++) {
    const [label, value] = [reader.value(), reader.value()];
    if (typeof label !== "number" || value === undefined) return undefined;
    map.set(label, value);
  }
  return reader.isAtEnd() ? map : undefined;
}

class CborReader {
  #at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** The major type and the argument of the next item; undefined for what no key has. */
  head(): { readonly major: number; readonly argument: number } | undefined {
    const first = this.#bytes[this.#at++];
    if (first === undefined) return undefined;
    const [major, short] = [first >> 5, first & 0x1f];
    if (short < 24) return { major, argument: short };
    const length = short === 24 ? 1 : short === 25 ? 2 : 0;
    if (length === 0 || this.#at + length > this.#bytes.length) return undefined;
    let argument = 0;
    for (let index = 0; index < length; index++) argument = argument * 256 + (this.#bytes[this.#at++] ?? 0);
    return { major, argument };
  }

  /** The next item, but for maps and tags, which stand in no key. */
  value(depth = 0): CborValue | undefined {
    const head = this.head();
    if (head === undefined || depth > 2) return undefined;
    const { major, argument } = head;
    if (major === 0) return argument;
    if (major === 1) return -1 - argument;
    if (major === 2) return this.#take(argument);
    if (major === 3) return new TextDecoder().decode(this.#take(argument));
    if (major === 7)
      return argument === 20 ? false : argument === 21 ? true : argument === 22 ? null : undefined;
    if (major !== 4 || argument > 32) return undefined;
    const items: CborValue[] = [];
    for (let index = 0; index < argument; index++) {
      const item = this.value(depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
    }
    return items;
  }

  #take(length: number): Uint8Array | undefined {
    const start = this.#at;
    this.#at += length;
    return this.#at > this.#bytes.length ? undefined : this.#bytes.subarray(start, this.#at);
  }
}
