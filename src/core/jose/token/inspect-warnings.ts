import { type JsonObject, numberOf } from "../../base/json/value.ts";
import { counted } from "../../base/text/wording.ts";
import { ALGORITHM_TRAITS, isJwsAlgorithm } from "../algorithms.ts";
import {
  type Content,
  isCutObject,
  objectOf,
  type Segment,
  stringMember,
  type TokenPart,
} from "./content.ts";
import type { Finding } from "./finding.ts";
import { isNumericDateClaim, MILLISECONDS_FROM } from "./times.ts";

interface Parts {
  readonly header: TokenPart;
  readonly payload: TokenPart | undefined;
  readonly signature: Segment | undefined;
  readonly segments: readonly string[];
}

/** Header parameters that hold or point to a key (RFC 7515 sections 4.1.2 to 4.1.6). */
export const KEY_HEADER_PARAMETERS: ReadonlySet<string> = new Set(["jku", "jwk", "x5u", "x5c"]);

/** The warnings about a decoded token: what is odd, missing or dangerous. */
export function tokenWarnings(parts: Parts): readonly Finding[] {
  const warnings: Finding[] = [];
  const warn = (code: string, message: string) => warnings.push({ code, message });
  const header = objectOf(parts.header.content);
  const encrypted = parts.segments.length === 5;
  if (encrypted)
    warn("encrypted", "the token is encrypted (JWE): without its key only the header can be read");
  else aboutSignature(parts, header, warn);
  aboutSpelling("header", parts.header, warn);
  if (parts.payload && !isCutObject(parts.payload.content)) aboutSpelling("payload", parts.payload, warn);
  aboutSpelling("signature", parts.signature, warn);
  aboutDuplicates("header", parts.header.content, warn);
  aboutDuplicates("payload", parts.payload?.content, warn);
  if (header) aboutHeader(header, encrypted, warn);
  if (parts.payload) aboutPayload(parts.payload, header, warn);
  const claims = objectOf(parts.payload?.content);
  if (claims) aboutDates(claims, warn);
  return warnings;
}

/** Whether `alg` is `none` in any case: `nOnE` has fooled verifiers that compare without case. */
export function isAlgNone(alg: unknown): boolean {
  return typeof alg === "string" && alg.length === 4 && alg.toLowerCase() === "none";
}

type Warn = (code: string, message: string) => void;

function aboutSignature({ signature }: Parts, header: JsonObject | undefined, warn: Warn): void {
  const alg = stringMember(header, "alg");
  if (isAlgNone(alg)) {
    warn("unsigned", "alg is none: the token is not signed, anyone can make or change it");
  } else if (signature === undefined) {
    warn("signature_missing", "the signature is missing: the token was cut off");
  } else if (signature.text === "") {
    warn("signature_empty", "the signature is empty: it was taken off");
  } else if (signature.fault?.kind === "character") {
    const position = signature.fault.position + 1;
    warn("signature_not_base64url", `the signature is not base64url (character ${position} of it)`);
  } else aboutSignatureLength(signature, alg, warn);
}

function aboutSignatureLength(signature: Segment, alg: string | undefined, warn: Warn): void {
  const expected = isJwsAlgorithm(alg) ? ALGORITHM_TRAITS[alg].signatureBytes : undefined;
  const { length } = signature.bytes;
  if (signature.fault?.kind === "length" || (expected !== undefined && length < expected)) {
    const size = expected === undefined ? "" : `: ${counted(length, "byte")} of ${expected}`;
    warn("signature_cut", `the signature is cut off${size}`);
  } else if (expected !== undefined && length > expected) {
    const der = alg?.startsWith("ES") && signature.bytes[0] === 0x30 ? "; it looks like DER" : "";
    warn(
      "signature_too_long",
      `the signature has ${counted(length, "byte")} where ${alg} makes ${expected}${der}`,
    );
  }
}

function aboutSpelling(name: string, segment: Segment | undefined, warn: Warn): void {
  if (segment?.fault?.kind !== "trailing_bits") return;
  warn("trailing_bits", `the ${name} has unused bits set in its last character: verification refuses it`);
}

function aboutDuplicates(name: string, content: Content | undefined, warn: Warn): void {
  if (content?.kind !== "json") return;
  for (const pointer of content.duplicates) {
    warn(
      "duplicate_member",
      `the ${name} has ${pointer} more than once; readers differ in which one they take`,
    );
  }
}

function aboutHeader(header: JsonObject, encrypted: boolean, warn: Warn): void {
  const alg = header.get("alg");
  if (alg === undefined) warn("algorithm_missing", "the header has no alg");
  else if (!encrypted && !isJwsAlgorithm(alg) && !isAlgNone(alg)) {
    const name = typeof alg === "string" ? alg : "of another type than a string";
    warn("algorithm_unknown", `jwtctl cannot verify the algorithm ${name}`);
  }
  for (const [name] of header.members) {
    if (name === "crit") {
      warn("critical_header", "the header has critical extensions (crit): verification refuses them");
    } else if (KEY_HEADER_PARAMETERS.has(name)) {
      warn("key_in_header", `the header names its own key (${name}): jwtctl never uses or fetches it`);
    }
  }
}

function aboutPayload(payload: TokenPart, header: JsonObject | undefined, warn: Warn): void {
  const { content } = payload;
  if (header?.get("b64") === false) {
    warn("payload_unencoded", "the payload stands in the token as it is (b64: false, RFC 7797)");
  }
  if (payload.text === "") {
    warn("payload_empty", "the payload is empty: it may be detached (RFC 7515 appendix F)");
  } else if (content.kind === "bytes") {
    const { length } = payload.bytes;
    warn(
      "payload_not_text",
      `the payload is ${counted(length, "byte")} that ${length === 1 ? "is" : "are"} not UTF-8`,
    );
  } else if (content.kind === "text") {
    // A claims set that was cut off is reported as a fault.
    if (!isCutObject(content)) warn("payload_not_json", "the payload is text, not JSON");
  } else if (objectOf(content) === undefined) {
    warn("payload_not_object", "the payload is JSON, but not a claims set");
  }
}

function aboutDates(claims: JsonObject, warn: Warn): void {
  for (const [name, value] of claims.members) {
    // A fast exit: a small number is a valid date, or no date at all.
    if (typeof value === "number" && value < MILLISECONDS_FROM) continue;
    if (!isNumericDateClaim(name)) continue;
    const seconds = numberOf(value);
    if (seconds === undefined) warn("not_a_date", `${name} should be a number of seconds`);
    else if (!Number.isFinite(seconds)) warn("not_a_date", `${name} is not a finite number`);
    else if (seconds >= MILLISECONDS_FROM)
      warn("milliseconds", `${name} looks like milliseconds; it should be seconds`);
  }
}
