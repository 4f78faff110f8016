import type { Attack } from "../../core/analysis/attacks/attack.ts";
import { ATTACKS } from "../../core/analysis/attacks/attacks.ts";
import { applyEdits, type Edit, escalation } from "../../core/analysis/attacks/edits.ts";
import { type AttackTarget, attackTarget } from "../../core/analysis/attacks/target.ts";
import { AppError } from "../../core/base/errors.ts";
import type { JsonObject } from "../../core/base/json/value.ts";
import { ALGORITHM_TRAITS, isJwsAlgorithm, type JwsAlgorithm } from "../../core/jose/algorithms.ts";
import type { Jws, KeyTools } from "../../core/jose/ports/crypto.ts";
import type { InspectedToken } from "../../core/jose/token/inspect.ts";
import type { CheckName } from "../../core/jose/verification/check.ts";
import type { VerificationReport } from "../../core/jose/verification/report.ts";
import { type AttackerKeyPair, type AttackerKeySource, type ForgedToken, forge } from "./forge.ts";

export interface TamperInput {
  readonly token: InspectedToken;
  /** Undefined: all attacks. */
  readonly attack: Attack | undefined;
  readonly claims: readonly Edit[];
  readonly header: readonly Edit[];
  /** The public key to use as an HMAC secret; undefined when none is known. */
  readonly publicKey: Uint8Array | undefined;
}

export interface TamperPorts {
  readonly jws: () => Promise<Jws>;
  readonly keyTools: () => Promise<KeyTools>;
  /** Verifies with the keys and expectations of the verifier; undefined when there is no key. */
  readonly verify: ((token: string) => Promise<Outcome>) | undefined;
}

export type Outcome = Pick<VerificationReport, "valid" | "verdict" | "checks">;

/** The result of verifying a forged token. */
export interface Verdict extends Outcome {
  /**
   * Whether the attack failed. Checks of claims do not count: an attacker who gets past the signature writes claims
   * that pass them.
   */
  readonly stopped: boolean;
}

export interface Tampering extends ForgedToken {
  readonly attack: Attack;
  /** Null when there was no key to verify with. */
  readonly verdict: Verdict | null;
}

/** An attack that does not apply, and why. */
export interface Omission {
  readonly attack: Attack;
  readonly notApplicable: string;
}

export interface TamperResult {
  /** The verdict on the original token; null when there was no key to verify with. */
  readonly original: Verdict | null;
  readonly tamperings: readonly (Tampering | Omission)[];
}

export function isOmission(entry: Tampering | Omission): entry is Omission {
  return "notApplicable" in entry;
}

/**
 * Forges a token with one attack or all, and verifies each forged token.
 *
 * @throws AppError `usage` when the attack does not apply to this token or would change nothing; `token_encrypted`,
 *   `token_malformed`, `payload_not_claims` when the token cannot be tampered with
 */
export async function tamper(input: TamperInput, ports: TamperPorts): Promise<TamperResult> {
  const target = attackTarget(input.token);
  const arsenal = arsenalOf(target, ports);
  const attacks = input.attack === undefined ? ATTACKS : [input.attack];
  const tamperings: (Tampering | Omission)[] = [];
  for (const attack of attacks) {
    const notApplicable = obstacleTo(attack, target, input);
    if (notApplicable === undefined)
      tamperings.push(await attempt(attack, target, input, { arsenal, ports }));
    else if (input.attack === undefined) tamperings.push({ attack, notApplicable });
    else throw pointless(attack, notApplicable);
  }
  return { original: await verdictOn(input.token.text, ports), tamperings };
}

async function attempt(
  attack: Attack,
  target: AttackTarget,
  input: TamperInput,
  { arsenal, ports }: { arsenal: AttackerKeySource; ports: TamperPorts },
): Promise<Tampering> {
  const wish = {
    header: applyEdits(target.header, input.header, "header member"),
    claims: attack.keepsClaims ? undefined : wantedClaims(target, input),
    ...(input.publicKey === undefined ? {} : { publicKey: input.publicKey }),
  };
  const forged = await forge(attack, target, wish, arsenal);
  if (attack.id === "edit" && forged.changed.length === 0) throw nothingChanged();
  return { ...forged, attack, verdict: await verdictOn(forged.token, ports) };
}

/** The claims after the edits. With all attacks and no edits: after {@link escalation}. */
function wantedClaims({ claims }: AttackTarget, input: TamperInput): JsonObject | undefined {
  if (input.claims.length > 0) {
    if (claims !== undefined) return applyEdits(claims, input.claims, "claim");
    throw new AppError("payload_not_claims", "the payload is not a claims set: it has no claims to change", {
      hints: [
        "Leave --claim and --remove out, or choose an attack on the header or the signature: jwtctl tamper --list",
      ],
    });
  }
  const nothingWished = input.attack === undefined && input.header.length === 0;
  return nothingWished && claims !== undefined
    ? applyEdits(claims, [escalation(claims)], "claim")
    : undefined;
}

function obstacleTo(attack: Attack, target: AttackTarget, input: TamperInput): string | undefined {
  const notApplicable = attack.notApplicable?.(target);
  if (notApplicable !== undefined) return notApplicable;
  if (attack.needs === "public-key" && input.publicKey === undefined)
    return "it needs the verifier's public key";
  const nothingToEdit = target.claims === undefined && input.header.length === 0;
  return attack.id === "edit" && nothingToEdit ? "its payload is not a claims set" : undefined;
}

function pointless(attack: Attack, notApplicable: string): AppError {
  const hint =
    attack.needs === "public-key" && notApplicable.startsWith("it needs")
      ? "Give it with --key FILE, or use a store that has the token's key"
      : "See which attacks make sense on this token with: jwtctl tamper TOKEN";
  return new AppError("usage", `the attack ${attack.id} does not work on this token: ${notApplicable}`, {
    hints: [hint],
    data: { attack: attack.id },
  });
}

function nothingChanged(): AppError {
  return new AppError("usage", "nothing would change: the token says all of this already", {
    hints: ["Give another value, as in --claim role=admin, or an attack with --attack"],
  });
}

async function verdictOn(token: string, { verify }: TamperPorts): Promise<Verdict | null> {
  if (verify === undefined) return null;
  const outcome = await verify(token);
  const stopped =
    !outcome.valid && outcome.checks.some(({ name, status }) => status !== "pass" && BARRIERS.has(name));
  return { ...outcome, stopped };
}

/** The checks that do not depend on claims. */
const BARRIERS: ReadonlySet<CheckName> = new Set<CheckName>(["signature", "format", "duplicates", "crit"]);

function arsenalOf(target: AttackTarget, ports: TamperPorts): AttackerKeySource {
  let made: Promise<AttackerKeyPair> | undefined;
  return {
    jws: ports.jws,
    ownKey: () => {
      made ??= makeOwnKey(target.alg, ports);
      return made;
    },
  };
}

/** The attacker's key pair, for the token's own algorithm when possible. */
async function makeOwnKey(named: string | undefined, ports: TamperPorts): Promise<AttackerKeyPair> {
  const { kid, alg, publicJwk, privateJwk } = await (await ports.keyTools()).generate(ownAlgorithm(named));
  if (publicJwk === null) throw new TypeError("an attacker's key has a public half");
  return { kid, alg, publicJwk, privateJwk };
}

function ownAlgorithm(named: string | undefined): JwsAlgorithm {
  if (!isJwsAlgorithm(named)) return "ES256";
  const { family } = ALGORITHM_TRAITS[named];
  // Not every runtime has ML-DSA, and the attack works without it.
  return family === "hmac" || family === "ml-dsa" ? "ES256" : named;
}
