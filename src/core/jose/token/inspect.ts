import { Base64UrlMemory, decodeBase64Url } from "../../base/base64url.ts";
import { AppError } from "../../base/errors.ts";
import type { JsonObject } from "../../base/json/value.ts";
import {
  isCutObject,
  objectOf,
  rawPart,
  readContent,
  readPart,
  readSegment,
  type Segment,
  stringMember,
  type TokenPart,
} from "./content.ts";
import type { Finding } from "./finding.ts";
import { tokenWarnings } from "./inspect-warnings.ts";
import { notAToken } from "./not-a-token.ts";

/** The longest input of `decode`, in UTF-16 units. */
export const MAX_DECODE_LENGTH = 16 * 1024 * 1024;

/** A decoded token. Nothing in it has been verified. */
export interface InspectedToken {
  readonly kind: "jws" | "jwe";
  /** The text of the token. */
  readonly text: string;
  /** Its segments, encoded. */
  readonly segments: readonly string[];
  readonly header: TokenPart;
  /** Undefined when the token ends before it, or is encrypted. */
  readonly payload: TokenPart | undefined;
  /** Undefined when there is no second dot, or the token is encrypted. */
  readonly signature: Segment | undefined;
  readonly encrypted: boolean;
  /** What was repaired to decode it. */
  readonly repairs: readonly Finding[];
  /** Computed on each call, because bulk verification does not need it. */
  readonly warnings: () => readonly Finding[];
  /** Why the token is incomplete or damaged; the other members have what could be decoded. */
  readonly fault: Finding | undefined;
  /** Undefined for the compact form. */
  readonly json?: JsonForm;
  /** The parts of an SD-JWT after the issuer-signed JWT (RFC 9901 section 4). */
  readonly disclosed?: DisclosedParts;
  /** Its payload was sent apart from it, and put in; with what was signed, where that is no text (`b64: false`). */
  readonly detached?: { readonly signingInput: Uint8Array | undefined };
}

/** JSON serialization of a JWS or JWE (RFC 7515 section 7.2, RFC 7516 section 7.2). */
export interface JsonForm {
  readonly name: "flattened" | "general";
  /** Which of the signatures the token has, from 1. */
  readonly number: number;
  /** Empty for a JWE. */
  readonly signatures: readonly JsonSignature[];
  /** The unprotected header: of the signature, or the shared one of a JWE. */
  readonly unprotected: JsonObject | undefined;
  /** Empty for a JWS. */
  readonly recipients: readonly { readonly header: JsonObject | undefined; readonly encryptedKey: Segment }[];
  /** Whether the compact form would lose nothing. */
  readonly lossless: boolean;
}

export interface JsonSignature {
  readonly protected: TokenPart | undefined;
  readonly unprotected: JsonObject | undefined;
  readonly signature: Segment;
}

/** The parts of an SD-JWT after the issuer-signed JWT, encoded. */
export interface DisclosedParts {
  readonly disclosures: readonly string[];
  /** The Key Binding JWT; undefined when there is none. */
  readonly keyBinding: string | undefined;
}

/**
 * Decodes a compact JWS (RFC 7515 section 7.1) or JWE (RFC 7516 section 7.1) leniently: it accepts missing and cut
 * parts, padding, the base64 alphabet and payloads of any kind, and reports them.
 *
 * @param cache for many tokens in a row; undefined: nothing is kept
 * @throws AppError `token_malformed` when neither header nor payload can be read, `input_too_large`
 */
export function inspectToken(text: string, cache?: InspectionCache): InspectedToken {
  if (text.length > MAX_DECODE_LENGTH) {
    throw new AppError("input_too_large", "the token is longer than 16 MiB", {
      hints: ["No token is: check what was given"],
    });
  }
  // Seven segments are enough to see that there are too many.
  const segments = text.split(".", 7);
  if (segments.length > 5 || segments.length === 4) throw notAJwt(text, segments);
  return segments.length === 5 ? inspectJwe(text, segments) : inspectJws(text, segments, cache);
}

/** {@link inspectToken}; undefined for what it refuses. */
export function inspectIfToken(text: string, cache?: InspectionCache): InspectedToken | undefined {
  try {
    return inspectToken(text, cache);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

function inspectJwe(text: string, segments: readonly string[]): InspectedToken {
  const repairs: Finding[] = [];
  const header = readPart(segments[0] ?? "", repairs);
  const object = objectOf(header.content);
  if (object === undefined) throw notAJwt(text, segments);
  // `enc` is required (RFC 7516 section 4.1.2).
  if (typeof object.get("enc") !== "string") {
    throw new AppError(
      "token_malformed",
      "the token has five segments, as a JWE has, but its header has no enc: it is of a signed token",
      { hints: ["A signed token has three segments; check that only one token was copied"] },
    );
  }
  const inspected = { text, segments, header, payload: undefined, signature: undefined, repairs };
  const warnings = () => tokenWarnings({ header, payload: undefined, signature: undefined, segments });
  return { ...inspected, kind: "jwe", encrypted: true, warnings, fault: undefined };
}

function inspectJws(
  text: string,
  segments: readonly string[],
  cache: InspectionCache | undefined,
): InspectedToken {
  const [first = "", second, third] = segments;
  const repairs: Finding[] = [];
  const header = readHeader(first, repairs, cache);
  if (isPayloadAlone(header) && third === undefined && !isObject(second)) {
    return payloadAlone({ text, segments, payload: header, repairs });
  }
  const payload =
    second === undefined ? undefined : isUnencoded(header) ? rawPart(second) : readPart(second, repairs);
  if (objectOf(header.content) === undefined && objectOf(payload?.content) === undefined) {
    throw notAJwt(text, segments);
  }
  const signature = third === undefined ? undefined : readSegment(third, repairs);
  return signedToken({ text, segments, header, payload, signature, repairs });
}

type SignedParts = Pick<InspectedToken, "text" | "segments" | "header" | "payload" | "signature" | "repairs">;

function signedToken(parts: SignedParts): InspectedToken {
  const { text, segments, header, payload, signature, repairs } = parts;
  return {
    kind: "jws",
    text,
    segments,
    header,
    payload,
    signature,
    encrypted: false,
    repairs,
    warnings: () => tokenWarnings(parts),
    fault: faultOf(header, payload),
  };
}

/** Makes decoding many tokens in a row faster: the tokens of an issuer have the same header, which is decoded once. */
export interface InspectionCache {
  /** The last header without a fault. */
  header: TokenPart | undefined;
  readonly memory: Base64UrlMemory;
}

export function createInspectionCache(): InspectionCache {
  return { header: undefined, memory: new Base64UrlMemory() };
}

/** Decodes a header; a cached one is the same object as before. */
function readHeader(text: string, repairs: Finding[], cache: InspectionCache | undefined): TokenPart {
  if (cache?.header !== undefined && text === cache.header.text) return cache.header;
  const header = readPart(text, repairs);
  const isExact = repairs.length === 0 && header.fault === undefined;
  if (cache && isExact && objectOf(header.content) !== undefined && !isUnencoded(header))
    cache.header = header;
  return header;
}

/** Whether the payload is not encoded (RFC 7797). */
function isUnencoded(header: TokenPart): boolean {
  return objectOf(header.content)?.get("b64") === false;
}

const DOT = 0x2e;

/**
 * A fast path of {@link inspectToken} for a compact JWS without any fault whose header is the cached one, as most
 * tokens of a long input are.
 *
 * @returns undefined for any other text
 */
export function inspectWithCachedHeader(text: string, cache: InspectionCache): InspectedToken | undefined {
  const { header, memory } = cache;
  if (header === undefined || text.length > MAX_DECODE_LENGTH) return undefined;
  const end = header.text.length;
  if (text.charCodeAt(end) !== DOT || !text.startsWith(header.text)) return undefined;
  const dot = text.indexOf(".", end + 1);
  if (dot < 0) return undefined;
  const second = text.slice(end + 1, dot);
  const third = text.slice(dot + 1);
  const { ok, bytes } = decodeBase64Url(second, memory);
  const signature = decodeBase64Url(third, memory);
  if (!ok || !signature.ok) return undefined;
  return signedToken({
    text,
    segments: [header.text, second, third],
    header,
    payload: { text: second, bytes, fault: undefined, content: readContent(bytes) },
    signature: { text: third, bytes: signature.bytes, fault: undefined },
    repairs: NONE,
  });
}

const NONE: readonly Finding[] = [];

function faultOf(header: TokenPart, payload: TokenPart | undefined): Finding | undefined {
  if (objectOf(header.content) === undefined) {
    return { code: "header_unreadable", message: `the header ${whatIsWrong(header)}` };
  }
  if (payload === undefined) {
    return { code: "cut_after_header", message: "the token ends after its header" };
  }
  if (payload.fault?.kind === "character") {
    return { code: "payload_unreadable", message: `the payload ${whatIsWrong(payload)}` };
  }
  if (payload.fault?.kind === "length" || isCutObject(payload.content)) {
    return { code: "payload_cut", message: "the token is cut off inside its payload" };
  }
  return undefined;
}

/** Claims with nothing before them, and the signature behind them or nothing. */
function payloadAlone(found: Pick<SignedParts, "text" | "segments" | "repairs"> & { payload: TokenPart }) {
  const { text, segments, payload, repairs } = found;
  const header = readPart("", []);
  const signature = segments[1] === undefined ? undefined : readSegment(segments[1], []);
  const parts = { header, payload, signature, segments };
  const message = "this is a payload alone: the header before it is missing";
  return {
    ...{ kind: "jws" as const, text, encrypted: false, repairs, fault: { code: "payload_alone", message } },
    ...parts,
    warnings: () => tokenWarnings(parts),
  };
}

function isObject(segment: string | undefined): boolean {
  return segment !== undefined && objectOf(readPart(segment, []).content) !== undefined;
}

/** Claims of JWTs, and of what proxies hand on in their place. */
const CLAIMS = ["iss", "sub", "exp", "iat", "aud", "email", "auth_typ", "userId"];

/** Whether the first segment is a claims set, not a header. */
function isPayloadAlone(part: TokenPart): boolean {
  const object = objectOf(part.content);
  return object !== undefined && !object.has("alg") && CLAIMS.some((name) => object.has(name));
}

function whatIsWrong(part: TokenPart): string {
  if (part.fault?.kind === "character") {
    return `is not base64url (character ${part.fault.position + 1} of it)`;
  }
  if (part.fault?.kind === "length") return "is not a whole number of bytes in base64url";
  switch (part.content.kind) {
    case "json":
      return "is not a JSON object";
    case "text":
      return `is not JSON: ${part.content.reason} at position ${part.content.position}`;
    case "bytes":
      return "is not text";
  }
}

function notAJwt(text: string, segments: readonly string[]): AppError {
  return notAToken(text, segments, () => {
    const [header = ""] = segments;
    return header === "" ? "is empty" : whatIsWrong(readPart(header, []));
  });
}

/** The header's `alg`; undefined when it is no string. */
export function algOf(token: Pick<InspectedToken, "header">): string | undefined {
  return stringMember(objectOf(token.header.content), "alg");
}

/** The header's `kid`; undefined when it is no string. */
export function kidOf(token: Pick<InspectedToken, "header">): string | undefined {
  return stringMember(objectOf(token.header.content), "kid");
}
