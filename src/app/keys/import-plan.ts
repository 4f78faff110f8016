import { AppError } from "../../core/errors.ts";
import { algorithmsOfKeyType, type JwsAlgorithm, pinnedAlgorithm } from "../../core/keys/algorithms.ts";
import { hasPrivateMember, type Jwk } from "../../core/keys/jwk.ts";
import { keyByKid, MAX_KID_LENGTH } from "../../core/keys/kids.ts";
import type { SigningKey } from "../../core/keys/signing-key.ts";
import { weaknessOf } from "../../core/keys/weakness.ts";
import type { KeyTools } from "../../core/ports/crypto.ts";
import { UNSAFE_CHARACTERS } from "../../core/unsafe-characters.ts";

export const IMPORT_STATES = ["standby", "active", "retiring"] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

export interface ImportChoice {
  /** Undefined: what the file says, or the conventional algorithm of the key's type. */
  readonly alg: JwsAlgorithm | undefined;
  /** Undefined: standby for a key that can sign, retiring for one that can only verify. */
  readonly as: ImportState | undefined;
  readonly allowWeak: boolean;
  /** Do not keep the kid the file gives. */
  readonly forgetKid: boolean;
}

/** A key from a file as it is to enter the store. */
export interface PlannedImport {
  readonly kid: string;
  readonly alg: JwsAlgorithm;
  readonly state: ImportState;
  /** With the kid of the file where that is kept; null for `oct`. */
  readonly publicJwk: Jwk | null;
  /** Null when the key can, or need, only verify. */
  readonly privateJwk: Jwk | null;
  /** What the user should know about how this key was taken. */
  readonly notes: readonly string[];
}

/**
 * Decides how a key of a file enters the store.
 *
 * @param present the keys the store has; a shared secret among them is not `jwk`
 * @throws AppError `algorithm_not_allowed`, `key_too_weak`, `key_state_conflict`
 */
export async function planImport(
  jwk: Jwk,
  choice: ImportChoice,
  present: readonly SigningKey[],
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
  const bare = await keyTools.publicOf(jwk);
  if (bare === null) return secretImport(jwk, alg, state, choice.forgetKid, present, keyTools, notes);
  const kid = await keyTools.kidOf(jwk);
  const former = choice.forgetKid ? undefined : formerKidOf(jwk, kid, present, notes);
  const privateJwk = hasPrivateMember(jwk) && state !== "retiring" ? { ...jwk, kid, alg, use: "sig" } : null;
  if (state === "retiring" && hasPrivateMember(jwk)) {
    notes.push("only the public half was taken: a retiring key does not sign");
  }
  return { kid, alg, state, publicJwk: { ...bare, kid: former ?? kid, alg, use: "sig" }, privateJwk, notes };
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

/** The kid of the file, when tokens of this key could be found by it and nothing else has that name. */
function formerKidOf(
  jwk: Jwk,
  kid: string,
  present: readonly SigningKey[],
  notes: string[],
): string | undefined {
  const former = jwk.kid;
  if (typeof former !== "string" || former === kid || former === "") return undefined;
  if (former.length > MAX_KID_LENGTH || new RegExp(UNSAFE_CHARACTERS).test(former)) {
    notes.push("the kid in the file was not kept: it is overlong or holds control or invisible characters");
    return undefined;
  }
  const other = keyByKid(present, former);
  if (other && other.kid !== kid) throw kidTaken(former, other);
  notes.push(`tokens it signed as "${former}" are found too; it signs as ${kid} from now on`);
  return former;
}

/** A key that takes the name of another would be used in its place. */
function kidTaken(kid: string, other: SigningKey): AppError {
  return new AppError("key_state_conflict", `the kid "${kid}" in the file names another key of this store`, {
    hints: ["Check where the file comes from; to take the key without that kid: --forget-kid"],
    data: { kid: other.kid },
  });
}

/** What may name a shared secret in the store. */
const PLAIN_KID = new RegExp(`^[A-Za-z0-9][A-Za-z0-9._-]{0,${MAX_KID_LENGTH - 1}}$`);

/**
 * A shared secret keeps the kid of its file, for it has no public JWK that could hold a second one; a random id stands
 * in for a kid that cannot be kept, or that is the secret's thumbprint (RFC 7638 section 7: it can be guessed from).
 */
async function secretImport(
  jwk: Jwk,
  alg: JwsAlgorithm,
  state: ImportState,
  forgetKid: boolean,
  present: readonly SigningKey[],
  keyTools: KeyTools,
  notes: string[],
): Promise<PlannedImport> {
  const given = forgetKid ? undefined : jwk.kid;
  const other = given === undefined ? undefined : keyByKid(present, given);
  if (given !== undefined && other) throw kidTaken(given, other);
  const fits = given !== undefined && PLAIN_KID.test(given) && given !== (await keyTools.thumbprint(jwk));
  const kid = fits ? given : await keyTools.kidOf(jwk);
  if (given !== undefined && !fits) notes.push(`the kid in the file was not kept; the key is ${kid} here`);
  return { kid, alg, state, publicJwk: null, privateJwk: { ...jwk, kid, alg, use: "sig" }, notes };
}
