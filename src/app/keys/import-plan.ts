import { isUsableKid, type KidNames, keyWithSameKid } from "../../core/authority/keys/kids.ts";
import { AppError } from "../../core/base/errors.ts";
import {
  algorithmsOfKeyType,
  type JwsAlgorithm,
  pinnedAlgorithm,
  signsWith,
  weaknessOf,
} from "../../core/jose/algorithms.ts";
import { hasPrivateMember, type Jwk } from "../../core/jose/jwk.ts";
import type { KeyTools } from "../../core/jose/ports/crypto.ts";

export const IMPORT_STATES = ["standby", "active", "retiring"] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

export interface ImportChoice {
  /** Undefined: that of the file, or the conventional algorithm of the key type. */
  readonly alg: JwsAlgorithm | undefined;
  /** Undefined: standby for a key that can sign, retiring for one that can only verify. */
  readonly as: ImportState | undefined;
  readonly allowWeak: boolean;
  /** Do not keep the kid of the file. */
  readonly forgetKid: boolean;
}

/** A key of a file as it will enter the store. */
export interface PlannedImport {
  readonly kid: string;
  readonly alg: JwsAlgorithm;
  readonly state: ImportState;
  /** The kid of the file, when it differs from `kid` and is kept. */
  readonly formerKid?: string;
  /** Null for `oct`. */
  readonly publicJwk: Jwk | null;
  /** Null for a key that only verifies. */
  readonly privateJwk: Jwk | null;
  /** Notes for the user about the choices made. */
  readonly notes: readonly string[];
}

/**
 * Decides how a key of a file enters the store.
 *
 * @param taken the keys of the store, and those that are imported before this one
 * @throws AppError `algorithm_not_allowed`, `key_too_weak`, `key_state_conflict`
 */
export async function planImport(
  jwk: Jwk,
  choice: ImportChoice,
  taken: readonly KidNames[],
  keyTools: KeyTools,
): Promise<PlannedImport> {
  const notes: string[] = [];
  const alg = algorithmOf(jwk, choice.alg, notes);
  const weakness = weaknessOf(jwk, alg, keyTools.sizeOf(jwk));
  if (weakness !== undefined) {
    if (!choice.allowWeak) {
      throw new AppError("key_too_weak", `the key is too weak: ${weakness}`, {
        hints: ["Make a new key (jwtctl keys generate), or take this one for a test with --allow-weak"],
      });
    }
    notes.push(`the key is weak: ${weakness}`);
  }
  const state = stateOf(jwk, choice.as, notes);
  if (state !== "retiring" && !signsWith(alg)) {
    throw new AppError("key_state_conflict", `jwtctl verifies ${alg}, but signs nothing with it`, {
      hints: ["Take the key to verify with: --as retiring"],
    });
  }
  const named = { kid: await keyTools.kidOf(jwk), alg, use: "sig" };
  const formerKid = choice.forgetKid ? undefined : keptKid(jwk, named.kid, taken, notes);
  const bare = await keyTools.publicOf(jwk);
  const publicJwk = bare && { ...bare, ...named };
  const canSign = hasPrivateMember(jwk);
  // A shared secret verifies as well.
  const keepsPrivate = canSign && (state !== "retiring" || publicJwk === null);
  if (canSign && !keepsPrivate) notes.push("only the public half was taken: a retiring key does not sign");
  const privateJwk = keepsPrivate ? { ...jwk, ...named } : null;
  const former = formerKid === undefined ? {} : { formerKid };
  return { kid: named.kid, alg, state, publicJwk, privateJwk, notes, ...former };
}

function algorithmOf(jwk: Jwk, named: JwsAlgorithm | undefined, notes: string[]): JwsAlgorithm {
  const alg = pinnedAlgorithm(jwk, named);
  const possible = algorithmsOfKeyType(jwk);
  if (alg === undefined) {
    const asked = named ?? jwk.alg;
    throw new AppError("algorithm_not_allowed", `the key cannot be used with ${asked}`, {
      hints: possible.length > 0 ? [`It fits: ${possible.join(", ")}`] : [],
    });
  }
  if (named !== undefined && jwk.alg !== undefined && jwk.alg !== named) {
    throw new AppError("algorithm_not_allowed", `the key says it is for ${jwk.alg}, not for ${named}`, {
      hints: [`Leave --alg out, or give --alg ${jwk.alg}: a key has one algorithm (RFC 8725 section 3.1)`],
    });
  }
  if (named === undefined && jwk.alg === undefined && possible.length > 1) {
    notes.push(`the file does not say for which algorithm the key is; ${alg} was taken (choose with --alg)`);
  }
  return alg;
}

function stateOf(jwk: Jwk, wanted: ImportState | undefined, notes: string[]): ImportState {
  if (hasPrivateMember(jwk)) return wanted ?? "standby";
  if (wanted === undefined) notes.push("a public key can only verify: it is taken as retiring");
  if (wanted === undefined || wanted === "retiring") return "retiring";
  throw new AppError("key_state_conflict", `a public key cannot sign, so it cannot be ${wanted}`, {
    hints: ["Take it to verify with: --as retiring; or give the file with the private half"],
  });
}

/** The kid of the file, when it is usable and no other key has it. */
function keptKid(jwk: Jwk, kid: string, taken: readonly KidNames[], notes: string[]): string | undefined {
  const formerKid = jwk.kid;
  if (formerKid === undefined || formerKid === kid) return undefined;
  if (!isUsableKid(formerKid)) {
    notes.push("the kid in the file was not kept: it is overlong, or holds control or invisible characters");
    return undefined;
  }
  const others = taken.filter((key) => key.kid !== kid);
  const rival = keyWithSameKid(others, { kid, formerKid });
  if (rival) throw kidTaken(formerKid, rival.kid);
  notes.push(`tokens it signed as "${formerKid}" are found too; it signs as ${kid} from now on`);
  return formerKid;
}

/** The error for a kid that another key has: it would be used in that key's place. */
export function kidTaken(kid: string, ownerKid: string): AppError {
  return new AppError("key_state_conflict", `the kid "${kid}" in the file names another key of this store`, {
    hints: ["Check where the file comes from; to take the key without that kid: --forget-kid"],
    data: { kid: ownerKid },
  });
}
