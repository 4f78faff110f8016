import { AppError } from "../../base/errors.ts";
import type { JsonObject } from "../../base/json/value.ts";
import type { TokenForm } from "./candidate.ts";
import { objectOf, stringMember } from "./content.ts";
import {
  algOf,
  type DisclosedParts,
  type InspectedToken,
  type InspectionCache,
  inspectToken,
} from "./inspect.ts";
import { inspectJsonForm } from "./inspect-json.ts";
import { isList } from "./json-form.ts";

/**
 * Decodes a token in any form: compact, JSON or SD-JWT.
 *
 * @param cache for many tokens in a row
 * @throws AppError `token_malformed`, `input_too_large`
 */
export function inspectForm(form: TokenForm, cache?: InspectionCache): InspectedToken {
  if (form.kind === "compact")
    return form.text.includes("~") ? inspectSdJwt(form.text, cache) : inspectToken(form.text, cache);
  const token = inspectJsonForm(form.object);
  const disclosed = disclosedInHeader(token.json?.signatures[0]?.unprotected);
  return disclosed === undefined ? token : { ...token, disclosed };
}

/** Decodes `<JWT>~<disclosure>~…~`, with a Key Binding JWT after the last tilde or without (RFC 9901 section 4). */
function inspectSdJwt(text: string, cache: InspectionCache | undefined): InspectedToken {
  const parts = text.split("~");
  const rest = parts.slice(1);
  refuseTooMany(rest.length);
  const token = inspectToken(parts[0] ?? "", cache);
  const last = rest.pop() ?? "";
  if (last === "" || last.includes(".")) {
    return { ...token, disclosed: { disclosures: rest, keyBinding: last === "" ? undefined : last } };
  }
  const cut = {
    code: "final_tilde_missing",
    message: "the ~ behind the last disclosure is missing: the token was cut off",
  };
  return {
    ...token,
    disclosed: { disclosures: [...rest, last], keyBinding: undefined },
    warnings: () => [...token.warnings(), cut],
  };
}

/** Issuers have dozens at most; each costs a hash, a look at its place and a line. */
const MOST_DISCLOSURES = 2_000;

function refuseTooMany(count: number): void {
  if (count <= MOST_DISCLOSURES) return;
  throw new AppError("input_too_large", `the token has ${count} disclosures`, {
    hints: [`At most ${MOST_DISCLOSURES} are read: look whether the text after the signature belongs to it`],
  });
}

/** In JSON serialization both are in the unprotected header (RFC 9901 section 8). */
function disclosedInHeader(header: JsonObject | undefined): DisclosedParts | undefined {
  const disclosures = header?.get("disclosures");
  if (!isList(disclosures)) return undefined;
  refuseTooMany(disclosures.length);
  return {
    disclosures: disclosures.filter((item) => typeof item === "string"),
    keyBinding: stringMember(header, "kb_jwt"),
  };
}

/** A compact token: base64url that begins with `{`, and two dots or more. */
const TOKEN = /^\s*e[wy][A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_.~-]*\s*$/;

/** The nested JWT in the payload of another token (RFC 7519 section 5.2), as text or as a JSON string. */
export function nestedToken({ payload }: InspectedToken): string | undefined {
  const content = payload?.content;
  if (content === undefined || content.kind === "bytes") return undefined;
  const text = content.kind === "text" ? content.text : content.value;
  return typeof text === "string" && TOKEN.test(text) ? text.trim() : undefined;
}

/** Whether a token is nothing more than a header, a payload and a signature, as most tokens are. Without `alg` it may be none. */
export function isPlainJws(token: InspectedToken): boolean {
  if (algOf(token) === undefined) return false;
  if (token.encrypted || token.json !== undefined || token.disclosed !== undefined) return false;
  if (objectOf(token.header.content)?.has("zip")) return false;
  const claims = objectOf(token.payload?.content);
  if (claims !== undefined) return !claims.has("_sd") && !claims.has("_sd_alg");
  // What is no JSON object may be compressed, in another encoding, or another token.
  return token.payload === undefined || token.payload.text === "";
}
