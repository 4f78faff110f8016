import { decodeBase64Url } from "../base64url.ts";
import { AppError } from "../errors.ts";
import { isCutObject, objectOf, readContent, type Segment, stringMember, type TokenPart } from "./content.ts";
import type { Finding } from "./finding.ts";
import { warningsAbout } from "./inspect-warnings.ts";

/** What `decode` reads at most, in characters. */
export const MAX_DECODE_LENGTH = 16 * 1024 * 1024;

/** A token taken apart without any key: nothing in it has been verified. */
export interface InspectedToken {
  readonly kind: "jws" | "jwe";
  /** The text that was taken apart. */
  readonly text: string;
  /** Its segments as they were written. */
  readonly segments: readonly string[];
  readonly header: TokenPart;
  /** Undefined when the token ends before it, or is encrypted. */
  readonly payload: TokenPart | undefined;
  /** Undefined when there is no second dot, or the token is encrypted. */
  readonly signature: Segment | undefined;
  readonly encrypted: boolean;
  /** What was put right before it could be read. */
  readonly repairs: readonly Finding[];
  readonly warnings: readonly Finding[];
  /** Why this is only a part of a token, or a damaged one; what could be read of it is here all the same. */
  readonly fault: Finding | undefined;
}

/**
 * Takes a compact JWS (RFC 7515 section 7.1) or JWE (RFC 7516 section 7.1) apart, leniently: missing or cut parts,
 * padding, the base64 alphabet and payloads of any kind are read as far as they go, and told.
 *
 * @throws AppError `token_malformed` when neither header nor payload can be read, `input_too_large`
 */
export function inspectToken(text: string): InspectedToken {
  if (text.length > MAX_DECODE_LENGTH) {
    throw new AppError("input_too_large", "the token is longer than 16 MiB");
  }
  // Enough dots for any token: more need not be counted.
  const segments = text.split(".", 7);
  if (segments.length > 5 || segments.length === 4) throw notAToken(text, segments);
  return segments.length === 5 ? inspectJwe(text, segments) : inspectJws(text, segments);
}

function inspectJwe(text: string, segments: readonly string[]): InspectedToken {
  const repairs: Finding[] = [];
  const header = readPart(segments[0] ?? "", repairs);
  if (objectOf(header.content) === undefined) throw notAToken(text, segments);
  const inspected = { text, segments, header, payload: undefined, signature: undefined, repairs };
  const warnings = warningsAbout({ header, payload: undefined, signature: undefined, segments });
  return { ...inspected, kind: "jwe", encrypted: true, warnings, fault: undefined };
}

function inspectJws(text: string, segments: readonly string[]): InspectedToken {
  const [first = "", second, third] = segments;
  const repairs: Finding[] = [];
  const header = readPart(first, repairs);
  const unencoded = objectOf(header.content)?.get("b64") === false;
  const payload = second === undefined ? undefined : unencoded ? rawPart(second) : readPart(second, repairs);
  if (objectOf(header.content) === undefined && objectOf(payload?.content) === undefined) {
    throw notAToken(text, segments);
  }
  const signature = third === undefined ? undefined : readSegment(third, repairs);
  const warnings = warningsAbout({ header, payload, signature, segments });
  const fault = faultOf(header, payload);
  return {
    kind: "jws",
    text,
    segments,
    header,
    payload,
    signature,
    encrypted: false,
    repairs,
    warnings,
    fault,
  };
}

function readPart(text: string, repairs: Finding[]): TokenPart {
  const { bytes, fault } = readSegment(text, repairs);
  return { text, bytes, fault, content: readContent(bytes) };
}

/** RFC 7797: with `b64: false` the payload stands in the token as it is. */
function rawPart(text: string): TokenPart {
  const bytes = new TextEncoder().encode(text);
  return { text, bytes, fault: undefined, content: readContent(bytes) };
}

const PADDING = { code: "padding_removed", message: "base64 padding (=) was removed" };
const ALPHABET = {
  code: "base64_alphabet",
  message: "the base64 alphabet (+ /) was read as base64url (- _)",
};

function readSegment(text: string, repairs: Finding[]): Segment {
  const decoding = decodeBase64Url(text);
  if (decoding.ok) return { text, bytes: decoding.bytes, fault: undefined };
  const repaired = text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  const again = repaired === text ? decoding : decodeBase64Url(repaired);
  if (text.endsWith("=") && !repairs.includes(PADDING)) repairs.push(PADDING);
  if (/[+/]/.test(text) && !repairs.includes(ALPHABET)) repairs.push(ALPHABET);
  return { text, bytes: again.bytes, fault: again.ok ? undefined : again.fault };
}

function faultOf(header: TokenPart, payload: TokenPart | undefined): Finding | undefined {
  if (objectOf(header.content) === undefined) {
    return { code: "header_unreadable", message: `the header ${whatIsWrong(header)}` };
  }
  if (payload === undefined) return { code: "cut_after_header", message: "the token ends after its header" };
  if (payload.fault?.kind === "character") {
    return { code: "payload_unreadable", message: `the payload ${whatIsWrong(payload)}` };
  }
  if (payload.fault?.kind === "length" || isCutObject(payload.content)) {
    return { code: "payload_cut", message: "the token is cut off inside its payload" };
  }
  return undefined;
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

const WHOLE_TOKEN = "A JWT is three base64url segments with two dots between them, and begins with eyJ";

/** The kindest explanation of what the text is instead. */
function notAToken(text: string, segments: readonly string[]): AppError {
  const refuse = (message: string, ...hints: string[]) => new AppError("token_malformed", message, { hints });
  if (text === "") return refuse("the token is empty");
  if (text.startsWith("jwtctl_rt_")) {
    return refuse(
      "this is a refresh token, not a JWT: it is opaque, there is nothing in it to read",
      "See the login it belongs to with: jwtctl tokens list",
    );
  }
  if (text.startsWith("-----BEGIN"))
    return refuse("this is a key or certificate in PEM form, not a token", WHOLE_TOKEN);
  if (/^\s*[{[]/.test(text)) return refuse("there is no token in this JSON", WHOLE_TOKEN);
  if (segments.length === 1) {
    return text.startsWith("eyJ")
      ? refuse("the token is cut off inside its header", WHOLE_TOKEN)
      : refuse("this is not a token: it has no dots", WHOLE_TOKEN);
  }
  if (segments.length === 4 || segments.length > 5) {
    const number = segments.length === 4 ? "four" : "more than five";
    return refuse(
      `this is not a token: it has ${number} segments`,
      "A JWS has three segments, a JWE five; check that only one token was copied",
    );
  }
  return refuse(`this is not a token: its header ${headerTrouble(segments[0] ?? "")}`, WHOLE_TOKEN);
}

function headerTrouble(text: string): string {
  if (text === "") return "is empty";
  return whatIsWrong(readPart(text, []));
}

/** The `alg` of the header, as far as there is one. */
export function algOf(token: Pick<InspectedToken, "header">): string | undefined {
  return stringMember(objectOf(token.header.content), "alg");
}

/** The `kid` of the header, when it is text. */
export function kidOf(token: Pick<InspectedToken, "header">): string | undefined {
  return stringMember(objectOf(token.header.content), "kid");
}
