import type { SessionStore, SettingsStore } from "../../core/authority/ports/store.ts";
import { addSessionCheck, sessionIdOf } from "../../core/authority/sessions/session-check.ts";
import type { Jws } from "../../core/jose/ports/crypto.ts";
import type { TextDigest } from "../../core/jose/token/disclosures.ts";
import type { Finding } from "../../core/jose/token/finding.ts";
import { algOf, type InspectedToken, kidOf } from "../../core/jose/token/inspect.ts";
import { addDisclosures, verifyDisclosures } from "../../core/jose/verification/disclosure-check.ts";
import type { CandidateKey } from "../../core/jose/verification/key-choice.ts";
import type {
  Diagnosis,
  VerificationOptions,
  VerificationReport,
} from "../../core/jose/verification/report.ts";
import { verifyInspected } from "../../core/jose/verification/verify.ts";
import { type StoreKeyPorts, storeCandidates } from "./candidate-keys.ts";
import { type FoundToken, findTokenToVerify } from "./find-token.ts";

/** What a token is to be verified with. */
export interface Trust {
  readonly candidates: readonly CandidateKey[];
  /** Expected when the user expects nothing else: the settings of the store whose keys are used. */
  readonly issuers: readonly string[];
  readonly audiences: readonly string[];
  /**
   * For which other tokens the answer would be the same: for all; for all but those with a `kid` that is not among the
   * candidates, for which a server may be asked again; or only for those with the same `kid` and `alg`.
   */
  readonly holdsFor: "all" | "known_kids" | "this_kid";
}

/** All of a token that may come into the choice of keys. */
export interface KeyHint {
  readonly kid: string | undefined;
  readonly alg: string | undefined;
}

export function keyHintOf(token: Pick<InspectedToken, "header">): KeyHint {
  return { kid: kidOf(token), alg: algOf(token) };
}

/** Finds out whom to trust for a token, among those the user chose to trust. */
export type TrustSource = (hint: KeyHint) => Promise<Trust>;

export interface VerifyInput {
  /** What was pasted; unwrapped as for `decode`, then held to the exact form. */
  readonly text: string;
  /** Which of several tokens or signatures is meant, by number or name. */
  readonly pick?: string | undefined;
  readonly options: VerificationOptions;
}

/** Looks for the causes of a failed verification. */
export type Diagnose = (failure: {
  readonly report: VerificationReport;
  readonly candidates: readonly CandidateKey[];
  readonly options: VerificationOptions;
}) => Promise<readonly Diagnosis[]>;

export interface VerifiedToken extends VerificationReport {
  /** What was taken off around the token before it was verified. */
  readonly unwrapped: readonly Finding[];
  /** What stood beside it and was not verified, in words. */
  readonly leftOut: readonly string[];
}

/**
 * Verifies one token and reports every check. Of an SD-JWT that is its issuer's token, and that what is disclosed fits it.
 *
 * @throws AppError `token_malformed` for what is no token, `input_too_large`, `token_ambiguous`, `token_not_compact`, and
 *   what `trust` throws
 */
export async function verifyToken(
  { text, pick, options }: VerifyInput,
  ports: {
    trust: TrustSource;
    jws: Pick<Jws, "verify">;
    diagnose?: Diagnose | undefined;
    /** Without it every SD-JWT is refused. */
    digest?: () => Promise<TextDigest>;
    /** Given: the session that the token belongs to must still live. */
    sessions?: Pick<SessionStore, "findSessions"> | undefined;
  },
): Promise<VerifiedToken> {
  const found = findTokenToVerify(text, pick);
  const trusted = await ports.trust(keyHintOf(found.token));
  const { candidates } = trusted;
  const sdJwt = found.token.disclosed && verifyDisclosures(found.token, await digestOf(ports));
  const expected = { ...expecting(options, trusted), ...(sdJwt ? { claims: sdJwt.claims } : {}) };
  const issued = await verifyInspected(found.token, candidates, expected, ports.jws);
  const verified = sdJwt ? addDisclosures(issued, sdJwt) : issued;
  const report = ports.sessions ? await checkSession(verified, ports.sessions, options.time.now) : verified;
  const diagnosis = report.valid ? [] : await ports.diagnose?.({ report, candidates, options: expected });
  return { ...report, diagnosis: diagnosis ?? [], unwrapped: unwrappedFrom(found), leftOut: found.leftOut };
}

async function digestOf({ digest }: { readonly digest?: () => Promise<TextDigest> }): Promise<TextDigest> {
  return digest ? digest() : () => undefined;
}

/** What the user expects comes before what goes with the keys. */
export function expecting(options: VerificationOptions, { issuers, audiences }: Trust): VerificationOptions {
  const expected = {
    issuers: options.issuers.length > 0 ? options.issuers : issuers,
    audiences: options.audiences.length > 0 ? options.audiences : audiences,
  };
  return expected.issuers.length + expected.audiences.length === 0 ? options : { ...options, ...expected };
}

/** What was taken off around a token before it was verified. */
export function unwrappedFrom({ token, repairs }: FoundToken): readonly Finding[] {
  return repairs.length === 0 ? repairs : repairs.filter((repair) => !token.repairs.includes(repair));
}

async function checkSession(
  report: VerificationReport,
  sessions: Pick<SessionStore, "findSessions">,
  now: number,
): Promise<VerificationReport> {
  const sid = sessionIdOf(report);
  const found = sid ? await sessions.findSessions(sid, now) : [];
  return addSessionCheck(report, found.find(({ id }) => id === sid) ?? null, now);
}

/** Keys the user gave. */
export function trustGivenKeys(candidates: readonly CandidateKey[]): TrustSource {
  return async () => ({ candidates, issuers: [], audiences: [], holdsFor: "all" });
}

/** The store's keys, with its issuer and audience. @param now ms */
export function trustStoreKeys(
  ports: StoreKeyPorts & { readonly store: Pick<SettingsStore, "readSettings"> },
  now: number,
): TrustSource {
  return async (hint) => {
    const { issuer, audience } = await ports.store.readSettings();
    const candidates = await storeCandidates(hint, ports, now);
    return { candidates, issuers: [issuer], audiences: [audience], holdsFor: "this_kid" };
  };
}
