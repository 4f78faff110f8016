import { JsonObject, type JsonValue } from "../../base/json/value.ts";
import {
  type CertificateHashes,
  certificateHashFaults,
  otherCertificate,
} from "../token/certificate-hash.ts";
import { type Content, isSameMediaType, objectOf, type Segment } from "../token/content.ts";
import type { InspectedToken } from "../token/inspect.ts";
import { KEY_HEADER_PARAMETERS } from "../token/inspect-warnings.ts";
import { type Check, fail, oneOf, pass, quoted, skip, warn } from "./check.ts";
import { described } from "./described.ts";

// Checks that are the same for every token are created once, for bulk verification.
const COMPACT = pass("format", "compact JWS");
const NO_DUPLICATES = pass("duplicates", "no duplicate names");
const NO_HEADER_KEYS = pass("header_keys", "no key embedded in the header");

/**
 * Checks the exact compact form (RFC 7515 section 7.1): a JSON object as header, and three segments of base64url
 * without padding and unused bits, so that no two texts are the same token.
 */
export function checkFormat(token: InspectedToken): Check {
  if (token.encrypted) {
    return fail(
      "format",
      "token_encrypted",
      "the token is encrypted (JWE): it carries no signature to verify",
    );
  }
  const wrong = formFault(token);
  return wrong === undefined ? COMPACT : fail("format", "token_malformed", wrong);
}

function formFault(token: InspectedToken): string | undefined {
  if (token.fault) return token.fault.message;
  if (token.signature === undefined) return "the signature is missing: the token was cut off";
  const [repair] = token.repairs;
  if (repair) return `not strict base64url: ${repair.message} to read it`;
  const spelling =
    misspelt("header", token.header) ??
    misspelt("payload", token.payload) ??
    misspelt("signature", token.signature);
  if (spelling !== undefined) return spelling;
  const wrong = objectOf(token.header.content)?.members.find(
    ([name, value]) => typeof value !== "string" && TEXT_PARAMETERS.has(name),
  );
  return wrong && `${wrong[0]} is ${described(wrong[1])}, not a string`;
}

/** The members of a header that are strings, and where they are defined. */
export const TEXT_PARAMETERS: ReadonlyMap<string, string> = new Map([
  ["jku", "RFC 7515 section 4.1.2"],
  ["kid", "RFC 7515 section 4.1.4"],
  ["x5u", "RFC 7515 section 4.1.5"],
  ["x5t", "RFC 7515 section 4.1.7"],
  ["x5t#S256", "RFC 7515 section 4.1.8"],
  ["typ", "RFC 7515 section 4.1.9"],
  ["cty", "RFC 7515 section 4.1.10"],
]);

function misspelt(name: string, segment: Segment | undefined): string | undefined {
  const fault = segment?.fault;
  switch (fault?.kind) {
    case undefined:
      return undefined;
    case "trailing_bits":
      return `the ${name} has unused bits set in its last character: another spelling of the same bytes`;
    case "length":
      return `the ${name} is cut off`;
    case "character":
      return `the ${name} is not base64url (character ${fault.position + 1} of it)`;
  }
}

/** Refuses repeated member names, of which readers take different ones (RFC 7515 section 4, RFC 7519 section 4). */
export function checkDuplicates(header: Content, payload: Content | undefined): Check {
  if (!hasDuplicates(header) && !hasDuplicates(payload)) return NO_DUPLICATES;
  const found = [...duplicatesIn("header", header), ...duplicatesIn("payload", payload)];
  return fail(
    "duplicates",
    "duplicate_member",
    `more than once: ${found.slice(0, 5).map(quoted).join(", ")}`,
  );
}

/** Whether a JSON text has a repeated member name. */
export function hasDuplicates(content: Content | undefined): boolean {
  return content?.kind === "json" && content.duplicates.length > 0;
}

function duplicatesIn(name: string, content: Content | undefined): readonly string[] {
  return content?.kind === "json" ? content.duplicates.map((pointer) => `${name} ${pointer}`) : [];
}

/**
 * Refuses critical extensions (RFC 7515 section 4.1.11): jwtctl supports none, and `b64` (RFC 7797) only where the payload
 * was sent apart from the token, for a JWT must not have it.
 *
 * @param detached the payload was sent apart, and given
 */
export function checkCritical(header: JsonObject, detached = false): Check {
  const refuse = (detail: string) => fail("crit", "critical_header_unknown", detail);
  const crit = header.get("crit");
  if (crit === undefined) {
    const b64 = header.get("b64");
    return b64 === undefined || b64 === true
      ? pass("crit", "the header demands no extension")
      : refuse("b64: false is not accepted: the payload must be encoded");
  }
  if (!Array.isArray(crit) || crit.length === 0 || crit.some((name) => typeof name !== "string")) {
    return refuse("crit must be a list of names");
  }
  const isB64 = crit.length === 1 && crit[0] === "b64" && typeof header.get("b64") === "boolean";
  if (isB64 && detached) {
    return pass("crit", `b64: the payload is signed ${header.get("b64") === true ? "encoded" : "as it is"}`);
  }
  if (isB64) return refuse('"b64" is for a payload that was sent apart: give that with --payload FILE');
  return refuse(
    `the header demands what jwtctl does not know: ${(crit as readonly string[]).map(quoted).join(", ")}`,
  );
}

/**
 * Warns of keys in the header, which are never used (RFC 8725 section 3.10), and of hashes of certificates that are none.
 * @param certificate of the key given, when it came in one
 */
export function checkHeaderKeys(header: JsonObject, certificate?: CertificateHashes): Check {
  const names = header.members.map(([name]) => name).filter((name) => KEY_HEADER_PARAMETERS.has(name));
  if (names.length > 0) {
    return warn(
      "header_keys",
      `ignored: ${names.join(", ")}; a key is trusted because you name it, not because the token does`,
    );
  }
  const [fault] = certificateHashFaults(header);
  const other = certificate && otherCertificate(header, certificate);
  const told = fault?.message ?? other;
  return told === undefined ? NO_HEADER_KEYS : warn("header_keys", told);
}

/** Checks `typ`. @param expected the allowed types; empty: not checked */
export function checkType(typ: JsonValue | undefined, expected: readonly string[]): Check {
  if (expected.length === 0) return skip("typ", "no type was asked for (--typ)");
  const wanted = `expected ${oneOf(expected)}`;
  if (typ === undefined) return fail("typ", "type_mismatch", `the header has no typ; ${wanted}`);
  if (typeof typ !== "string") return fail("typ", "type_mismatch", `typ is not a string; ${wanted}`);
  return expected.some((type) => isSameMediaType(type, typ))
    ? pass("typ", typ)
    : fail("typ", "type_mismatch", `typ is ${quoted(typ)}; ${wanted}`);
}

const CLAIMS_SET = pass("payload", "a claims set");

/** The payload must be a claims set: a JSON object (RFC 7519 section 7.2). @param brief do not count its claims */
export function checkPayload(content: Content | undefined, brief = false): Check {
  const refuse = (detail: string) => fail("payload", "payload_not_claims", detail);
  switch (content?.kind) {
    case "json": {
      if (!(content.value instanceof JsonObject)) return refuse("the payload is JSON, but not an object");
      if (brief) return CLAIMS_SET;
      const { length } = content.value.members;
      return pass("payload", `${length} ${length === 1 ? "claim" : "claims"}`);
    }
    case "text":
      return content.text === ""
        ? refuse("the payload is empty")
        : refuse(`the payload is not JSON: ${content.reason}`);
    default:
      return refuse("the payload is not text");
  }
}
