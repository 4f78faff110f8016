import { shellWord } from "../../base/text/wording.ts";
import { quoted } from "../../jose/verification/check.ts";
import {
  type Explanation,
  type FailedVerification,
  fixForIssuer,
  fixForVerifier,
} from "./failed-verification.ts";
import { hostAndPath } from "./uri-difference.ts";

/** Explains how an issuer that is not the expected one is the same one all the same; undefined when it is not. */
type Alias = (iss: string, wanted: string, failure: FailedVerification) => Explanation | undefined;

const expecting = (iss: string) => `--iss ${shellWord(iss)}`;

/** Differences that a comparison of spelling would explain less well; asked first. */
export const FIRST_ALIASES: readonly Alias[] = [quotesAround, googleIssuers];

/** What is known of issuers with several names, then of addresses in general. */
export const ALIASES: readonly Alias[] = [
  entraVersions,
  kubernetesLegacy,
  oktaServers,
  adfsAccessTokens,
  basePath,
  otherHost,
];

const QUOTED = /^(["'`\u2018\u201c\u201e])(.*)["'`\u2019\u201d\u201c]$/s;

/** Quotes that a YAML or environment file, or a shell, made part of the value. */
function quotesAround(iss: string, wanted: string): Explanation | undefined {
  const bare = (text: string) => QUOTED.exec(text)?.[2] ?? text;
  if (bare(iss) !== bare(wanted) || iss === wanted) return undefined;
  const isToken = bare(iss) !== iss;
  return {
    cause: "issuer_quoted",
    evidence: `they differ in quotes: ${isToken ? "the token's iss" : "what is expected"} has them around ${bare(iss)}, as part of the name`,
    fix: isToken
      ? `${fixForIssuer("write the issuer without quotes where it is configured: in some files they become part of the value")}. ${fixForVerifier(`until then expect it so: ${expecting(iss)}`)}`
      : fixForVerifier(`expect it without quotes: ${expecting(iss)}`),
  };
}

/** Google writes its issuer in two ways, and says that a verifier has to take both. */
function googleIssuers(iss: string, wanted: string): Explanation | undefined {
  const isGoogle = (text: string) => /^(?:https:\/\/)?accounts\.google\.com$/.test(text);
  if (!isGoogle(iss) || !isGoogle(wanted) || iss === wanted) return undefined;
  return {
    cause: "issuer_spelling",
    evidence: `they differ in the scheme: Google writes its issuer in two ways, with https:// and without`,
    fix: fixForVerifier("expect both: --iss https://accounts.google.com --iss accounts.google.com"),
  };
}

const ENTRA = /^https:\/\/(sts\.windows\.net|login\.microsoftonline\.(?:com|us))\/([\w.-]+)\/?(v2\.0)?\/?$/;
const EVERY_TENANT: ReadonlySet<string> = new Set(["common", "organizations", "consumers"]);

/** Entra ID names a tenant as issuer in one way in tokens of version 1.0, and in another in version 2.0. */
function entraVersions(iss: string, wanted: string): Explanation | undefined {
  const [said, expected] = [ENTRA.exec(iss), ENTRA.exec(wanted)];
  if (said === null || expected === null) return undefined;
  const [tenant = "", other = ""] = [said[2], expected[2]];
  const [version, wantedVersion] = [said[3] ? "2.0" : "1.0", expected[3] ? "2.0" : "1.0"];
  if (EVERY_TENANT.has(other) || other.startsWith("{")) {
    return {
      cause: "issuer_other_path",
      evidence: `${quoted(other)} stands for every tenant of Entra ID, and a token names its own: ${tenant}`,
      fix: fixForVerifier(`expect the tenants that you mean, one by one: ${expecting(iss)}`),
    };
  }
  if (tenant !== other) {
    return {
      cause: "issuer_other_path",
      evidence: `both are Entra ID, but other tenants: the token is of ${tenant}, expected is ${other}`,
      fix: fixForVerifier(
        "use a token of the tenant that is expected; if you mean the other one, expect that",
      ),
    };
  }
  const upgrade = fixForIssuer(
    "set requestedAccessTokenVersion (accessTokenAcceptedVersion) to 2 in the manifest of the API's app registration",
  );
  const expectIt = fixForVerifier(`expect the issuer of version ${version}: ${expecting(iss)}`);
  return {
    cause: "entra_version",
    evidence: `both are Entra ID, tenant ${tenant}: the token is of version ${version}, expected is the issuer of version ${wantedVersion}`,
    fix: version === "1.0" ? `${upgrade}. ${expectIt}` : expectIt,
  };
}

const LEGACY = "kubernetes/serviceaccount";

function kubernetesLegacy(iss: string, wanted: string): Explanation | undefined {
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

const OKTA = /^https:\/\/([\w.-]+\.okta(?:preview|-emea)?\.com)(?:\/oauth2\/([\w-]+))?\/?$/;

/** Okta's org server issues for Okta itself; an API needs a custom authorization server. */
function oktaServers(iss: string, wanted: string): Explanation | undefined {
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
function adfsAccessTokens(iss: string, wanted: string, failure: FailedVerification): Explanation | undefined {
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

/** One path is the other behind a base path, as Keycloak's /auth. */
function basePath(iss: string, wanted: string): Explanation | undefined {
  const [said, expected] = [hostAndPath(iss), hostAndPath(wanted)];
  if (said === undefined || expected === undefined || said.path === expected.path) return undefined;
  const [short, long] =
    said.path.length < expected.path.length ? [said.path, expected.path] : [expected.path, said.path];
  if (short === "" || !long.endsWith(short)) return undefined;
  const base = long.slice(0, long.length - short.length);
  const isKeycloak = base === "/auth" && short.startsWith("/realms/");
  const host =
    said.host === expected.host
      ? ""
      : `, and in the host (${quoted(said.host)} and ${quoted(expected.host)})`;
  return {
    cause: "issuer_base_path",
    evidence: `they differ in the base path ${quoted(base)}${isKeycloak ? ", which Keycloak dropped in version 17" : ""}${host}`,
    fix: `${fixForVerifier(`expect the issuer as the token names it: ${expecting(iss)}`)}. ${fixForIssuer(
      isKeycloak
        ? "to keep the older address, start Keycloak with --http-relative-path=/auth"
        : "make the issuer's own address and the one that a proxy publishes the same",
    )}`,
  };
}

/** The same path on another host: one server that is reached under two names. */
function otherHost(iss: string, wanted: string): Explanation | undefined {
  const [said, expected] = [hostAndPath(iss), hostAndPath(wanted)];
  if (said === undefined || expected === undefined) return undefined;
  if (said.host === expected.host || said.path !== expected.path) return undefined;
  // A path of several steps, as /realms/demo, is hardly the same by chance.
  const isTelling = /\/.+\//.test(said.path) || isLocal(said.host) || isLocal(expected.host);
  if (!isTelling && domainOf(said.host) !== domainOf(expected.host)) return undefined;
  const isRealm = said.path.includes("/realms/");
  return {
    cause: "issuer_other_host",
    evidence: `${said.path === "" ? "they differ in the host alone" : "the same path on another host"} (${quoted(said.host)} and ${quoted(expected.host)}): one server under two names, as inside and outside of a container network, or two servers`,
    fix: `${fixForIssuer(
      isRealm
        ? "set the one address that everybody uses (Keycloak: --hostname, KC_HOSTNAME), so that tokens name it wherever they were asked for"
        : "configure the one public address of the issuer, so that tokens name it wherever they were asked for",
    )}. ${fixForVerifier(`if it is the same server, expect it as the token names it: ${expecting(iss)}`)}`,
  };
}

/** Names of this machine, of containers and of services of a cluster. */
function isLocal(host: string): boolean {
  const name = host.replace(/:\d+$/, "");
  return (
    !name.includes(".") ||
    /^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[)|(?:\.docker\.internal|\.local|\.localhost|\.svc(?:\.[\w.-]+)?)$/.test(
      name,
    )
  );
}

function domainOf(host: string): string {
  return host.replace(/:\d+$/, "").split(".").slice(-2).join(".");
}
