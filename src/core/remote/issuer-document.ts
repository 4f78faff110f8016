import { AppError } from "../base/errors.ts";
import { JsonObject, type JsonValue } from "../base/json/value.ts";
import { shellWord } from "../base/text/wording.ts";
import { displayUrl, mayBeThisMachine, urlFault } from "./remote-url.ts";

/** The used members of an issuer's metadata (OpenID Connect Discovery 1.0 section 3, RFC 8414 section 2). */
export interface IssuerDocument {
  readonly issuer: string;
  readonly jwksUri: string;
  /** What AD FS writes into access tokens instead of its issuer. */
  readonly accessTokenIssuer?: string;
}

const OIDC = "/.well-known/openid-configuration";
const OAUTH = "/.well-known/oauth-authorization-server";

/**
 * The addresses of an issuer's metadata in the order they are tried. OpenID Connect Discovery 1.0 section 4 appends the
 * well-known path to the issuer; RFC 8414 sections 3 and 5 insert it before the issuer's path.
 * @param issuer has passed `requireFetchable`
 * @throws AppError `url_refused` for what cannot be an issuer
 */
export function discoveryUrls(issuer: URL): readonly URL[] {
  if (issuer.search !== "") {
    throw new AppError("url_refused", "an issuer's URL has no query (RFC 8414 section 2)", {
      hints: [`Give --issuer-url ${shellWord(displayUrl(issuer))}`, ...keysWithQuery(issuer)],
    });
  }
  refuseDocumentUrl(issuer);
  const path = issuer.pathname.replace(/\/$/, "");
  const paths = [`${path}${OIDC}`, `${OAUTH}${path}`, `${OIDC}${path}`];
  return [...new Set(paths)].map((candidate) => new URL(candidate, issuer.origin));
}

/** Refuses the address of a metadata document: the user has to give its issuer. */
function refuseDocumentUrl(url: URL): void {
  for (const wellKnown of [OIDC, OAUTH]) {
    const at = url.pathname.indexOf(wellKnown);
    if (at < 0) continue;
    const issuer = `${url.origin}${url.pathname.slice(0, at)}${url.pathname.slice(at + wellKnown.length)}`;
    throw new AppError(
      "url_refused",
      "--issuer-url takes the issuer itself, not the address of its metadata",
      {
        hints: [`Give --issuer-url ${shellWord(issuer)}`],
      },
    );
  }
}

/**
 * Reads an issuer's metadata. Its `issuer` must be the given one, character by character (RFC 8414 section 3.3).
 *
 * @param issuer as the user typed it
 * @param at where the document came from
 * @throws AppError `network_bad_content`, `issuer_document_mismatch`, `jwks_uri_refused`
 */
export function readIssuerDocument(value: JsonValue, issuer: string, at: URL): IssuerDocument {
  const members = value instanceof JsonObject ? value : new JsonObject();
  const named = members.get("issuer");
  const jwksUri = members.get("jwks_uri");
  if (typeof named !== "string" || typeof jwksUri !== "string") {
    const missing = typeof named !== "string" ? "issuer" : "jwks_uri";
    throw new AppError(
      "network_bad_content",
      `${displayUrl(at)} is not an issuer's metadata: it has no "${missing}"`,
      { hints: ["Check the issuer's URL, or name its key set itself: --jwks URL"] },
    );
  }
  if (named !== issuer) {
    throw new AppError(
      "issuer_document_mismatch",
      `${displayUrl(at)} is the document of another issuer: ${named.slice(0, 500)}`,
      {
        hints: mismatchHints(named, jwksUri),
        data: { expected: issuer, issuer: named.slice(0, 500) },
      },
    );
  }
  const other = members.get("access_token_issuer");
  return {
    issuer: named,
    jwksUri: requireJwksUri(jwksUri, at).href,
    ...(typeof other === "string" && other !== named ? { accessTokenIssuer: other } : {}),
  };
}

/** Entra ID keeps the keys of applications with claims mapping behind `?appid=` at the address of its keys. */
function keysWithQuery({ origin, pathname, search, searchParams }: URL): readonly string[] {
  const [, tenant] = /^\/([\w.-]+)\/v2\.0\/?$/.exec(pathname) ?? [];
  const isEntra = /^https:\/\/login\.microsoftonline\.(?:com|us)$/.test(origin) && tenant !== undefined;
  if (!isEntra && !searchParams.has("appid")) return [];
  const keys = isEntra ? `${origin}/${tenant}/discovery/v2.0/keys${search}` : `JWKS-URL${search}`;
  const issuer = isEntra ? `${origin}/${tenant}/v2.0` : `${origin}${pathname}`;
  return [
    `Where the query chooses the keys, give the address of the keys with it, and the issuer apart: --jwks ${shellWord(keys)} --iss ${shellWord(issuer)}`,
  ];
}

function mismatchHints(named: string, jwksUri: string): readonly string[] {
  if (named.includes("{")) {
    return ["This is a template for many tenants: give the issuer of yours, as the tokens' iss says it"];
  }
  // A server's text is put into a command for copying only when it is harmless in every shell.
  if (!isHarmless(named)) return ["Check the issuer's URL"];
  const apart = isHarmless(jwksUri) && canBeFetched(jwksUri);
  return [
    ...(canBeFetched(named)
      ? [`If that is the issuer you mean, give it exactly so: --issuer-url ${named}`]
      : []),
    ...(apart
      ? [`To use these keys all the same, give them and the issuer apart: --jwks ${jwksUri} --iss ${named}`]
      : []),
    ...(apart || canBeFetched(named) ? [] : ["Check the issuer's URL"]),
  ];
}

function isHarmless(url: string): boolean {
  return /^https?:\/\/[\w.~:/%-]{1,500}$/i.test(url);
}

function canBeFetched(url: string): boolean {
  return URL.canParse(url) && urlFault(new URL(url)) === undefined;
}

/**
 * Checks `jwks_uri`. It may have any https origin: Google's keys, for example, are not on accounts.google.com. But a
 * remote server must not make jwtctl call this machine.
 */
function requireJwksUri(text: string, at: URL): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const fault = url === undefined ? "it is not a complete URL" : (urlFault(url) ?? strangeLoopback(url, at));
  if (url !== undefined && fault === undefined) return url;
  throw new AppError("jwks_uri_refused", `the jwks_uri in ${displayUrl(at)} is not fetched: ${fault}`, {
    hints: ["The issuer must name an https URL in its metadata"],
    data: { url: url === undefined ? text.slice(0, 200) : displayUrl(url) },
  });
}

function strangeLoopback(url: URL, at: URL): string | undefined {
  return mayBeThisMachine(url.hostname) && !mayBeThisMachine(at.hostname)
    ? "it leads to this machine, and the issuer is elsewhere"
    : undefined;
}
