import { shellWord } from "../../base/text/wording.ts";
import { quoted } from "../../jose/verification/check.ts";
import { signOfProvider } from "../providers/recognise.ts";
import {
  type Explanation,
  type FailedVerification,
  fixForIssuer,
  fixForVerifier,
} from "./failed-verification.ts";
import { expecting } from "./issuer-alias.ts";

/** Google writes its issuer in two ways, and says that a verifier has to take both. */
export function googleIssuers(iss: string, wanted: string): Explanation | undefined {
  const isGoogle = (text: string) => /^(?:https:\/\/)?accounts\.google\.com$/.test(text);
  if (!isGoogle(iss) || !isGoogle(wanted) || iss === wanted) return undefined;
  return {
    cause: "issuer_spelling",
    evidence: `they differ in the scheme: Google writes its issuer in two ways, with https:// and without`,
    fix: fixForVerifier("expect both: --iss https://accounts.google.com --iss accounts.google.com"),
  };
}

const FIREBASE = /^https:\/\/(session\.firebase|securetoken)\.google\.com\/([^/]+)$/;

/** Firebase's session cookies and ID tokens: two kinds of token with two issuers and two sets of keys. */
export function firebaseKinds(iss: string, wanted: string): Explanation | undefined {
  const [said, expected] = [FIREBASE.exec(iss), FIREBASE.exec(wanted)];
  if (said === null || expected === null || said[1] === expected[1]) return undefined;
  const isCookie = said[1] === "session.firebase";
  const project = said[2] === expected[2] ? "" : `; the projects differ, too (${said[2]} and ${expected[2]})`;
  const [is, other] = isCookie ? ["a session cookie", "ID tokens"] : ["an ID token", "session cookies"];
  return {
    cause: "wrong_token_kind",
    evidence: `iss is what Firebase writes into ${isCookie ? "session cookies" : "ID tokens"}, expected is the issuer of its ${other}: another kind of token, signed with other keys${project}`,
    fix: fixForVerifier(
      `verify ${is} as one: ${isCookie ? "verifySessionCookie instead of verifyIdToken" : "verifyIdToken instead of verifySessionCookie"}, or ${expecting(iss)} with the keys of that kind`,
    ),
  };
}

const AUTH0 = /^https:\/\/[\w.-]+\.auth0\.com\/$/;

/** An Auth0 tenant writes the domain into iss that the client asked: its own, or its custom domain. */
export function auth0Domains(
  iss: string,
  wanted: string,
  { header, claims }: FailedVerification,
): Explanation | undefined {
  if (AUTH0.test(iss) === AUTH0.test(wanted)) return undefined;
  if (![iss, wanted].every((text) => /^https:\/\/[^/]+\/$/.test(text))) return undefined;
  const sign = signOfProvider("auth0", header, claims);
  if (sign === undefined) return undefined;
  return {
    cause: "issuer_other_host",
    evidence: `an Auth0 tenant has two domains, its own and its custom one, and iss names the one that the client asked: here ${quoted(iss)}, expected ${quoted(wanted)}; the keys given verify the token, and ${sign}`,
    fix: `${fixForIssuer(`have the client ask the domain that is expected: ${wanted}`)}. ${fixForVerifier(`or expect the one that the token names: ${expecting(iss)}`)}`,
  };
}

const LEGACY = "kubernetes/serviceaccount";

/** Every cluster writes one name into tokens from a Secret, and its own issuer into bound ones. */
export function kubernetesLegacy(iss: string, wanted: string): Explanation | undefined {
  const newer = iss === LEGACY ? wanted : wanted === LEGACY ? iss : undefined;
  if (newer === undefined || !/^https?:\/\//.test(newer)) return undefined;
  const isOld = iss === LEGACY;
  return {
    cause: "issuer_legacy",
    evidence: isOld
      ? `${quoted(LEGACY)} is what Kubernetes writes into tokens from a Secret, in every cluster alike; bound tokens name the cluster's own issuer`
      : `the token is a bound one and names the cluster's own issuer; ${quoted(LEGACY)} stands in tokens from a Secret only`,
    fix: isOld
      ? fixForIssuer(
          "use a bound token: a projected volume, or kubectl create token NAME --audience AUDIENCE; a token from a Secret never expires",
        )
      : fixForVerifier(`expect the cluster's issuer: ${expecting(iss)}`),
  };
}

const IN_CLUSTER = /^https:\/\/kubernetes\.default(?:\.svc(?:\.[\w.-]+)?)?(?::\d+)?\/?$/;
const EKS = /^https:\/\/oidc\.eks\.[\w-]+\.amazonaws\.com(?:\.cn)?\/id\/\w+$/;

/** A hosted cluster publishes its keys at an issuer of its own; its API server is reached under another name inside. */
export function kubernetesHosted(
  iss: string,
  wanted: string,
  { claims }: FailedVerification,
): Explanation | undefined {
  if (!IN_CLUSTER.test(wanted) || IN_CLUSTER.test(iss) || !/^https:\/\//.test(iss)) return undefined;
  const sign = EKS.test(iss)
    ? "iss is the issuer of a cluster of Amazon EKS"
    : claims?.has("kubernetes.io")
      ? "it is a service account's token (kubernetes.io), and iss is its cluster's issuer"
      : undefined;
  if (sign === undefined) return undefined;
  return {
    cause: "issuer_in_cluster",
    evidence: `${sign}; expected is ${quoted(wanted)}, the address of the API server inside a cluster, which its tokens do not name`,
    fix: fixForVerifier(
      `expect the cluster's issuer (the API server's /.well-known/openid-configuration names it): ${expecting(iss)}`,
    ),
  };
}

const OKTA = /^https:\/\/([\w.-]+\.okta(?:preview|-emea)?\.com)(?:\/oauth2\/([\w-]+))?\/?$/;

/** Okta's console for administrators has an address of its own, which no token names. */
export function oktaAdmin(iss: string, wanted: string): Explanation | undefined {
  const [said, expected] = [OKTA.exec(iss), OKTA.exec(wanted)];
  if (said?.[1] === undefined || expected === null || said[2] !== expected[2]) return undefined;
  if (said[1].replace(".", "-admin.") !== expected[1]) return undefined;
  return {
    cause: "issuer_other_host",
    evidence: `${quoted(expected[1])} is the address of Okta's admin console; tokens name the organization's own, ${quoted(said[1])}`,
    fix: fixForVerifier(`expect the issuer without -admin: ${expecting(iss)}`),
  };
}

/** Okta's org server issues for Okta itself; an API needs a custom authorization server. */
export function oktaServers(iss: string, wanted: string): Explanation | undefined {
  const [said, expected] = [OKTA.exec(iss), OKTA.exec(wanted)];
  if (said === null || expected === null || said[1] !== expected[1]) return undefined;
  const [server, other] = [said[2], expected[2]];
  if (server === other) return undefined;
  if (server !== undefined) {
    return {
      cause: "issuer_other_path",
      evidence: `both are Okta, but other authorization servers: the token is of ${quoted(server)}, expected is ${other === undefined ? "the org server" : quoted(other)}`,
      fix: fixForVerifier(`expect the server that the client asks, and use its keys: ${expecting(iss)}`),
    };
  }
  return {
    cause: "okta_org_server",
    evidence: `the token is of Okta's org server, which issues for Okta itself; expected is the authorization server ${quoted(other ?? "")}`,
    fix: fixForIssuer(
      `have the client ask the authorization server: its addresses begin with ${wanted.replace(/\/$/, "")}/v1`,
    ),
  };
}

const ADFS_TRUST = /^https?:\/\/([^/]+)\/adfs\/services\/trust$/i;
const ADFS = /^https?:\/\/([^/]+)\/adfs\/?$/i;

/** AD FS writes another issuer into access tokens than its metadata are named by; they tell it. */
export function adfsAccessTokens(
  iss: string,
  wanted: string,
  failure: FailedVerification,
): Explanation | undefined {
  const told = failure.options.accessTokenIssuer === iss;
  const host = ADFS_TRUST.exec(iss)?.[1];
  if (!told && (host === undefined || host !== ADFS.exec(wanted)?.[1])) return undefined;
  const [key] = failure.candidates;
  const keys = told && key !== undefined ? ` with the same keys: --jwks ${shellWord(key.source)}` : "";
  return {
    cause: "adfs_access_token_issuer",
    evidence: `${told ? "the metadata of the issuer say so themselves (access_token_issuer)" : "both are the same AD FS"}: it writes ${quoted(iss)} into its access tokens, and ${quoted(wanted)} into ID tokens`,
    fix: fixForVerifier(`expect what access tokens say${keys}${keys === "" ? ":" : ""} ${expecting(iss)}`),
  };
}
