import type { Attack, AttackerKeys, ForgedSignature } from "../../core/analysis/attacks/attack.ts";
import { type Change, changesBetween } from "../../core/analysis/attacks/edits.ts";
import type { AttackTarget } from "../../core/analysis/attacks/target.ts";
import { encodeBase64Url } from "../../core/base/base64url.ts";
import type { JsonObject } from "../../core/base/json/value.ts";
import { writeJson } from "../../core/base/json/write.ts";
import type { JwsAlgorithm } from "../../core/jose/algorithms.ts";
import type { Jwk } from "../../core/jose/jwk.ts";
import type { Jws } from "../../core/jose/ports/crypto.ts";

/** Makes the keys of an attack, each only when the attack needs it. */
export interface AttackerKeySource {
  readonly jws: () => Promise<Jws>;
  /** The attacker's own key pair. */
  readonly ownKey: () => Promise<AttackerKeyPair>;
}

export interface AttackerKeyPair {
  readonly alg: JwsAlgorithm;
  readonly kid: string;
  readonly publicJwk: Jwk;
  readonly privateJwk: Jwk;
}

export interface ForgedToken {
  readonly token: string;
  readonly header: JsonObject;
  readonly signature: ForgedSignature["kind"];
  readonly changed: readonly Change[];
}

/** The content of the forged token, before the attack changes it. */
export interface ForgedContent {
  /** The header that the attack changes. */
  readonly header: JsonObject;
  /** Undefined: the original claims. */
  readonly claims: JsonObject | undefined;
  readonly publicKey?: Uint8Array;
}

/**
 * Forges a token.
 *
 * @throws AppError `key_unusable`, `algorithm_unsupported` from the cryptography
 */
export async function forge(
  attack: Attack,
  target: AttackTarget,
  wish: ForgedContent,
  arsenal: AttackerKeySource,
): Promise<ForgedToken> {
  const ownKey = attack.needs === "own-key" ? await arsenal.ownKey() : undefined;
  const means: AttackerKeys = {
    ...(wish.publicKey === undefined ? {} : { publicKey: wish.publicKey }),
    ...(ownKey === undefined ? {} : { ownKey }),
  };
  const { header, signature } = attack.forge({ ...target, header: wish.header }, means);
  const changed = [
    ...changesBetween(target.header, header, "/header"),
    ...(wish.claims && target.claims ? changesBetween(target.claims, wish.claims, "/payload") : []),
  ];
  const parts = partsOf(target, header, wish.claims);
  const token = await signed(parts, signature, target, { arsenal, ownKey });
  return { token, header, signature: signature.kind, changed };
}

/** Header and payload as they will be signed. */
interface Parts {
  readonly headerText: string;
  readonly payload: Uint8Array;
  /** The JWS signing input. */
  readonly input: string;
}

/** Unchanged parts are copied byte for byte, because the signature covers their spelling too. */
function partsOf(target: AttackTarget, header: JsonObject, claims: JsonObject | undefined): Parts {
  const headerText = writeJson(header);
  const sameHeader = headerText === writeJson(target.header);
  const payload = claims === undefined ? target.payload : utf8.encode(writeJson(claims));
  const first = sameHeader ? target.segments.header : encodeBase64Url(utf8.encode(headerText));
  const second = claims === undefined ? target.segments.payload : encodeBase64Url(payload);
  return { headerText, payload, input: `${first}.${second}` };
}

async function signed(
  { headerText, payload, input }: Parts,
  signature: ForgedSignature,
  target: AttackTarget,
  { arsenal, ownKey }: { arsenal: AttackerKeySource; ownKey: AttackerKeyPair | undefined },
): Promise<string> {
  switch (signature.kind) {
    case "kept":
      return `${input}.${target.segments.signature}`;
    case "removed":
      return `${input}.`;
    case "made-up":
      return `${input}.${encodeBase64Url(signature.bytes)}`;
    case "respelled":
      return `${input}.${signature.text}`;
    case "hmac": {
      const key = { kty: "oct", k: encodeBase64Url(signature.secret) };
      return (await arsenal.jws()).sign({ header: headerText, payload, alg: signature.alg, key });
    }
    case "own-key": {
      const { alg, privateJwk } = ownKey ?? (await arsenal.ownKey());
      return (await arsenal.jws()).sign({ header: headerText, payload, alg, key: privateJwk });
    }
  }
}

const utf8 = new TextEncoder();
