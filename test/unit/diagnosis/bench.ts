import {
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign as nodeSign,
} from "node:crypto";
import { diagnose } from "../../../src/app/diagnosis/diagnose.ts";
import type { GivenMaterial } from "../../../src/core/analysis/diagnosis/failed-verification.ts";
import type { JwsAlgorithm } from "../../../src/core/jose/algorithms.ts";
import type { Jwk } from "../../../src/core/jose/jwk.ts";
import type { CandidateKey } from "../../../src/core/jose/verification/key-choice.ts";
import type {
  Diagnosis,
  VerificationOptions,
  VerificationReport,
} from "../../../src/core/jose/verification/report.ts";
import { verifyCompact } from "../../../src/core/jose/verification/verify.ts";
import { createJws } from "../../../src/crypto/jws.ts";
import { createKeyTools } from "../../../src/crypto/key-tools.ts";
import { createSignatureProbe } from "../../../src/crypto/signatures/probe.ts";
import { createStyle } from "../../../src/output/style.ts";
import { verifyText } from "../../../src/output/token/verify/verify-view.ts";
import { unpack } from "../../../src/runtime/unpack.ts";

// Makes the wrong input and asks what is wrong with it, with the real policy and the real cryptography.

export const NOW = Date.UTC(2026, 2, 1, 12);
/** {@link NOW} as a NumericDate. */
export const SECONDS = NOW / 1000;

export const jws = createJws();
export const probe = createSignatureProbe();
export const keyTools = createKeyTools({ bytes: (length) => new Uint8Array(length) });

export const b64 = (data: string | Uint8Array) => Buffer.from(data).toString("base64url");

export interface Pair {
  readonly privateKey: KeyObject;
  readonly privateJwk: Jwk;
  readonly publicJwk: Jwk;
  readonly pem: string;
}

function pairOf(privateKey: KeyObject): Pair {
  const publicKey = createPublicKey(privateKey);
  return {
    privateKey,
    privateJwk: privateKey.export({ format: "jwk" }) as unknown as Jwk,
    publicJwk: publicKey.export({ format: "jwk" }) as unknown as Jwk,
    pem: publicKey.export({ type: "spki", format: "pem" }) as string,
  };
}

export const ec = (namedCurve: string) => pairOf(generateKeyPairSync("ec", { namedCurve }).privateKey);
export const rsa = (modulusLength = 2048) => pairOf(generateKeyPairSync("rsa", { modulusLength }).privateKey);

/** A secret as `--secret` makes it. */
export function secret(bytes: string | Uint8Array): Jwk {
  return { kty: "oct", k: b64(bytes) };
}

export const GOOD_CLAIMS = { sub: "alice", iat: SECONDS - 60, exp: SECONDS + 600 };

export interface Recipe {
  readonly alg: JwsAlgorithm;
  readonly key: Jwk;
  readonly header?: Record<string, unknown>;
  readonly claims?: Record<string, unknown>;
  /** The exact payload text, instead of the claims. */
  readonly payload?: string;
}

/** A token signed as it should be. */
export function token({ alg, key, header = {}, claims = GOOD_CLAIMS, payload }: Recipe): Promise<string> {
  return jws.sign({
    header: JSON.stringify({ alg, ...header }),
    payload: Buffer.from(payload ?? JSON.stringify(claims)),
    alg,
    key,
  });
}

/** Header and payload, encoded, without a signature. */
export function unsigned(
  header: Record<string, unknown>,
  claims: Record<string, unknown> = GOOD_CLAIMS,
): string {
  return `${b64(JSON.stringify(header))}.${b64(JSON.stringify(claims))}`;
}

export function hmac(hash: string, key: string | Uint8Array, input: string): Buffer {
  return createHmac(hash, key).update(input).digest();
}

/** A signature by node:crypto, as careless as the test wants it. */
export function signed(input: string, hash: string | null, key: Parameters<typeof nodeSign>[2]): Buffer {
  return nodeSign(hash, Buffer.from(input), key);
}

export interface Question {
  readonly keys: readonly (Jwk | CandidateKey)[];
  readonly options?: Partial<VerificationOptions>;
  readonly given?: readonly GivenMaterial[];
  readonly files?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly report: VerificationReport;
  readonly diagnosis: readonly Diagnosis[];
  readonly causes: readonly string[];
}

export async function ask(text: string, question: Question): Promise<Answer> {
  const candidates = question.keys.map(
    (key): CandidateKey =>
      "jwk" in key ? (key as CandidateKey) : { jwk: key, source: "a test", bits: keyTools.sizeOf(key) },
  );
  const options: VerificationOptions = {
    time: { now: NOW, utcOffset: () => 0 },
    leeway: 0,
    algorithms: [],
    types: [],
    tryAll: false,
    issuers: [],
    audiences: [],
    require: [],
    ...question.options,
  };
  const report = await verifyCompact(text, candidates, options, jws);
  const { given = [], files = {} } = question;
  const peek = async (path: string) =>
    Object.hasOwn(files, path) ? Buffer.from(files[path] ?? "") : undefined;
  const diagnosis = await diagnose(
    { report, candidates, options, given },
    {
      jws,
      probe,
      keyTools,
      peek,
      unpack: async () => unpack,
    },
  );
  for (const { fix } of diagnosis) requireHarmless(fix);
  requireOneScreen({ ...report, diagnosis });
  return { report, diagnosis, causes: diagnosis.map(({ cause }) => cause) };
}

/** A terminal of 24 lines, of which the command and the next prompt take some. */
const ONE_SCREEN = 20;

/** Whatever failed, and whatever was found: the verdict, causes and fixes are on one screen of 80 columns. */
function requireOneScreen(report: VerificationReport): void {
  if (report.valid) return;
  const style = createStyle({ color: false, isTerminal: true, columns: 80 });
  const shown = verifyText(report, style);
  const fromVerdict = shown.slice(shown.indexOf("INVALID"));
  const lines = fromVerdict.trimEnd().split("\n").length;
  if (lines > ONE_SCREEN) throw new Error(`${lines} lines from the verdict on:\n${shown}`);
}

/** No fix tells anyone to turn a check off, or to grant more than the leeway that is allowed. */
function requireHarmless(fix: string): void {
  const leeways = [...fix.matchAll(/--leeway (\d+)/g)].map((match) => Number(match[1]));
  const weakens =
    /\b(skip|disable|switch|turn|ignore|without checking|trust anyway)|--no-|--allow|rejectUnauthorized/i;
  if (weakens.test(fix) || leeways.some((seconds) => seconds > 300))
    throw new Error(`weakens the verifier: ${fix}`);
}

export function given(option: string, typed: string, bytes: string | Uint8Array = typed): GivenMaterial {
  return { option, typed, bytes: Buffer.from(bytes) };
}
