import { quoted } from "../../jose/verification/check.ts";
import { recogniseProvider } from "../providers/recognise.ts";
import { entraExternal } from "./entra-aliases.ts";
import { type Explanation, type FailedVerification, fixForVerifier } from "./failed-verification.ts";
import { expecting } from "./issuer-alias.ts";

const UNPROVEN = "by its own word, which nothing here proves,";

/**
 * Cause: what a token that could not be verified says of itself, where that alone explains it: such tokens are verified
 * by their issuer and by nobody else. It excuses nothing, and never advises to accept the token.
 */
export function explainOwnWord(failure: FailedVerification): readonly Explanation[] {
  const { provider, token, issuer } = recogniseProvider(failure.header, failure.claims) ?? {};
  if (provider === undefined || token === undefined || issuer === undefined) return [];
  if (provider.id === "firebase" && /custom/.test(token.name)) {
    return [
      {
        cause: "wrong_token_kind",
        evidence: `${UNPROVEN} it is a Firebase custom token: its aud is Identity Toolkit's`,
        fix: fixForVerifier(
          "have the client trade it for an ID token (signInWithCustomToken), and verify that: a custom token is for Firebase alone",
        ),
      },
    ];
  }
  if (provider.id === "firebase" && /cookie/.test(token.name) && !failure.options.issuers.includes(issuer)) {
    return [
      {
        cause: "wrong_token_kind",
        evidence: `${UNPROVEN} it is a Firebase session cookie (iss ${quoted(issuer)}): another kind than ID tokens, signed with other keys`,
        fix: fixForVerifier(
          `where a session cookie is expected, verify it as one: verifySessionCookie instead of verifyIdToken, or ${expecting(issuer)} with the keys of session cookies`,
        ),
      },
    ];
  }
  const external = failure.options.issuers.map((wanted) => entraExternal(issuer, wanted, failure));
  const found = external.find((explanation) => explanation !== undefined);
  if (found !== undefined) return [{ ...found, evidence: `${UNPROVEN} ${found.evidence}` }];
  if (provider.id === "okta" && /org server/.test(token.name)) {
    return [
      {
        cause: "okta_org_server",
        evidence: `${UNPROVEN} it is an access token of Okta's org server, which is for Okta's own API: its keys are not to be relied on by others`,
        fix: fixForVerifier(
          "have the client ask a custom authorization server (https://ORG.okta.com/oauth2/default) for its access token",
        ),
      },
    ];
  }
  return [];
}

/** Cause: a refresh token, which is signed with a secret that its issuer alone has. Added to what else was found. */
export function explainRefreshToken({ header, claims }: FailedVerification): readonly Explanation[] {
  const { provider, token } = recogniseProvider(header, claims) ?? {};
  if (provider?.id !== "keycloak" || token === undefined || !/refresh/.test(token.name)) return [];
  return [
    {
      cause: "wrong_token_kind",
      evidence: `${UNPROVEN} it is a refresh token (typ ${String(claims?.get("typ"))}): Keycloak signs those with a secret of its own`,
      fix: fixForVerifier(
        "send the access token; a refresh token goes to its issuer only, which alone verifies it",
      ),
    },
  ];
}
