import { ExactNumber, type JsonObject, type JsonValue } from "../../base/json/value.ts";
import { described } from "../../jose/verification/described.ts";
import { TEXT_PARAMETERS } from "../../jose/verification/header-checks.ts";
import {
  checkFailed,
  type Explanation,
  type FailedVerification,
  fixForIssuer,
} from "./failed-verification.ts";

/** Registered members and where they are defined. */
const CLAIMS: Readonly<Record<string, string>> = {
  iss: "RFC 7519 section 4.1.1",
  sub: "RFC 7519 section 4.1.2",
  aud: "RFC 7519 section 4.1.3",
  jti: "RFC 7519 section 4.1.7",
};
const DATES: Readonly<Record<string, string>> = {
  exp: "RFC 7519 section 4.1.4",
  nbf: "RFC 7519 section 4.1.5",
  iat: "RFC 7519 section 4.1.6",
};

/** Cause: a registered member of the header that is no string. */
export function explainHeaderTypes(failure: FailedVerification): readonly Explanation[] {
  if (!checkFailed(failure, "format")) return [];
  const wrong = wrongTexts(failure.header, TEXT_PARAMETERS);
  return wrong.map(([name, value, section]) => {
    const meant = typeof value === "number" && name === "kid" ? `${value}` : undefined;
    const known = failure.candidates.some(({ jwk }) => meant !== undefined && jwk.kid === meant);
    const which = known ? `; a key with the kid "${meant}" is among those given` : "";
    return wrongType(name, value, section, which);
  });
}

/** Cause: a registered claim of another type than it is defined with. */
export function explainClaimTypes(failure: FailedVerification): readonly Explanation[] {
  const { claims } = failure;
  const texts = checkFailed(failure, "claim_types")
    ? wrongTexts(claims, new Map(Object.entries(CLAIMS)))
    : [];
  const dates = Object.entries(DATES).flatMap(([name, section]) => {
    const value = claims?.get(name);
    // Text has an explanation of its own.
    const told = checkFailed(failure, name as "exp", "claim_invalid") && typeof value !== "string";
    return told && value !== undefined ? [dateType(name, value, section)] : [];
  });
  return [...texts.map(([name, value, section]) => wrongType(name, value, section)), ...dates];
}

type Wrong = readonly [name: string, value: JsonValue, section: string];

function wrongTexts(object: JsonObject | undefined, names: ReadonlyMap<string, string>): readonly Wrong[] {
  return (object?.members ?? []).flatMap(([name, value]) => {
    const section = names.get(name);
    if (section === undefined || typeof value === "string") return [];
    const fits = name === "aud" && Array.isArray(value) && value.every((entry) => typeof entry === "string");
    return fits ? [] : [[name, value, section] as const];
  });
}

function wrongType(name: string, value: JsonValue, section: string, more = ""): Explanation {
  const is =
    name === "aud" && Array.isArray(value)
      ? `aud is a list in which ${described(value.find((entry) => typeof entry !== "string") ?? null)} stands`
      : `${name} is ${described(value)}`;
  return {
    cause: "member_type_wrong",
    evidence: `${is}, where a string${name === "aud" ? " or a list of strings" : ""} is defined${more}`,
    fix: fixForIssuer(`${asText(name, value)} (${section})`),
  };
}

function asText(name: string, value: JsonValue): string {
  if (value === null) return `leave ${name} out, or write a string`;
  if (name === "typ" || name === "cty") return `write a media type, as in "${name}": "JWT"`;
  if (name === "aud" && Array.isArray(value)) return "write every entry of aud as a string";
  if (value instanceof ExactNumber) return `write "${name}": "${value.text}"`;
  if (typeof value === "object") return `write ${name} as a string`;
  return `write "${name}": "${value}"`;
}

function dateType(name: string, value: JsonValue, section: string): Explanation {
  const fix =
    value === null
      ? `leave ${name} out, or write a number`
      : `write ${name} as a number of seconds since 1970`;
  return {
    cause: "member_type_wrong",
    evidence: `${name} is ${described(value)}, where a number of seconds is defined`,
    fix: fixForIssuer(`${fix} (${section})`),
  };
}
