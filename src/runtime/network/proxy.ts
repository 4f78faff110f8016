import { type ClientRequest, request as httpRequest } from "node:http";
import { isIP, type Socket } from "node:net";
import { type ConnectionOptions, connect as tlsConnect } from "node:tls";
import { AppError } from "../../core/base/errors.ts";
import { isLoopbackHost } from "../../core/remote/remote-url.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that the environment names for an https URL (HTTPS_PROXY, ALL_PROXY, in either case; NO_PROXY lists hosts and
 * domains that are asked directly). This machine is never asked through a proxy.
 * @throws AppError `network_proxy_failed` for what is not the URL of an HTTP proxy
 */
export function proxyFor(url: URL, env: Environment): URL | undefined {
  const named = setting(env, "https_proxy") ?? setting(env, "all_proxy");
  if (named === undefined || isLoopbackHost(url.hostname) || isExempt(url, setting(env, "no_proxy") ?? "")) {
    return undefined;
  }
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(named) ? named : `http://${named}`;
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  if (proxy?.protocol === "http:") return proxy;
  throw failed("the proxy named in HTTPS_PROXY is not of the form http://host:port");
}

function setting(env: Environment, name: string): string | undefined {
  return env[name] || env[name.toUpperCase()] || undefined;
}

/** `*`, `example.com` and `.example.com` (both with its subdomains), each perhaps with a port. */
function isExempt(url: URL, list: string): boolean {
  const port = url.port || "443";
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      const [, host = "", only] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      if (entry === "*") return true;
      if (host === "" || (only !== undefined && only !== port)) return false;
      return url.hostname === host || url.hostname.endsWith(`.${host}`);
    });
}

/**
 * A TLS connection to the server through the proxy (CONNECT, RFC 9110 section 9.3.6). The proxy sees the host's name and
 * nothing else; the certificate is checked as on a direct way.
 * @throws AppError `network_proxy_failed`; the errors of TLS
 */
export async function tunnel(
  url: URL,
  proxy: URL,
  options: ConnectionOptions & { signal: AbortSignal },
): Promise<Socket> {
  const { signal, ...trust } = options;
  const raw = await connectThrough(url, proxy, signal);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return new Promise((resolve, reject) => {
    const socket = tlsConnect({
      ...trust,
      socket: raw,
      host,
      servername: isIP(host) ? "" : host,
      ALPNProtocols: ["http/1.1"],
    });
    const abort = () => socket.destroy(new Error("aborted"));
    signal.addEventListener("abort", abort, { once: true });
    socket.once("error", reject);
    socket.once("secureConnect", () => {
      signal.removeEventListener("abort", abort);
      socket.off("error", reject);
      resolve(socket);
    });
  });
}

function connectThrough(url: URL, proxy: URL, signal: AbortSignal): Promise<Socket> {
  const target = `${url.hostname}:${url.port || "443"}`;
  return new Promise((resolve, reject) => {
    const request: ClientRequest = httpRequest({
      host: proxy.hostname.replace(/^\[|\]$/g, ""),
      port: proxy.port || 80,
      method: "CONNECT",
      path: target,
      headers: { host: target, "user-agent": "jwtctl", ...authorization(proxy) },
      agent: false,
      signal,
    });
    request.once("connect", (response, socket) => {
      if (response.statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(failed(`the proxy ${proxy.host} answered with the status ${response.statusCode}`));
    });
    request.once("response", (response) => {
      response.destroy();
      reject(failed(`the proxy ${proxy.host} answered with the status ${response.statusCode}`));
    });
    request.once("error", (error: NodeJS.ErrnoException) =>
      reject(failed(`the proxy ${proxy.host} cannot be used: ${error.code ?? "no connection"}`)),
    );
    request.end();
  });
}

function authorization(proxy: URL): Record<string, string> {
  if (proxy.username === "") return {};
  const credentials = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(credentials).toString("base64")}` };
}

/** Names the proxy without its password. */
function failed(message: string): AppError {
  return new AppError("network_proxy_failed", message, {
    hints: ["Check HTTPS_PROXY, or name the server in NO_PROXY to reach it directly"],
  });
}
