import { quoted } from "../../jose/verification/check.ts";
import { entraExternal, entraVersions } from "./entra-aliases.ts";
import { type Explanation, fixForIssuer, fixForVerifier } from "./failed-verification.ts";
import { expecting, type IssuerAlias } from "./issuer-alias.ts";
import {
  adfsAccessTokens,
  auth0Domains,
  firebaseKinds,
  googleIssuers,
  kubernetesHosted,
  kubernetesLegacy,
  oktaAdmin,
  oktaServers,
} from "./provider-aliases.ts";
import { hostAndPath } from "./uri-difference.ts";

/** Differences that a comparison of spelling would explain less well; asked first. */
export const FIRST_ALIASES: readonly IssuerAlias[] = [quotesAround, googleIssuers];

/** What is known of issuers with several names, then of addresses in general. */
export const ALIASES: readonly IssuerAlias[] = [
  firebaseKinds,
  entraVersions,
  entraExternal,
  kubernetesLegacy,
  kubernetesHosted,
  oktaAdmin,
  oktaServers,
  auth0Domains,
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

/** One path is the other behind a base path, as Keycloak's /auth. */
function basePath(iss: string, wanted: string): Explanation | undefined {
  const [said, expected] = [hostAndPath(iss), hostAndPath(wanted)];
  if (said === undefined || expected === undefined || said.path === expected.path) return undefined;
  const [short, long] =
    said.path.length < expected.path.length ? [said.path, expected.path] : [expected.path, said.path];
  if (short === "" || !long.endsWith(short)) return undefined;
  const base = long.slice(0, long.length - short.length);
  const isKeycloak = base === "/auth" && short.startsWith("/realms/");
  const what = nameOf(said.host) === nameOf(expected.host) ? "port" : "host";
  const host =
    said.host === expected.host
      ? ""
      : `, and in the ${what} (${quoted(said.host)} and ${quoted(expected.host)})`;
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
  const name = nameOf(host);
  return (
    !name.includes(".") ||
    /^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[)|(?:\.docker\.internal|\.local|\.localhost|\.svc(?:\.[\w.-]+)?)$/.test(
      name,
    )
  );
}

/** The host without its port. */
function nameOf(host: string): string {
  return host.replace(/:\d+$/, "");
}

function domainOf(host: string): string {
  return nameOf(host).split(".").slice(-2).join(".");
}
