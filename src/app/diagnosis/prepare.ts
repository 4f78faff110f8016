import type { Prepared, PublicText } from "../../core/diagnosis/case.ts";
import { looksLikeKey } from "../../core/diagnosis/secret.ts";
import { textOf } from "../../core/diagnosis/secret-variants.ts";
import { AppError } from "../../core/errors.ts";
import { jsonFrom } from "../../core/json/value.ts";
import { writeJson } from "../../core/json/write.ts";
import type { Jwk } from "../../core/keys/jwk.ts";
import type { KeyEncoding } from "../../core/ports/crypto.ts";
import { algOf } from "../../core/token/inspect.ts";
import type { CandidateKey } from "../../core/token/key-choice.ts";
import type { DiagnosisInput, DiagnosisPorts } from "./diagnose.ts";

/** Of a large key set only so many keys are looked at closely. */
const KEYS = 8;
const LONGEST_PATH = 1024;

/** What the finders need from files and cryptography, made only where it can matter. */
export async function prepare(input: DiagnosisInput, ports: DiagnosisPorts): Promise<Prepared> {
  const isHmac = algOf(input.report.token)?.startsWith("HS") ?? false;
  const publicKeys = input.candidates.filter(({ jwk }) => jwk.kty !== "oct").slice(0, KEYS);
  return {
    thumbprints: isHmac ? new Map() : await thumbprints(publicKeys, ports),
    publicTexts: isHmac ? await publicTexts(publicKeys, input, ports) : [],
    keysInSecret: isHmac ? [] : await keysInSecrets(input, ports),
    fileNamedBySecret: isHmac ? await fileNamedBySecret(input, ports) : undefined,
  };
}

async function thumbprints(
  keys: readonly CandidateKey[],
  { keyTools }: DiagnosisPorts,
): Promise<ReadonlyMap<CandidateKey, string>> {
  const found = new Map<CandidateKey, string>();
  for (const candidate of keys) {
    const thumbprint = await orUndefined(keyTools.thumbprint(candidate.jwk));
    if (thumbprint !== undefined) found.set(candidate, thumbprint);
  }
  return found;
}

const FORMS: readonly (readonly [KeyEncoding, form: string])[] = [
  ["pem", "the PEM text"],
  ["der", "the DER"],
  ["jwk", "the JWK text"],
];

/** The files as they were given, and the usual forms of the public keys; texts with and without their final line break. */
async function publicTexts(
  keys: readonly CandidateKey[],
  { given }: DiagnosisInput,
  { keyTools }: DiagnosisPorts,
): Promise<readonly PublicText[]> {
  const texts: PublicText[] = given
    .filter(({ bytes }) => looksLikeKey(bytes))
    .flatMap(({ bytes }) => withAndWithoutBreak("the text of the file", bytes));
  for (const { jwk } of keys) {
    for (const [encoding, form] of FORMS) {
      const bytes = await orUndefined(keyTools.writePublic(jwk, encoding));
      if (bytes !== undefined) texts.push(...withAndWithoutBreak(form, bytes));
    }
    const line = await compactJwk(jwk, keyTools);
    if (line !== undefined) texts.push({ form: "the JWK text", bytes: line });
  }
  return texts;
}

async function compactJwk(jwk: Jwk, keyTools: DiagnosisPorts["keyTools"]): Promise<Uint8Array | undefined> {
  const half = await orUndefined(keyTools.publicOf(jwk));
  return half ? new TextEncoder().encode(writeJson(jsonFrom(half))) : undefined;
}

function withAndWithoutBreak(form: string, bytes: Uint8Array): readonly PublicText[] {
  if (textOf(bytes) === undefined) return [{ form, bytes }];
  const end = bytes.findLastIndex((byte) => byte !== 0x0a && byte !== 0x0d) + 1;
  const bare = bytes.subarray(0, end);
  const broken = new Uint8Array(end + 1).fill(0x0a);
  broken.set(bare);
  return [
    { form, bytes: broken },
    { form, bytes: bare },
  ];
}

/** Public keys that someone gave with --secret. */
async function keysInSecrets(
  { candidates, given }: DiagnosisInput,
  ports: DiagnosisPorts,
): Promise<readonly Jwk[]> {
  if (!candidates.some(({ jwk }) => jwk.kty === "oct")) return [];
  const found: Jwk[] = [];
  for (const { bytes } of given) {
    if (!looksLikeKey(bytes)) continue;
    const read = await orUndefined(ports.keyTools.read(bytes));
    found.push(...(read?.keys ?? []).slice(0, KEYS));
  }
  return found;
}

/** A literal secret that is the name of a file: its `@` was forgotten. */
async function fileNamedBySecret(
  { candidates, given }: DiagnosisInput,
  { peek }: DiagnosisPorts,
): Promise<Uint8Array | undefined> {
  if (!candidates.some(({ jwk }) => jwk.kty === "oct")) return undefined;
  for (const { typed, bytes } of given) {
    const name = textOf(bytes);
    if (name === undefined || name !== typed || name === "" || name.length > LONGEST_PATH) continue;
    const content = await peek(name);
    if (content !== undefined) return content;
  }
  return undefined;
}

/** What a key or a file does not yield is left out; a diagnosis never fails because of it. */
async function orUndefined<Value>(attempt: Promise<Value>): Promise<Value | undefined> {
  try {
    return await attempt;
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}
