import type { SessionStore, SettingsStore } from "../../core/authority/ports/store.ts";
import { algorithmsOfProof } from "../../core/jose/algorithms.ts";
import type { Jws, LeftOutKey } from "../../core/jose/ports/crypto.ts";
import { withPayload } from "../../core/jose/token/detached.ts";
import type { TextDigest } from "../../core/jose/token/disclosures.ts";
import type { Finding } from "../../core/jose/token/finding.ts";
import { algOf, type InspectedToken, kidOf } from "../../core/jose/token/inspect.ts";
import {
  addDisclosures,
  demandHolder,
  verifyDisclosures,
} from "../../core/jose/verification/disclosure-check.ts";
import type { CandidateKey } from "../../core/jose/verification/key-choice.ts";
import type {
  Diagnosis,
  VerificationOptions,
  VerificationReport,
} from "../../core/jose/verification/report.ts";
import { isSignedBy, verifyInspected } from "../../core/jose/verification/verify.ts";
import { type StoreKeyPorts, storeCandidates } from "./candidate-keys.ts";
import type { FoundToken } from "./find-token.ts";
import type { Wanted } from "./pick-token.ts";
import { plainToken } from "./plain-token.ts";
import type { Asked, AskedPorts } from "./verify-asked.ts";

/** The keys and expectations to verify a token with. */
export interface Trust {
  readonly candidates: readonly CandidateKey[];
  /** The expected issuers unless the user gave some: that of the store whose keys are used. */
  readonly issuers: readonly string[];
  readonly audiences: readonly string[];
  /** What the metadata name as the issuer of access tokens, where that is another (AD FS). */
  readonly accessTokenIssuer?: string | undefined;
  /**
   * For which tokens the answer holds: for all; for all whose `kid` is among the candidates (a server may be asked
   * again for another); or only for those with the same `kid` and `alg`.
   */
  readonly holdsFor: "all" | "known_kids" | "this_kid";
  /** Keys that were given with these and cannot be used. */
  readonly leftOut?: readonly LeftOutKey[];
  /** Asks for newer keys, of those that are a copy; undefined when there are none, or the owner was asked just now. */
  readonly renew?: () => Promise<Trust | undefined>;
}

/** The header parameters that a key source may look at. */
export interface KeyHint {
  readonly kid: string | undefined;
  readonly alg: string | undefined;
}

export function keyHintOf(token: Pick<InspectedToken, "header">): KeyHint {
  return { kid: kidOf(token), alg: algOf(token) };
}

/** Finds the keys for a token, among those the user chose to trust. */
export type TrustSource = (hint: KeyHint) => Promise<Trust>;

export interface VerifyInput {
  /** The input. The token is found in it as for `decode`, then it has to be in its exact form. */
  readonly text: string;
  /** Which of several tokens or signatures to verify, by number or name. */
  readonly pick?: string | undefined;
  readonly options: VerificationOptions;
  /** The payload that was sent apart from the token. */
  readonly payload?: Uint8Array | undefined;
  /** What is asked beside the checks that every token gets. */
  readonly asked?: Asked | undefined;
}

/** Finds the causes of a failed verification. */
export type Diagnose = (failure: {
  readonly report: VerificationReport;
  readonly candidates: readonly CandidateKey[];
  readonly options: VerificationOptions;
}) => Promise<readonly Diagnosis[]>;

export interface VerifiedToken extends VerificationReport {
  /** What was removed around the token before it was verified. */
  readonly unwrapped: readonly Finding[];
  /** What was beside it and not verified, in words. */
  readonly leftOut: readonly string[];
}

interface VerifyPorts {
  readonly trust: TrustSource;
  readonly jws: Pick<Jws, "verify">;
  readonly diagnose?: Diagnose | undefined;
  /** Hashes disclosures; without it every SD-JWT is refused. */
  readonly digest?: () => Promise<TextDigest>;
  /** When given, the session of the token must be active. */
  readonly sessions?: Pick<SessionStore, "findSession"> | undefined;
  /** For what is asked of a kind of token. */
  readonly keyTools?: () => Promise<AskedPorts["keyTools"]>;
}

/**
 * Verifies one token and reports every check. Of an SD-JWT it verifies the issuer's signature, the disclosures and the
 * holder's proof.
 *
 * @throws AppError `token_malformed` for what is no token, `input_too_large`, `token_ambiguous`, `token_not_compact`,
 *   and what `trust` throws
 */
export async function verifyToken(input: VerifyInput, ports: VerifyPorts): Promise<VerifiedToken> {
  const { text, pick, options, asked, payload } = input;
  const found = await findIn(text, { pick, jsonForm: options.jsonForm });
  const token = payload === undefined ? found.token : withPayload(found.token, payload);
  const extra = asked && (await import("./verify-asked.ts"));
  const keyTools = asked?.kind && (await ports.keyTools?.());
  const isProof = asked?.kind?.kind === "dpop-proof";
  const trusted =
    extra && keyTools && isProof
      ? { ...NOBODY_ELSE, candidates: extra.proofKeyCandidates(token, keyTools) }
      : await ports.trust(keyHintOf(token));
  const [own] = trusted.candidates;
  const isFree = isProof && options.algorithms.length === 0;
  const algorithms = isFree && own !== undefined ? algorithmsOfProof(own.jwk) : options.algorithms;
  const judged = await judgeRenewed(token, trusted, { ...options, algorithms }, ports);
  const { candidates, options: expected } = judged;
  const { now } = options.time;
  const lived = ports.sessions ? await checkSession(judged.report, ports.sessions, now) : judged.report;
  const report =
    extra === undefined
      ? lived
      : await extra.addAskedChecks(lived, asked ?? {}, expected, { digest: await digestOf(ports), keyTools });
  const diagnosis = report.valid ? [] : await ports.diagnose?.({ report, candidates, options: expected });
  return { ...report, diagnosis: diagnosis ?? [], unwrapped: unwrappedFrom(found), leftOut: found.leftOut };
}

/** The token to verify. A compact one with nothing around it needs none of what finds the others. */
async function findIn(text: string, wanted: Wanted): Promise<FoundToken> {
  const token = wanted.pick === undefined ? plainToken(text) : undefined;
  if (token !== undefined) return { token, repairs: token.repairs, others: [], leftOut: [] };
  return (await import("./find-token.ts")).findTokenToVerify(text, wanted);
}

/** The trust that comes with the key of a DPoP proof alone. */
const NOBODY_ELSE = { issuers: [], audiences: [], holdsFor: "this_kid" } as const;

interface Judged {
  readonly report: VerificationReport;
  readonly candidates: readonly CandidateKey[];
  /** With what the keys' owner expects. */
  readonly options: VerificationOptions;
}

/** Verifies with the keys at hand, and once more when the signature does not fit and there may be newer ones. */
async function judgeRenewed(
  token: InspectedToken,
  trusted: Trust,
  options: VerificationOptions,
  ports: VerifyPorts,
): Promise<Judged> {
  const judged = await judge(token, trusted, options, ports);
  const isSigned = judged.report.checks.some(({ name, status }) => name === "signature" && status !== "fail");
  const renewed = isSigned ? undefined : await trusted.renew?.();
  return renewed === undefined ? judged : judge(token, renewed, options, ports);
}

async function judge(
  token: InspectedToken,
  trusted: Trust,
  options: VerificationOptions,
  ports: VerifyPorts,
): Promise<Judged> {
  const { candidates } = trusted;
  const sdJwt = token.disclosed && verifyDisclosures(token, await digestOf(ports), options);
  const expected = { ...expecting(options, trusted), ...(sdJwt ? { claims: sdJwt.claims } : {}) };
  const issued = await verifyInspected(token, candidates, expected, ports.jws);
  const report = sdJwt
    ? addDisclosures(issued, sdJwt, await isSignedBy(sdJwt.proof?.toVerify, ports.jws))
    : demandHolder(issued, options);
  return { report, candidates, options: expected };
}

async function digestOf({ digest }: { readonly digest?: () => Promise<TextDigest> }): Promise<TextDigest> {
  return digest ? digest() : () => undefined;
}

/** The options with the issuers and audiences of the keys, where the user expects none, and the keys that were left out. */
export function expecting(
  options: VerificationOptions,
  { issuers, audiences, leftOut = [], accessTokenIssuer }: Trust,
): VerificationOptions {
  const expected = {
    issuers: options.issuers.length > 0 ? options.issuers : issuers,
    audiences: options.audiences.length > 0 ? options.audiences : audiences,
  };
  if (expected.issuers.length + expected.audiences.length + leftOut.length === 0) return options;
  return {
    ...options,
    ...expected,
    ...(accessTokenIssuer === undefined ? {} : { accessTokenIssuer }),
    ...(leftOut.length === 0 ? {} : { leftOut }),
  };
}

/** The repairs around a token, without those inside it. */
export function unwrappedFrom({ token, repairs }: FoundToken): readonly Finding[] {
  return repairs.length === 0 ? repairs : repairs.filter((repair) => !token.repairs.includes(repair));
}

async function checkSession(
  report: VerificationReport,
  sessions: Pick<SessionStore, "findSession">,
  now: number,
): Promise<VerificationReport> {
  const { addSessionCheck, sessionIdOf } = await import("../../core/authority/sessions/session-check.ts");
  const sid = sessionIdOf(report);
  return addSessionCheck(report, sid ? await sessions.findSession(sid, now) : null, now);
}

/** A source of keys that the user gave. */
export function trustGivenKeys(
  candidates: readonly CandidateKey[],
  leftOut: readonly LeftOutKey[] = [],
): TrustSource {
  return async () => ({ candidates, issuers: [], audiences: [], holdsFor: "all", leftOut });
}

/** A source of the store's keys, with its issuer and audience. @param now ms */
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
