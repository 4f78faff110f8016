import { decodeBase64Url, encodeBase64Url } from "../../base/base64url.ts";
import { isJwsAlgorithm, JWS_ALGORITHMS, type JwsAlgorithm } from "../../jose/algorithms.ts";
import { objectOf, readContent, type TokenPart } from "../../jose/token/content.ts";
import type { Explanation, FailedVerification, Trial } from "./failed-verification.ts";
import { foreignSize, possibleSizes } from "./key-size.ts";
import { bytesOf } from "./secret-variants.ts";
import { mayLackZeros } from "./signature-length.ts";
import { keysFor, nameOf } from "./trusted-keys.ts";

const COPY_WHOLE =
  "On the way between the two sides: copy the whole token; look for limits of fields, columns, headers and cookies";

function cut(evidence: string): readonly Explanation[] {
  return [{ cause: "token_cut", evidence, fix: COPY_WHOLE }];
}

/** Cause: the end is cut off: inside the payload, before the signature, or inside it. */
export function explainCut(failure: FailedVerification): readonly Explanation[] {
  const { alg, report, signature } = failure;
  const { token } = report;
  if (token.encrypted) return [];
  if (token.signature === undefined) {
    return cut(token.fault?.message ?? "the token ends after its payload: there is no signature");
  }
  const sizes = possibleSizes(failure);
  const expected = sizes.includes(signature.length)
    ? undefined
    : sizes.find((size) => size > signature.length);
  if (expected !== undefined && signature.length > 0 && foreignSize(failure) === undefined) {
    const missing = Math.ceil((expected * 4) / 3) - token.signature.text.length;
    const zeros = mayLackZeros(failure, expected)
      ? " (with zeros before its numbers it fits no key either)"
      : "";
    return cut(
      `the signature has ${signature.length} of the ${expected} bytes that ${alg} makes: the last ${
        missing === 1 ? "character is" : `${missing} characters are`
      } missing${zeros}`,
    );
  }
  const incomplete = token.signature.fault?.kind === "length";
  return incomplete && sizes.length === 0
    ? cut("the signature is not a whole number of bytes in base64url: its end is missing")
    : [];
}

/** Cause: the beginning is missing. The usual beginnings of headers are put before the token and tried. */
export function* missingStartTrials(failure: FailedVerification): Iterable<Trial> {
  const { signature, signingInput } = failure;
  for (const { start, alg } of restorations(failure)) {
    for (const candidate of keysFor(failure, alg)) {
      yield {
        ...{ alg, key: candidate.jwk, signature, signingInput: start + signingInput },
        ...{ cause: "token_cut", fix: COPY_WHOLE },
        evidence: `${missingAtStart(start)}: with "${start}" put in front the token verifies with ${nameOf(candidate)}`,
      };
    }
  }
}

/** Cause: the beginning is missing, and only one usual beginning restores a header. */
export function explainMissingStart(failure: FailedVerification): readonly Explanation[] {
  const [only, ...more] = restorations(failure);
  return only === undefined || more.length > 0
    ? []
    : cut(`${missingAtStart(only.start)}: with "${only.start}" put in front it has a header (${only.alg})`);
}

function missingAtStart({ length }: string): string {
  return length === 1 ? "the first character is missing" : `the first ${length} characters are missing`;
}

/** Every usual beginning that restores a header, the shortest first. */
function restorations({
  report,
  header,
}: FailedVerification): readonly { start: string; alg: JwsAlgorithm }[] {
  const { token } = report;
  const [first = ""] = token.segments;
  if (token.encrypted || header !== undefined || token.segments.length !== 3) return [];
  if (first.length > LONGEST_HEADER) return [];
  const found = new Map<string, { start: string; alg: JwsAlgorithm }>();
  for (const beginning of USUAL_HEADERS) {
    for (let length = 1; length <= beginning.length; length++) {
      const start = beginning.slice(0, length);
      if (found.has(start)) continue;
      const alg = algorithmIn(start + first);
      if (alg !== undefined) found.set(start, { start, alg });
    }
  }
  return [...found.values()].sort((a, b) => a.start.length - b.start.length);
}

function algorithmIn(segment: string): JwsAlgorithm | undefined {
  const decoding = decodeBase64Url(segment);
  const alg = decoding.ok ? objectOf(readContent(decoding.bytes))?.get("alg") : undefined;
  return isJwsAlgorithm(alg) ? alg : undefined;
}

const LONGEST_HEADER = 4096;

/** Encoded headers of most tokens; those that begin with `kid` are listed up to its first character. */
const USUAL_HEADERS: readonly string[] = [
  ...JWS_ALGORITHMS.flatMap((alg) => [
    { alg, typ: "JWT" },
    { typ: "JWT", alg },
    { alg },
    { alg, typ: "at+jwt" },
    { typ: "at+jwt", alg },
  ]).map((header) => encodeBase64Url(bytesOf(JSON.stringify(header)))),
  // The last base64url character also depends on what follows.
  ...['{"kid":"', '{"typ":"JWT","kid":"'].map((text) => encodeBase64Url(bytesOf(text)).slice(0, -1)),
];

/** Cause: a part is not base64url, or only its beginning is text. No issuer signs such a part. */
export function explainDamaged({ report }: FailedVerification): readonly Explanation[] {
  const { token } = report;
  if (token.encrypted || token.signature === undefined) return [];
  const parts: readonly (readonly [string, TokenPart | undefined])[] = [
    ["header", token.header],
    ["payload", token.payload],
  ];
  for (const [name, part] of parts) {
    const evidence = part === undefined ? undefined : damageOf(name, part);
    if (evidence === undefined) continue;
    return [
      {
        cause: "token_damaged",
        evidence,
        fix: "On the way between the two sides: copy the token again, as one piece; do not accept this one",
      },
    ];
  }
  return [];
}

function damageOf(name: string, { text, bytes, fault, content }: TokenPart): string | undefined {
  if (fault?.kind === "length") {
    return `the ${name} has ${text.length} characters, which is no whole number of bytes in base64url: at least one is missing in it, or one too many`;
  }
  if (content.kind !== "bytes" || bytes[0] !== OPENING_BRACE || bytes[1] !== QUOTE) return undefined;
  const end = Math.ceil((lengthOfText(bytes) * 4) / 3);
  return `the ${name} begins as JSON and is no text any more after about ${end} of its ${text.length} characters`;
}

const OPENING_BRACE = 0x7b;
const QUOTE = 0x22;

/** The number of bytes at the beginning that are valid UTF-8. */
function lengthOfText(bytes: Uint8Array): number {
  const text = new TextDecoder().decode(bytes);
  return bytesOf(text.slice(0, text.indexOf("\ufffd"))).length;
}
