import { isSameMediaType, stringMember } from "../../jose/token/content.ts";
import {
  checkFailed,
  type Explanation,
  type FailedVerification,
  fixForVerifier,
} from "./failed-verification.ts";

type Kind = "an ID token" | "an access token" | "a refresh token" | "a logout token" | "a DPoP proof";

/** Cause: a token of another kind than expected, recognised by `typ` or by claims that only that kind has. */
export function explainTokenKind(failure: FailedVerification): readonly Explanation[] {
  const asked =
    checkFailed(failure, "typ", "type_mismatch") || checkFailed(failure, "profile", "claim_missing");
  if (!asked && !checkFailed(failure, "aud", "audience_mismatch")) return [];
  const found = kindOf(failure);
  if (found === undefined) return [];
  // A wrong audience alone is no evidence of the kind for an access token.
  if (!asked && found.kind === "an access token") return [];
  return [
    {
      cause: "wrong_token_kind",
      evidence: `it is ${found.kind}: ${found.sign}`,
      fix: fixForVerifier(ADVICE[found.kind]),
    },
  ];
}

const ADVICE: Readonly<Record<Kind, string>> = {
  "an ID token":
    "send the access token to an API; the ID token tells the client who logged in, and its audience is the client",
  "an access token": "give the kind of token that is asked for; an access token is for the API in its aud",
  "a refresh token":
    "send the access token; a refresh token goes to the issuer only, which trades it for a new one",
  "a logout token": "take it where logouts are announced (back-channel logout); it gives access to nothing",
  "a DPoP proof": "verify the access token in the Authorization header; the proof stands in the header DPoP",
};

/** Kinds by the header's `typ` (RFC 9068, RFC 9449, OpenID Connect Back-Channel Logout). */
const BY_TYPE: readonly (readonly [type: string, kind: Kind])[] = [
  ["at+jwt", "an access token"],
  ["dpop+jwt", "a DPoP proof"],
  ["logout+jwt", "a logout token"],
];

/** Kinds by the claim `typ`, which Keycloak uses. */
const BY_CLAIM: Readonly<Record<string, Kind>> = {
  ID: "an ID token",
  Bearer: "an access token",
  Refresh: "a refresh token",
  Offline: "a refresh token",
  Logout: "a logout token",
};

/** Claims that only ID tokens have (OpenID Connect Core, sections 2 and 3.3.2.11). */
const ID_TOKEN_CLAIMS = ["at_hash", "c_hash", "s_hash", "nonce"];

function kindOf({
  header,
  claims,
}: FailedVerification): { readonly kind: Kind; readonly sign: string } | undefined {
  const typ = stringMember(header, "typ");
  const byType = BY_TYPE.find(([type]) => typ !== undefined && isSameMediaType(type, typ));
  if (byType) return { kind: byType[1], sign: `its typ is ${byType[0]}` };
  const use = stringMember(claims, "token_use");
  if (use === "id" || use === "access") {
    return { kind: use === "id" ? "an ID token" : "an access token", sign: `its token_use is ${use}` };
  }
  const claimed = stringMember(claims, "typ");
  const byClaim = claimed !== undefined && Object.hasOwn(BY_CLAIM, claimed) ? BY_CLAIM[claimed] : undefined;
  if (byClaim) return { kind: byClaim, sign: `its claim typ is ${claimed}` };
  const signs = ID_TOKEN_CLAIMS.filter((name) => claims?.has(name));
  if (signs.length > 0) return { kind: "an ID token", sign: `it has ${signs.join(" and ")}` };
  const scope = ["scope", "scp"].find((name) => claims?.has(name));
  return scope === undefined ? undefined : { kind: "an access token", sign: `it has ${scope}` };
}
