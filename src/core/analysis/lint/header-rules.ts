import { JsonObject, type JsonValue } from "../../base/json/value.ts";
import { writeJson } from "../../base/json/write.ts";
import { isJwsAlgorithm } from "../../jose/algorithms.ts";
import { PRIVATE_JWK_MEMBERS } from "../../jose/jwk.ts";
import { certificateHashFaults } from "../../jose/token/certificate-hash.ts";
import { stringMember } from "../../jose/token/content.ts";
import { quoted } from "../../jose/verification/check.ts";
import { jsonPointer } from "./json-pointer.ts";
import type { LintRule, LintSubject, Occurrence } from "./rule.ts";
import { suspicionAboutKid } from "./suspicious-kid.ts";

/** Rules about header parameters other than `alg`. */
export const HEADER_RULES: readonly LintRule[] = [
  {
    id: "missing-typ",
    severity: "warning",
    title: "typ is missing",
    why: "without a type one kind of token can be passed off as another kind from the same issuer",
    reference: "RFC 8725 section 3.11",
    check: ({ header }) =>
      header.has("typ") ? [] : [{ message: "the header has no typ", where: "/header" }],
  },
  {
    id: "missing-kid",
    severity: "info",
    title: "kid is missing",
    why: "without the name of its key a verifier must try keys, and rotating them becomes guesswork",
    reference: "RFC 7515 section 4.1.4",
    check: ({ header, alg, token }) =>
      header.has("kid") || token.encrypted || !isJwsAlgorithm(alg) || alg.startsWith("HS")
        ? []
        : [{ message: "the header has no kid", where: "/header" }],
  },
  {
    id: "suspicious-kid",
    severity: "error",
    title: "kid looks like an attack",
    why: "a kid that reaches a file name, a query or a command lets an attacker choose the key",
    reference: "RFC 8725 section 3.10",
    check: ({ header }) => {
      const kid = stringMember(header, "kid");
      const suspicion = kid === undefined ? undefined : suspicionAboutKid(kid);
      return suspicion === undefined
        ? []
        : [{ message: `kid ${suspicion}: ${quoted(kid ?? "")}`, where: "/header/kid" }];
    },
  },
  {
    id: "key-url-header",
    severity: "warning",
    title: "the header says where to fetch the key",
    why: "a verifier that follows the address trusts whoever wrote the token, and can be made to call any server",
    reference: "RFC 8725 section 3.10",
    check: ({ header }) =>
      present(header, ["jku", "x5u"], (name) => `${name} names an address to fetch a key from`),
  },
  {
    id: "embedded-key",
    severity: "warning",
    title: "the header brings its own key",
    why: "anyone can sign with a key of their own and put it there: it proves nothing unless it is known already",
    reference: "RFC 7515 sections 4.1.3 and 10.3",
    check: ({ header }) =>
      present(header, ["jwk", "x5c"], (name) => `${name} holds the key the token was signed with`),
  },
  {
    id: "certificate-hash",
    severity: "error",
    title: "x5t is not the hash of a certificate",
    why: "a verifier that looks the certificate up by it finds none, and refuses the token as one of an unknown key",
    reference: "RFC 7515 sections 4.1.7 and 4.1.8",
    check: ({ header }) =>
      certificateHashFaults(header).map(({ name, message }) => ({
        message,
        where: jsonPointer("header", name),
      })),
  },
  {
    id: "graph-token",
    severity: "warning",
    title: "a token for Microsoft Graph",
    why: "its nonce is hashed before it is signed: nobody but Graph can verify it, and an API must not take it",
    reference: "RFC 7515 section 5.1",
    check: ({ header, claims }) =>
      /^https:\/\/(?:sts\.windows\.net|login\.microsoftonline\.(?:com|us))\//.test(
        stringMember(claims, "iss") ?? "",
      )
        ? present(
            header,
            ["nonce"],
            () => "the header has a nonce, as Entra ID writes it for Microsoft Graph alone",
          )
        : [],
  },
  {
    id: "private-key-in-header",
    severity: "error",
    title: "the header holds a private key",
    why: "everyone who has seen the token can now sign as its issuer: the key must be revoked",
    reference: "RFC 7515 section 4.1.3",
    check: ({ header }) => {
      const jwk = header.get("jwk");
      if (!(jwk instanceof JsonObject)) return [];
      return present(
        jwk,
        PRIVATE_JWK_MEMBERS,
        (name) => `the key in the header has the private member ${name}`,
        "/header/jwk",
      );
    },
  },
  {
    id: "critical-extension",
    severity: "warning",
    title: "the header demands an extension",
    why: "a verifier must refuse what it does not understand of these, and older libraries ignore the demand",
    reference: "RFC 7515 section 4.1.11",
    check: criticalExtensions,
  },
  {
    id: "unencoded-payload",
    severity: "error",
    title: "the payload is not encoded",
    why: "a JWT must not use b64: false: a dot in its payload would end it early, and most libraries misread it",
    reference: "RFC 7797 section 7",
    check: ({ header }) =>
      header.get("b64") === false
        ? [{ message: "the payload stands in the token as it is", where: "/header/b64" }]
        : [],
  },
  {
    id: "replicated-claim-differs",
    severity: "error",
    title: "header and payload disagree",
    why: "a gateway that reads the header and a service that reads the claims act for different parties",
    reference: "RFC 7519 section 5.3",
    check: ({ header, claims }) =>
      ["iss", "sub", "aud"].flatMap((name) => {
        const [above, below] = [header.get(name), claims?.get(name)];
        if (above === undefined || below === undefined || writeJson(above) === writeJson(below)) return [];
        return [
          {
            message: `${name} in the header is another than in the payload`,
            where: jsonPointer("header", name),
          },
        ];
      }),
  },
  {
    id: "claim-type",
    severity: "error",
    title: "a registered member has the wrong type",
    why: "libraries read a wrong type differently, and a check that one makes another skips",
    reference: "RFC 7519 section 4.1",
    check: wrongTypes,
  },
];

function present(
  object: JsonObject,
  names: readonly string[],
  message: (name: string) => string,
  under = "/header",
): readonly Occurrence[] {
  return names
    .filter((name) => object.has(name))
    .map((name) => ({ message: message(name), where: under + jsonPointer(name) }));
}

function criticalExtensions({ header }: LintSubject): readonly Occurrence[] {
  const crit = header.get("crit");
  if (crit === undefined) return [];
  const where = "/header/crit";
  const isList = Array.isArray(crit) && crit.length > 0 && crit.every((name) => typeof name === "string");
  if (!isList)
    return [{ message: "crit is not a list of names: every verifier must refuse the token", where }];
  const names = crit as readonly string[];
  const absent = names.filter((name) => !header.has(name));
  if (absent.length > 0) {
    return [
      { message: `crit demands ${absent.map(quoted).join(", ")}, which the header does not have`, where },
    ];
  }
  return [{ message: `crit demands that the verifier understands ${names.map(quoted).join(", ")}`, where }];
}

const isString = (value: JsonValue): boolean => typeof value === "string";
const isAudience = (value: JsonValue): boolean =>
  isString(value) || (Array.isArray(value) && value.every(isString));

function wrongTypes({ header, claims }: LintSubject): readonly Occurrence[] {
  const occurrences: Occurrence[] = [];
  const demand = (
    object: JsonObject | undefined,
    part: string,
    name: string,
    fits = isString,
    what = "a string",
  ) => {
    const value = object?.get(name);
    if (value !== undefined && !fits(value))
      occurrences.push({ message: `${name} is not ${what}`, where: jsonPointer(part, name) });
  };
  for (const name of ["kid", "typ", "cty"]) demand(header, "header", name);
  for (const name of ["iss", "sub", "jti", "client_id", "azp"]) demand(claims, "payload", name);
  demand(claims, "payload", "aud", isAudience, "a string or a list of strings");
  return occurrences;
}
