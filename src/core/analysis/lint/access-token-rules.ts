import { stringMember } from "../../jose/token/content.ts";
import { kindNamed } from "../kinds/token-kinds.ts";
import { jsonPointer } from "./json-pointer.ts";
import type { LintRule, LintSubject, Occurrence } from "./rule.ts";

const REQUIRED_CLAIMS = kindNamed("access-token")
  .demands.filter(({ level }) => level === "must")
  .map(({ name }) => name);
/** Claims of ID tokens only (OpenID Connect Core, sections 2 and 3.3.2.11). */
const ID_TOKEN_CLAIMS = ["nonce", "at_hash", "c_hash", "s_hash"];
/** Claims of access tokens only. */
const ACCESS_CLAIMS = ["scope", "scp"];

/** Rules of the access token profile (RFC 9068), for tokens with its `typ` and for those that have to be one. */
export const ACCESS_TOKEN_RULES: readonly LintRule[] = [
  {
    id: "access-token-typ",
    severity: "error",
    title: "an access token must say that it is one",
    why: "with typ at+jwt a service can refuse ID tokens and other tokens of the same issuer",
    reference: "RFC 9068 section 2.1",
    check: ({ accessToken, header }) =>
      accessToken === "demanded" && !isAccessType(stringMember(header, "typ"))
        ? [{ message: "typ is not at+jwt", where: header.has("typ") ? "/header/typ" : "/header" }]
        : [],
  },
  {
    id: "access-token-claims",
    severity: "error",
    title: "an access token lacks a required claim",
    why: "services that follow the profile refuse the token without it",
    reference: "RFC 9068 section 2.2",
    check: ({ accessToken, claims }) =>
      accessToken === undefined || claims === undefined
        ? []
        : REQUIRED_CLAIMS.filter((name) => !claims.has(name)).map((name) => ({
            message: `an access token needs ${name}`,
            where: "/payload",
          })),
  },
  {
    id: "access-token-shared-secret",
    severity: "warning",
    title: "an access token is signed with a shared secret",
    why: "every service that verifies such tokens can also issue them: the profile recommends a key pair",
    reference: "RFC 9068 section 2.1",
    check: ({ accessToken, alg }) =>
      accessToken !== undefined && alg?.startsWith("HS")
        ? [{ message: `an access token signed with ${alg}`, where: "/header/alg" }]
        : [],
  },
  {
    id: "id-token-as-access-token",
    severity: "warning",
    title: "an ID token and an access token in one",
    why: "an ID token tells a client who logged in; used as a key to services it opens them to every client that has one",
    reference: "RFC 9068 section 5, RFC 8725 section 2.8",
    check: idTokenAsAccessToken,
  },
  {
    id: "scope-form",
    severity: "warning",
    title: "scope is not one string",
    why: "scope is words between blanks: a list is read by some libraries as no scope, and by others as one long word",
    reference: "RFC 8693 section 4.2, RFC 9068 section 2.2.3",
    check: ({ claims }) => {
      const scope = claims?.get("scope");
      if (scope === undefined) return [];
      if (typeof scope !== "string") return [{ message: "scope is not a string", where: "/payload/scope" }];
      return scope.includes(",")
        ? [{ message: "scope has commas between its words", where: "/payload/scope" }]
        : [];
    },
  },
];

export function isAccessType(typ: string | undefined): boolean {
  return typ !== undefined && /^(?:application\/)?at\+jwt$/i.test(typ);
}

function idTokenAsAccessToken({ claims, accessToken }: LintSubject): readonly Occurrence[] {
  if (claims === undefined) return [];
  const says = accessToken !== undefined ? "an access token" : undefined;
  const grants = ACCESS_CLAIMS.find((name) => claims.has(name));
  if (says === undefined && grants === undefined) return [];
  const occurrences = ID_TOKEN_CLAIMS.filter((name) => claims.has(name)).map((name) => ({
    message: `${says ?? `a token that grants access (${grants})`} with ${name}, a claim of ID tokens`,
    where: jsonPointer("payload", name),
  }));
  const [aud, client] = [stringMember(claims, "aud"), stringMember(claims, "client_id")];
  const ownAudience = says !== undefined && aud !== undefined && aud === client;
  return ownAudience
    ? [
        ...occurrences,
        { message: "the audience is the client itself, as in an ID token", where: "/payload/aud" },
      ]
    : occurrences;
}
