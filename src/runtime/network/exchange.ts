import type { IncomingHttpHeaders } from "node:http";
import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from "node:https";
import type { LookupFunction } from "node:net";
import { AppError } from "../../core/base/errors.ts";
import { displayUrl } from "../../core/remote/remote-url.ts";
import { readBody } from "./body.ts";
import { networkFailure, timedOut } from "./failures.ts";
import { loopbackOnly } from "./loopback.ts";
import { proxyFor, tunnel } from "./proxy.ts";

/** One question and its answer, without following anything. */
export interface Exchange {
  /** @throws AppError `network_*` */
  get(url: URL, headers: Record<string, string>): Promise<RawAnswer>;
  /** Closes the connections. */
  close(): void;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Read for status 200 only. */
  readonly body: Uint8Array;
}

export interface ExchangeOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** For the message when the signal comes; ms. */
  readonly time: number;
  readonly size: number;
  readonly ca?: string;
  readonly lookup?: LookupFunction;
}

export function createExchange(options: ExchangeOptions): Exchange {
  const agents = {
    "http:": new HttpAgent({ keepAlive: true }),
    "https:": new HttpsAgent({ keepAlive: true }),
  };
  return {
    async get(url, headers) {
      try {
        const request = await open(url, headers, agents, options);
        return await answerOf(request, url, options.size);
      } catch (error) {
        if (options.signal.aborted) throw timedOut(url, options.time);
        throw error instanceof AppError ? error : networkFailure(error, url);
      }
    },
    close() {
      agents["http:"].destroy();
      agents["https:"].destroy();
    },
  };
}

async function open(
  url: URL,
  headers: Record<string, string>,
  agents: { "http:": HttpAgent; "https:": HttpsAgent },
  options: ExchangeOptions,
): Promise<ClientRequest> {
  const common: RequestOptions = {
    method: "GET",
    headers,
    signal: options.signal,
    maxHeaderSize: 32 * 1024,
    ...(options.lookup === undefined ? {} : { lookup: options.lookup }),
  };
  if (url.protocol === "http:") {
    return httpRequest(url, { ...common, agent: agents["http:"], lookup: loopbackOnly(options.lookup) });
  }
  // Said outright, so that NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment does not make keys of anyone's trusted.
  const trust = { rejectUnauthorized: true, ...(options.ca === undefined ? {} : { ca: options.ca }) };
  const proxy = proxyFor(url, options.env);
  if (proxy === undefined) return httpsRequest(url, { ...common, ...trust, agent: agents["https:"] });
  const socket = await tunnel(url, proxy, { ...trust, signal: options.signal });
  return httpsRequest(url, {
    ...common,
    // Without an agent node:https would take port 80 for the usual one.
    headers: { ...headers, host: url.host, connection: "close" },
    createConnection: () => socket,
  });
}

async function answerOf(request: ClientRequest, url: URL, size: number): Promise<RawAnswer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.on("response", resolve);
    request.on("error", reject);
    request.end();
  });
  const { statusCode: status = 0, headers } = response;
  if (status === 200) return { status, headers, body: await readBody(response, size, displayUrl(url)) };
  // What a redirect or a refusal says beside its status is of no use, and may have no end.
  response.on("error", () => undefined);
  response.destroy();
  return { status, headers, body: new Uint8Array() };
}
