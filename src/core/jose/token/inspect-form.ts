import type { JsonObject } from "../../base/json/value.ts";
import type { TokenForm } from "./candidate.ts";
import { stringMember } from "./content.ts";
import { type DisclosedParts, type InspectedToken, type InspectionCache, inspectToken } from "./inspect.ts";
import { inspectJsonForm } from "./inspect-json.ts";
import { isList } from "./json-form.ts";

/**
 * Takes a token apart in whatever form it is written.
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

/** `<JWT>~<disclosure>~…~`, with the holder's proof behind the last tilde, or nothing (RFC 9901 section 4). */
function inspectSdJwt(text: string, cache: InspectionCache | undefined): InspectedToken {
  const [jwt = "", ...rest] = text.split("~");
  const token = inspectToken(jwt, cache);
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

/** In the JSON form both stand in the unprotected header (RFC 9901 section 8). */
function disclosedInHeader(header: JsonObject | undefined): DisclosedParts | undefined {
  const disclosures = header?.get("disclosures");
  if (!isList(disclosures)) return undefined;
  return {
    disclosures: disclosures.filter((item) => typeof item === "string"),
    keyBinding: stringMember(header, "kb_jwt"),
  };
}
