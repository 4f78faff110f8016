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

/** One way to forge a token that a careless verifier accepts. To add one, add an object to the file of its family. */
export interface Attack {
  readonly id: AttackId;
  readonly title: string;
  /** What the attacker does and hopes for: one sentence without its full stop. */
  readonly how: string;
  /** What stops it: one sentence without its full stop. */
  readonly defence: string;
  /** The specification or paper that describes it. */
  readonly reference: string;
  /** What the attacker needs beside the token. */
  readonly needs?: "public-key" | "own-key";
  /** The attack does not change claims. */
  readonly keepsClaims?: true;
  /** The check that has to stop it; others may fail as well. */
  readonly decisiveCheck?: CheckName;
  /** Why the attack does not apply to this token; undefined when it does. */
  readonly notApplicable?: (target: AttackTarget) => string | undefined;
  readonly forge: (target: AttackTarget, means: AttackerKeys) => Forgery;
}

/** The keys an attacker has beside the token. */
export interface AttackerKeys {
  /** The verifier's public key, in the encoding that is tried as an HMAC secret. */
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
  /** These invented bytes. */
  | { readonly kind: "made-up"; readonly bytes: Uint8Array }
  /** The original one, its base64url written in another way; header and payload stay as they are. */
  | { readonly kind: "respelled"; readonly text: string }
  /** A valid HMAC under a secret the attacker knows. */
  | { readonly kind: "hmac"; readonly alg: "HS256" | "HS384" | "HS512"; readonly secret: Uint8Array }
  /** A valid signature by the attacker's own key. */
  | { readonly kind: "own-key" };
