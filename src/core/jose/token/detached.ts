import { encodeBase64Url } from "../../base/base64url.ts";
import { AppError } from "../../base/errors.ts";
import { objectOf, readContent } from "./content.ts";
import type { InspectedToken } from "./inspect.ts";

/**
 * A JWS with the payload that was sent apart from it (RFC 7515 appendix F), encoded or, with `b64: false`, as it is (RFC
 * 7797).
 *
 * @throws AppError `usage` when its payload is in it, or it is encrypted
 */
export function withPayload(token: InspectedToken, bytes: Uint8Array): InspectedToken {
  const [first = "", second, third = ""] = token.segments;
  if (token.encrypted || second !== "" || token.signature === undefined) {
    throw new AppError(
      "usage",
      "--payload is for a token without one: two dots side by side, and a signature behind",
      {
        hints: ["Leave --payload out: this token is verified as it is"],
      },
    );
  }
  const content = readContent(bytes);
  const isEncoded = objectOf(token.header.content)?.get("b64") !== false;
  const text = isEncoded ? encodeBase64Url(bytes) : new TextDecoder().decode(bytes);
  return {
    ...token,
    text: `${first}.${text}.${third}`,
    segments: [first, text, third],
    payload: { text, bytes, fault: undefined, content },
    detached: { signingInput: isEncoded ? undefined : joined(first, bytes) },
  };
}

function joined(header: string, payload: Uint8Array): Uint8Array {
  const start = new TextEncoder().encode(`${header}.`);
  const whole = new Uint8Array(start.length + payload.length);
  whole.set(start);
  whole.set(payload, start.length);
  return whole;
}
