import { encodeBase64Url } from "../../base/base64url.ts";
import { AppError } from "../../base/errors.ts";
import type { JsonObject } from "../../base/json/value.ts";
import { objectOf, stringMember } from "../../jose/token/content.ts";
import type { InspectedToken } from "../../jose/token/inspect.ts";

/** The token an attack starts from, decoded. Nothing of it needs a key to be read. */
export interface AttackTarget {
  readonly header: JsonObject;
  readonly alg: string | undefined;
  /** The payload's bytes, whatever they are. */
  readonly payload: Uint8Array;
  /** The payload as a claims set; undefined when it is something else. */
  readonly claims: JsonObject | undefined;
  /** The three segments, spelled canonically. */
  readonly segments: { readonly header: string; readonly payload: string; readonly signature: string };
}

/**
 * Decodes a token to start an attack from.
 *
 * @throws AppError `token_encrypted` for a JWE; `token_malformed` when header or payload cannot be read
 */
export function attackTarget(token: InspectedToken): AttackTarget {
  if (token.encrypted) {
    throw new AppError(
      "token_encrypted",
      "the token is encrypted (JWE): without its key nothing in it can be changed",
      {
        hints: ["Give the signed token (JWS) that is inside, or another one"],
      },
    );
  }
  const header = objectOf(token.header.content);
  if (header === undefined || token.payload === undefined || token.fault !== undefined) {
    const why = token.fault?.message ?? "it cannot be read";
    throw new AppError("token_malformed", `only a whole token can be tampered with: ${why}`, {
      hints: ["Look at what is there with: jwtctl decode"],
    });
  }
  const { bytes, text } = token.payload;
  return {
    header,
    alg: stringMember(header, "alg"),
    payload: bytes,
    claims: objectOf(token.payload.content),
    segments: {
      header: encodeBase64Url(token.header.bytes),
      // With `b64: false` the payload is not encoded (RFC 7797).
      payload: header.get("b64") === false ? text : encodeBase64Url(bytes),
      signature: encodeBase64Url(token.signature?.bytes ?? new Uint8Array()),
    },
  };
}
