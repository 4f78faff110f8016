import type { Unpack } from "../../jose/ports/unpack.ts";
import { objectOf, stringMember, type TokenPart } from "../../jose/token/content.ts";
import type { InspectedToken } from "../../jose/token/inspect.ts";
import { nestedToken } from "../../jose/token/inspect-form.ts";
import { otherCharset } from "./charsets.ts";
import { compressed } from "./compressed.ts";
import { encodedTwice } from "./encoded-twice.ts";
import { otherFormat } from "./other-formats.ts";
import type { RecognisedPayload } from "./recognised-payload.ts";

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
