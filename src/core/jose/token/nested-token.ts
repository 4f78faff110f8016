import { objectOf } from "./content.ts";
import type { InspectedToken } from "./inspect.ts";

/** How a compact token begins: the base64url of `{` and what may follow it. */
const TOKEN = /^\s*e[wy][A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_.~-]*\s*$/;

/** The token that is the payload of another (RFC 7519 section 5.2), as text or as a JSON string. */
export function nestedToken({ payload }: InspectedToken): string | undefined {
  const content = payload?.content;
  if (content === undefined || content.kind === "bytes") return undefined;
  const text = content.kind === "text" ? content.text : content.value;
  return typeof text === "string" && TOKEN.test(text) ? text.trim() : undefined;
}

/** Whether there is nothing more in a token than header, payload and signature: what most tokens are. */
export function isPlain(token: InspectedToken): boolean {
  if (token.encrypted || token.json !== undefined || token.disclosed !== undefined) return false;
  if (objectOf(token.header.content)?.has("zip")) return false;
  const claims = objectOf(token.payload?.content);
  if (claims !== undefined) return !claims.has("_sd") && !claims.has("_sd_alg");
  return nestedToken(token) === undefined;
}
