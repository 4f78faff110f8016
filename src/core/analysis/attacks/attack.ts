import type { JsonObject } from "../../base/json/value.ts";
import type { JwsAlgorithm } from "../../jose/algorithms.ts";
import type { Jwk } from "../../jose/jwk.ts";
import type { CheckName } from "../../jose/verification/check.ts";
import type { AttackTarget } from "./target.ts";

export const ATTACK_IDS = [
  "edit",
  "strip",
  "none",
  "none-case",
  "duplicate-alg",
  "hs-rs",
  "blank-secret",
  "kid",
  "kid-sql",
  "embedded-jwk",
  "jku",
  "x5u",
  "psychic",
  "respelled",
] as const;

export type AttackId = (typeof ATTACK_IDS)[number];

/** One way to make a token that a careless verifier takes. A new one is an object in its family's file. */
export interface Attack {
  readonly id: AttackId;
  readonly title: string;
  /** What the attacker does and hopes for: one plain sentence, without its full stop. */
  readonly how: string;
  /** What stops it: one plain sentence, without its full stop. */
  readonly defence: string;
  /** Where it is described. */
  readonly reference: string;
  /** What the attacker needs beside the token. */
  readonly needs?: "public-key" | "own-key";
  /** It is about the token as it is: changing claims is no part of it. */
  readonly keepsClaims?: true;
  /** The check that it is about; others may fail as well. */
  readonly decisiveCheck?: CheckName;
  /** Why it makes no sense on this token; undefined when it does. */
  readonly notApplicable?: (target: AttackTarget) => string | undefined;
  readonly forge: (target: AttackTarget, means: AttackerKeys) => Forgery;
}

/** What an attacker has beside the token. */
export interface AttackerKeys {
  /** The verifier's public key as bytes, in the encoding that is tried as an HMAC secret. */
  readonly publicKey?: Uint8Array;
  /** A key pair of the attacker's own. */
  readonly ownKey?: { readonly alg: JwsAlgorithm; readonly kid: string; readonly publicJwk: Jwk };
}

export interface Forgery {
  readonly header: JsonObject;
  readonly signature: ForgedSignature;
}

/** How the forged token gets its signature. */
export type ForgedSignature =
  /** The original one stays. */
  | { readonly kind: "kept" }
  | { readonly kind: "removed" }
  /** These bytes, made up. */
  | { readonly kind: "made-up"; readonly bytes: Uint8Array }
  /** The original one in another spelling of the same bytes; header and payload stay as they are. */
  | { readonly kind: "respelled"; readonly text: string }
  /** A right HMAC under a secret the attacker knows. */
  | { readonly kind: "hmac"; readonly alg: "HS256" | "HS384" | "HS512"; readonly secret: Uint8Array }
  /** A right signature by the attacker's own key. */
  | { readonly kind: "own-key" };
