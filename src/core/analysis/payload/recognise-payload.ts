import type { PackedForm, Unpack } from "../../jose/ports/unpack.ts";
import { type Content, objectOf, stringMember, type TokenPart } from "../../jose/token/content.ts";
import type { InspectedToken } from "../../jose/token/inspect.ts";
import { nestedToken } from "../../jose/token/inspect-form.ts";
import { otherCharset } from "./charsets.ts";
import { compressed } from "./compressed.ts";
import { encodedTwice } from "./encoded-twice.ts";
import { otherFormat } from "./other-formats.ts";

/** What a payload is that is not the JSON of a claims set. */
export interface RecognisedPayload {
  /** Also the id of the cause in a diagnosis. */
  readonly code: "payload_compressed" | "payload_charset" | "payload_encoded_twice" | "payload_format";
  /** Goes on after "the payload is". Of a foreign text nothing is repeated. */
  readonly what: string;
  /** What its issuer has to do. */
  readonly fix: string;
  /** What it says, when that could be read: proof of what it is. */
  readonly reading?: { readonly content: Content; readonly bytes: Uint8Array };
  readonly packed?: { readonly form: PackedForm; readonly outcome: "read" | "too_large" | "damaged" };
}

/** A longer payload is not read in other ways, which copy it. */
const LONGEST = 1024 * 1024;

/**
 * Recognises a payload that is no JSON object: compressed, in another character set, encoded once too often, or written
 * in another format.
 *
 * @returns undefined for claims sets, nested tokens, detached and damaged payloads, and for what nobody recognises
 */
export function recognisePayload(token: InspectedToken, unpack: Unpack): RecognisedPayload | undefined {
  const { payload } = token;
  if (token.encrypted || payload === undefined || payload.text === "") return undefined;
  if (payload.bytes.length > LONGEST || objectOf(payload.content) !== undefined) return undefined;
  if (payload.fault?.kind === "character" || nestedToken(token) !== undefined) return undefined;
  const zip = stringMember(objectOf(token.header.content), "zip");
  return compressed(payload, zip, unpack) ?? (isCut(payload) ? undefined : written(payload));
}

function isCut({ fault }: TokenPart): boolean {
  return fault?.kind === "length";
}

function written(payload: TokenPart): RecognisedPayload | undefined {
  return otherCharset(payload) ?? encodedTwice(payload) ?? otherFormat(payload);
}
