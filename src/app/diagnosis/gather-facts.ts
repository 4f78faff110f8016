import {
  type GatheredFacts,
  type SecretDigest,
  signingInputOf,
} from "../../core/analysis/diagnosis/failed-verification.ts";
import { looksLikeKey } from "../../core/analysis/diagnosis/secret.ts";
import { bytesOf, textOf } from "../../core/analysis/diagnosis/secret-variants.ts";
import { recognisePayload } from "../../core/analysis/payload/recognise-payload.ts";
import { decodeBase64Url, encodeBase64Url } from "../../core/base/base64url.ts";
import { isJwsAlgorithm } from "../../core/jose/algorithms.ts";
import type { Jwk } from "../../core/jose/jwk.ts";
import type { OpenedSignature } from "../../core/jose/ports/signature-probe.ts";
import { objectOf, stringMember } from "../../core/jose/token/content.ts";
import { algOf, type InspectedToken } from "../../core/jose/token/inspect.ts";
import type { CandidateKey } from "../../core/jose/verification/key-choice.ts";
import { orUndefined } from "../keys/public-forms.ts";
import type { DiagnosisInput, DiagnosisPorts } from "./ports.ts";
import { publicKeyTexts } from "./public-key-texts.ts";

/** How many keys of a large key set are examined. */
const KEYS = 8;
const LONGEST_PATH = 1024;

/** Gathers what explanations need from files and cryptography, each only when it can matter for the token. */
export async function gatherFacts(input: DiagnosisInput, ports: DiagnosisPorts): Promise<GatheredFacts> {
  const isHmac = algOf(input.report.token)?.startsWith("HS") ?? false;
  const publicKeys = input.candidates.filter(({ jwk }) => jwk.kty !== "oct").slice(0, KEYS);
  const { alg, content, signature } = partsOf(input.report.token);
  return {
    opened: isHmac ? new Map() : await opened(publicKeys, { content, signature }, ports),
    digest: isJwsAlgorithm(alg) ? ports.probe.hashOf(alg, content) : undefined,
    secretDigests: isHmac ? secretDigests(input, ports) : [],
    nonceHash: nonceHash(input.report.token, ports),
    thumbprints: isHmac ? new Map() : await thumbprints(publicKeys, ports),
    publicKeyTexts: isHmac ? await publicKeyTexts(publicKeys, input, ports) : [],
    keysInSecret: isHmac ? [] : await keysInSecrets(input, ports),
    payload: await payloadOf(input, ports),
    fileNamedBySecret: isHmac ? await fileNamedBySecret(input, ports) : undefined,
  };
}

async function payloadOf({ report }: DiagnosisInput, ports: DiagnosisPorts) {
  const failed = report.checks.some(({ name, status }) => name === "payload" && status === "fail");
  return failed ? recognisePayload(report.token, await ports.unpack()) : undefined;
}

function nonceHash({ header }: InspectedToken, { probe }: DiagnosisPorts): string | undefined {
  const nonce = stringMember(objectOf(header.content), "nonce");
  const hash = nonce === undefined ? undefined : probe.hashOf("RS256", bytesOf(nonce));
  return hash && encodeBase64Url(hash);
}

function partsOf(token: InspectedToken) {
  const content = bytesOf(signingInputOf(token));
  return { alg: algOf(token), content, signature: token.signature?.bytes ?? new Uint8Array() };
}

/** Opens the signature with each RSA key: the key that can do so has made it, over whatever content. */
async function opened(
  keys: readonly CandidateKey[],
  { content, signature }: { readonly content: Uint8Array; readonly signature: Uint8Array },
  { probe }: DiagnosisPorts,
): Promise<GatheredFacts["opened"]> {
  const found = new Map<CandidateKey, OpenedSignature>();
  for (const candidate of keys) {
    const inside = await orUndefined(probe.open(candidate.jwk, signature, content));
    if (inside !== undefined) found.set(candidate, inside);
  }
  return found;
}

/** SHA-256 and MD5 of the secrets: some issuers hash a secret to make it a key. */
function secretDigests({ candidates }: DiagnosisInput, { probe }: DiagnosisPorts): readonly SecretDigest[] {
  return candidates.slice(0, KEYS).flatMap(({ jwk: { kty, k: secret } }) => {
    if (kty !== "oct" || secret === undefined) return [];
    const { bytes } = decodeBase64Url(secret);
    const found = { "SHA-256": probe.hashOf("HS256", bytes), MD5: probe.md5Of(bytes) };
    return Object.entries(found).flatMap(([hash, digest]) =>
      digest === undefined ? [] : [{ secret, hash, bytes: digest }],
    );
  });
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

/** The public keys that were given with --secret. */
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

/** The file whose name was given as a literal secret, because its `@` was forgotten. */
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
