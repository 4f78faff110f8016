import type { JsonObject, JsonValue } from "../../base/json/value.ts";
import { stringMember } from "../../jose/token/content.ts";
import { quoted } from "../../jose/verification/check.ts";
import { isLoopbackHost } from "../../remote/remote-url.ts";
import { jsonPointer } from "./json-pointer.ts";
import type { LintRule, Occurrence } from "./rule.ts";

/** Rules about issuer, subject and audience. */
export const IDENTITY_RULES: readonly LintRule[] = [
  {
    id: "missing-iss",
    severity: "warning",
    title: "iss is missing",
    why: "without an issuer a verifier cannot tell whose keys to trust for this token",
    reference: "RFC 8725 section 3.8",
    check: ({ claims }) => missing(claims, "iss"),
  },
  {
    id: "missing-aud",
    severity: "warning",
    title: "aud is missing",
    why: "a token for nobody in particular is accepted by every service that trusts the issuer, and each can use it at the others",
    reference: "RFC 8725 section 3.9",
    check: ({ claims }) => missing(claims, "aud"),
  },
  {
    id: "missing-sub",
    severity: "info",
    title: "sub is missing",
    why: "without a subject the token does not say whom it is about, and services invent their own ways to find out",
    reference: "RFC 8725 section 3.8",
    check: ({ claims }) => missing(claims, "sub"),
  },
  {
    id: "http-issuer",
    severity: "warning",
    title: "the issuer has no https address",
    why: "keys that are fetched over http can be exchanged on their way, and then anyone signs as this issuer",
    reference: "RFC 8414 section 2",
    check: ({ claims }) => {
      const url = issuerUrl(claims);
      if (url?.protocol !== "http:" || isLoopbackHost(url.hostname)) return [];
      return [{ message: `iss is an http address: ${quoted(url.href)}`, where: "/payload/iss" }];
    },
  },
  {
    id: "issuer-with-query",
    severity: "warning",
    title: "the issuer's address has a query or a fragment",
    why: "an issuer is compared character for character and its metadata are found by its path: neither may have more",
    reference: "RFC 8414 section 2",
    check: ({ claims }) => {
      const url = issuerUrl(claims);
      const more = url !== undefined && (url.search !== "" || url.hash !== "" || url.username !== "");
      return more ? [{ message: "iss has a query, a fragment or a user name", where: "/payload/iss" }] : [];
    },
  },
  {
    id: "wildcard-audience",
    severity: "error",
    title: "the audience is everybody",
    why: "an audience that matches anything protects nobody: a service can pass the token on to the next as its user",
    reference: "RFC 8725 section 3.9",
    check: ({ claims }) => {
      const audiences = audiencesOf(claims);
      if (audiences === undefined) return [];
      if (audiences.length === 0) return [{ message: "aud is an empty list", where: "/payload/aud" }];
      const loose = audiences.filter(
        (name) => typeof name === "string" && (name.trim() === "" || name.includes("*")),
      );
      return loose.map((name) => ({
        message: name === "" ? "aud is empty" : `aud has ${quoted(String(name))}`,
        where: "/payload/aud",
      }));
    },
  },
  {
    id: "several-audiences",
    severity: "info",
    title: "the token is for several audiences",
    why: "each of them can use the token at the others, with whatever scope was meant for only one",
    reference: "RFC 9068 section 5",
    check: ({ claims }) => {
      const number = audiencesOf(claims)?.length ?? 0;
      return number > 1 ? [{ message: `aud names ${number} audiences`, where: "/payload/aud" }] : [];
    },
  },
];

function missing(claims: JsonObject | undefined, name: string): readonly Occurrence[] {
  return claims === undefined || claims.has(name)
    ? []
    : [{ message: `there is no ${name}`, where: jsonPointer("payload") }];
}

function issuerUrl(claims: JsonObject | undefined): URL | undefined {
  const issuer = stringMember(claims, "iss");
  return issuer !== undefined && /^https?:/i.test(issuer) && URL.canParse(issuer)
    ? new URL(issuer)
    : undefined;
}

function audiencesOf(claims: JsonObject | undefined): readonly JsonValue[] | undefined {
  const aud = claims?.get("aud");
  if (aud === undefined) return undefined;
  return Array.isArray(aud) ? aud : [aud];
}
