import { AppError } from "../base/errors.ts";
import { shellWord } from "../base/text/wording.ts";

/** Whether an argument is a URL, not a file. Windows paths (`C:\keys`) are files. */
export function looksLikeUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text.trim());
}

/**
 * Whether a host name is this machine: `localhost`, 127.0.0.0/8, `[::1]`. Other names are not resolved: an answer of a
 * name server is no reason to use plain http.
 * @param hostname as the URL standard writes it: lower case, IPv4 in four decimal parts, IPv6 in brackets
 */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/**
 * Whether a host name may lead to this machine, however it is written: as {@link isLoopbackHost}, and the unspecified
 * address, IPv4 in IPv6, and names below `localhost` (RFC 6761 section 6.3).
 */
export function mayBeThisMachine(hostname: string): boolean {
  const name = hostname.replace(/\.$/, "");
  if (isLoopbackHost(name) || name.endsWith(".localhost") || /^0\.\d+\.\d+\.\d+$/.test(name)) return true;
  return name === "[::]" || /^\[(::ffff:(0:)?|64:ff9b::|::)(7f[0-9a-f]{2}|0):[0-9a-f]{1,4}\]$/.test(name);
}

/** Why a URL is not fetched; undefined when it may be. Never quotes a password. */
export function urlFault(url: URL): string | undefined {
  if (url.username !== "" || url.password !== "") return "it holds a user name or a password";
  if (url.protocol === "https:") return undefined;
  if (url.protocol !== "http:") return `it is neither https nor http, but ${url.protocol.slice(0, -1)}`;
  return isLoopbackHost(url.hostname)
    ? undefined
    : "http can be read and changed on its way; it is only allowed on this machine (localhost, 127.0.0.1, [::1])";
}

/**
 * Parses a URL that the user gave, and removes its fragment.
 * @param what the option it was given with
 * @throws AppError `url_refused`
 */
export function requireFetchable(text: string, what: string): URL {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (url === undefined) {
    throw new AppError(
      "url_refused",
      `${what} needs a complete URL, as in https://auth.example.com/jwks.json`,
      { hints: ["Give the scheme, too: https://"] },
    );
  }
  const fault = urlFault(url);
  if (fault !== undefined) {
    throw new AppError("url_refused", `the URL for ${what} is not fetched: ${fault}`, {
      hints: hintsFor(url, what),
      data: { url: displayUrl(url) },
    });
  }
  url.hash = "";
  return url;
}

function hintsFor(url: URL, what: string): readonly string[] {
  if (url.username !== "" || url.password !== "") return ["A JWKS is public: give the URL without them"];
  if (url.protocol !== "http:") return ["Give an https URL, or the path of a file"];
  const address = `http://${url.host}${url.pathname}`;
  const own =
    what === "--issuer-url"
      ? `If you trust the network between, fetch the keys yourself, from the jwks_uri in ${address.replace(/\/$/, "")}/.well-known/openid-configuration: curl -s JWKS-URI | jwtctl verify TOKEN --key - --iss ${shellWord(address)}`
      : `If you trust the network between, fetch it yourself: curl -s ${shellWord(address)} | jwtctl verify TOKEN --key -`;
  // A name without a dot is one of this network, whose servers seldom have certificates.
  return url.hostname.includes(".") ? [`Give https://${url.host}${url.pathname}`, own] : [own];
}

/** A URL for messages: without user name, password, query and fragment, which may be secret. */
export function displayUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

/**
 * The target of a redirect. Only redirects within the origin are followed.
 * @param location the header field of the answer
 * @throws AppError `network_redirect_refused`
 */
export function redirectTarget(from: URL, location: string | undefined): URL {
  const target =
    location !== undefined && URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (target === undefined) {
    throw new AppError("network_redirect_refused", `${displayUrl(from)} redirects without saying where to`, {
      hints: ["Check the address; its server is at fault"],
    });
  }
  target.hash = "";
  if (target.origin === from.origin && urlFault(target) === undefined) return target;
  const where = `${target.protocol}//${target.host}${target.pathname}`;
  const reason =
    target.protocol === "http:" && from.protocol === "https:"
      ? "from https to http, where anyone on the way could change the keys"
      : "to another origin";
  throw new AppError("network_redirect_refused", `${displayUrl(from)} redirects ${reason}: ${where}`, {
    hints: ["If you trust that address, give it yourself"],
    data: { url: displayUrl(from), location: where },
  });
}
