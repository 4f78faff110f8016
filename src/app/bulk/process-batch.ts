import {
  type BatchResult,
  type LineBatch,
  type LineTask,
  MAX_LINE_BYTES,
} from "../../core/analysis/bulk/batch.ts";
import type { AskedClaims } from "../../core/analysis/expectations/asked.ts";
import { checkExpectations } from "../../core/analysis/expectations/claim-expectations.ts";
import { AppError, type ErrorCode } from "../../core/base/errors.ts";
import type { SignatureVerifier } from "../../core/jose/ports/crypto.ts";
import { objectOf, type TokenPart } from "../../core/jose/token/content.ts";
import type { TextDigest } from "../../core/jose/token/disclosures.ts";
import type { Finding } from "../../core/jose/token/finding.ts";
import { createInspectionCache, type InspectedToken } from "../../core/jose/token/inspect.ts";
import {
  addDisclosures,
  demandHolder,
  verifyDisclosures,
} from "../../core/jose/verification/disclosure-check.ts";
import type { HeaderCheckCache } from "../../core/jose/verification/policy.ts";
import {
  addChecks,
  type VerificationOptions,
  type VerificationReport,
} from "../../core/jose/verification/report.ts";
import { isSignedBySync, verifySync } from "../../core/jose/verification/verify.ts";
import { type FoundToken, findToken, findTokenToVerify } from "../token/find-token.ts";
import {
  expecting,
  type KeyHint,
  keyHintOf,
  type Trust,
  type TrustSource,
  unwrappedFrom,
} from "../token/verify-token.ts";
import { cacheTrust } from "./trust-cache.ts";

/** Writes the entry of a line: one line of JSON with its line break. */
export interface EntryWriter {
  decoded(line: number, token: FoundToken): string;
  /**
   * @param unwrapped what was removed around the token
   * @param others the number of opaque or unreadable tokens beside it
   */
  verified(line: number, report: VerificationReport, unwrapped: readonly Finding[], others: number): string;
  /** The entry of a line without a token. */
  refused(line: number, error: AppError, task: LineTask["kind"]): string;
}

export interface BatchPorts {
  readonly entries: EntryWriter;
  readonly trust: TrustSource;
  readonly jws: SignatureVerifier;
  readonly digest: TextDigest;
}

/** Processes a batch. @param now ms, by the clock */
export type BatchProcessor = (batch: LineBatch, now: number) => Promise<BatchResult>;

/** The result of a line: its entry, and the error code when it failed. */
interface Outcome {
  readonly entry: string;
  readonly failure: ErrorCode | undefined;
}

type LineReader = (line: number, text: string, now: number) => Outcome | Promise<Outcome>;

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/**
 * Decodes or verifies the token of every line. A line without a token has an entry with the error; a blank line has
 * none.
 *
 * The processor throws only what `ports.trust` throws.
 */
export function createBatchProcessor(task: LineTask, ports: BatchPorts): BatchProcessor {
  const readLine = task.kind === "decode" ? decodeLine(ports) : verifyLine(task, ports);
  return async ({ firstLine, bytes, tooLong }, now) => {
    if (tooLong) return resultOf([lineTooLong(firstLine, task.kind, ports)]);
    const outcomes: Outcome[] = [];
    const text = firstLine === 1 ? utf8.decode(bytes).replace(/^\ufeff/, "") : utf8.decode(bytes);
    let line = firstLine;
    for (let start = 0; start < text.length; line++) {
      const end = endOfLine(text, start);
      const content = text.slice(start, text.charCodeAt(end - 1) === CARRIAGE_RETURN ? end - 1 : end);
      start = end + 1;
      if (isBlank(content)) continue;
      const outcome = readLine(line, content, now);
      outcomes.push(outcome instanceof Promise ? await outcome : outcome);
    }
    return resultOf(outcomes);
  };
}

const CARRIAGE_RETURN = 0x0d;

/** Whether a line is blank; in a file in UTF-16 such a line has NULs. */
function isBlank(content: string): boolean {
  return content.trim() === "" || (content.startsWith("\0") && /^[\0\s]*$/.test(content));
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf("\n", start);
  return end < 0 ? text.length : end;
}

function resultOf(outcomes: readonly Outcome[]): BatchResult {
  const failures: Partial<Record<ErrorCode, number>> = {};
  let text = "";
  for (const { entry, failure } of outcomes) {
    text += entry;
    if (failure !== undefined) failures[failure] = (failures[failure] ?? 0) + 1;
  }
  return { entries: encoder.encode(text), tally: { tokens: outcomes.length, failures } };
}

function decodeLine({ entries }: BatchPorts): LineReader {
  const cache = createInspectionCache();
  return (line, text) => {
    try {
      const found = findToken(text, cache);
      const failure = found.token.fault === undefined ? undefined : "token_malformed";
      return { entry: entries.decoded(line, found), failure };
    } catch (error) {
      return refusal(line, error, "decode", entries);
    }
  };
}

function verifyLine(
  task: LineTask & { kind: "verify" },
  { entries, trust, jws, digest }: BatchPorts,
): LineReader {
  const remembered = cacheTrust(trust);
  const optionsFor = rememberOptions(task);
  const hintOf = rememberHint();
  const inspected = createInspectionCache();
  const headers: HeaderCheckCache = {};
  const wanted = { jsonForm: task.options.jsonForm };

  function verifySdJwt(
    token: InspectedToken,
    candidates: Trust["candidates"],
    options: VerificationOptions,
  ): VerificationReport {
    const sdJwt = verifyDisclosures(token, digest, options);
    const report = verifySync(token, candidates, { ...options, claims: sdJwt?.claims }, jws, headers);
    return sdJwt ? addDisclosures(report, sdJwt, isSignedBySync(sdJwt.proof?.toVerify, jws)) : report;
  }

  function verify(line: number, found: FoundToken, trusted: Trust, now: number): Outcome {
    try {
      const judged =
        found.token.disclosed === undefined
          ? demandHolder(
              verifySync(found.token, trusted.candidates, optionsFor(trusted, now), jws, headers),
              task.options,
            )
          : verifySdJwt(found.token, trusted.candidates, optionsFor(trusted, now));
      const report = task.asked === undefined ? judged : withExpectations(judged, task.asked);
      return {
        entry: entries.verified(line, report, unwrappedFrom(found), found.leftOut.length),
        failure: report.verdict,
      };
    } catch (error) {
      return refusal(line, error, "verify", entries);
    }
  }

  return (line, text, now) => {
    let found: FoundToken;
    try {
      found = findTokenToVerify(text, wanted, inspected);
    } catch (error) {
      return refusal(line, error, "verify", entries);
    }
    const hint = hintOf(found.token);
    const trusted = remembered.recall(hint, now);
    if (trusted !== undefined) return verify(line, found, trusted, now);
    // An error of the key source is not this line's: it would repeat for every line.
    return remembered.ask(hint).then((answer) => verify(line, found, answer, now));
  };
}

function withExpectations(report: VerificationReport, asked: AskedClaims): VerificationReport {
  const claims = report.sdJwt ? report.sdJwt.claims : objectOf(report.token.payload?.content);
  return addChecks(report, checkExpectations(claims, asked));
}

/** Keeps the key hint while the header stays the same. */
function rememberHint() {
  let last: { readonly header: TokenPart; readonly hint: KeyHint } | undefined;
  return ({ header }: InspectedToken): KeyHint => {
    if (last?.header !== header) last = { header, hint: keyHintOf({ header }) };
    return last.hint;
  };
}

const inUtc = () => 0;

/** Keeps the verification options while time and trusted keys stay the same. */
function rememberOptions({ options, at }: LineTask & { kind: "verify" }) {
  const {
    leeway,
    algorithms,
    types,
    tryAll,
    allowWeak = false,
    issuers,
    audiences,
    require,
    holder,
  } = options;
  let last: { readonly trusted: Trust; readonly options: VerificationOptions } | undefined;
  return (trusted: Trust, clock: number): VerificationOptions => {
    const now = at ?? clock;
    if (last === undefined || last.trusted !== trusted || last.options.time.now !== now) {
      const time = { now, utcOffset: inUtc };
      const given = { leeway, algorithms, types, tryAll, allowWeak, issuers, audiences, require, holder };
      const asked = { ...given, time, brief: true };
      last = { trusted, options: expecting(asked, trusted) };
    }
    return last.options;
  };
}

function refusal(line: number, error: unknown, task: LineTask["kind"], entries: EntryWriter): Outcome {
  if (!(error instanceof AppError)) throw error;
  return { entry: entries.refused(line, error, task), failure: error.code };
}

function lineTooLong(line: number, task: LineTask["kind"], { entries }: BatchPorts): Outcome {
  const error = new AppError("input_too_large", `the line is longer than ${MAX_LINE_BYTES} bytes`, {
    hints: ["Give one token a line"],
  });
  return { entry: entries.refused(line, error, task), failure: error.code };
}
