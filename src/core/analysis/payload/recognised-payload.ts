import type { PackedForm } from "../../jose/ports/unpack.ts";
import type { Content } from "../../jose/token/content.ts";

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
