import { decodeBase64Url } from "../../base/base64url.ts";
import { withoutEnding } from "../../base/text/wording.ts";
import type { FoundForm } from "../../jose/token/candidate.ts";
import { objectOf, readContent } from "../../jose/token/content.ts";

/** A header, variable or member, and nothing but base64 in it. */
const NAMED =
  /(?<![A-Za-z0-9_-])([A-Za-z][A-Za-z0-9_-]{0,60})["']?[ \t]{0,4}[:=][ \t]{0,4}["']?((?:ey|ew|In|IH)[A-Za-z0-9+/_-]{10}[A-Za-z0-9+/_-]*={0,2})(?![A-Za-z0-9+/_=.~-])/g;
const MOST = 100;

/**
 * Claims without header and signature, as proxies hand them on behind a token that they have checked: Istio's
 * `x-jwt-payload`, Azure's `x-ms-client-principal`, `X-Endpoint-API-UserInfo` of Google's.
 */
export function pickNamedPayloads(text: string): readonly FoundForm[] {
  const picks: FoundForm[] = [];
  for (const [, name = "", value = ""] of text.matchAll(NAMED)) {
    const bare = withoutEnding(value.replaceAll("+", "-").replaceAll("/", "_"), "=");
    const object = objectOf(readContent(decodeBase64Url(bare).bytes));
    if (object === undefined || object.has("alg")) continue;
    picks.push({ form: { kind: "compact", text: value }, name, where: name });
    if (picks.length >= MOST) break;
  }
  return picks;
}
