import type { Attack, ForgedSignature, Means } from "../../core/analysis/attacks/attack.ts";
import { type Change, changesBetween } from "../../core/analysis/attacks/edits.ts";
import type { Victim } from "../../core/analysis/attacks/victim.ts";
import { encodeBase64Url } from "../../core/base/base64url.ts";
import type { JsonObject } from "../../core/base/json/value.ts";
import { writeJson } from "../../core/base/json/write.ts";
import type { JwsAlgorithm } from "../../core/jose/algorithms.ts";
import type { Jwk } from "../../core/jose/jwk.ts";
import type { Jws } from "../../core/jose/ports/crypto.ts";

/** What the attack is carried out with; each is only asked for when the attack needs it. */
export interface Arsenal {
  readonly jws: () => Promise<Jws>;
  /** The attacker's own key pair. */
  readonly ownKey: () => Promise<OwnKey>;
}

export interface OwnKey {
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

/** What the attacker wants the token to say. */
export interface Wish {
  /** The header to start the attack from. */
  readonly header: JsonObject;
  /** Undefined: as they are. */
  readonly claims: JsonObject | undefined;
  readonly publicKey?: Uint8Array;
}

/**
 * Carries an attack out.
 *
 * @throws AppError `key_unusable`, `algorithm_unsupported` from the cryptography
 */
export async function forge(
  attack: Attack,
  victim: Victim,
  wish: Wish,
  arsenal: Arsenal,
): Promise<ForgedToken> {
  const ownKey = attack.needs === "own-key" ? await arsenal.ownKey() : undefined;
  const means: Means = {
    ...(wish.publicKey === undefined ? {} : { publicKey: wish.publicKey }),
    ...(ownKey === undefined ? {} : { ownKey }),
  };
  const { header, signature } = attack.forge({ ...victim, header: wish.header }, means);
  const changed = [
    ...changesBetween(victim.header, header, "/header"),
    ...(wish.claims && victim.claims ? changesBetween(victim.claims, wish.claims, "/payload") : []),
  ];
  const parts = partsOf(victim, header, wish.claims);
  const token = await signed(parts, signature, victim, { arsenal, ownKey });
  return { token, header, signature: signature.kind, changed };
}

/** The parts of the token as they are to be signed. */
interface Parts {
  readonly headerText: string;
  readonly payload: Uint8Array;
  /** `header.payload`, encoded. */
  readonly input: string;
}

/** Parts that nobody changed stay as they are, byte for byte: their spelling is covered by the signature, too. */
function partsOf(victim: Victim, header: JsonObject, claims: JsonObject | undefined): Parts {
  const headerText = writeJson(header);
  const sameHeader = headerText === writeJson(victim.header);
  const payload = claims === undefined ? victim.payload : utf8.encode(writeJson(claims));
  const first = sameHeader ? victim.segments.header : encodeBase64Url(utf8.encode(headerText));
  const second = claims === undefined ? victim.segments.payload : encodeBase64Url(payload);
  return { headerText, payload, input: `${first}.${second}` };
}

async function signed(
  { headerText, payload, input }: Parts,
  signature: ForgedSignature,
  victim: Victim,
  { arsenal, ownKey }: { arsenal: Arsenal; ownKey: OwnKey | undefined },
): Promise<string> {
  switch (signature.kind) {
    case "kept":
      return `${input}.${victim.segments.signature}`;
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
