import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { Identity } from "./certificate.ts";

export interface SeenRequest {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
}

export interface TestServer {
  readonly port: number;
  /** Without a final slash. */
  readonly origin: string;
  /** What was asked, in order. */
  readonly requests: readonly SeenRequest[];
  url(path: string): string;
  /** Ends the server before the test does. */
  close(): Promise<void>;
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface ServerOptions {
  /** Speaks https as this host; http otherwise. */
  readonly identity?: Identity;
  /** The host in its URLs; it listens on 127.0.0.1 whatever that is. */
  readonly host?: string;
}

/** A server on this machine that ends with the test. `answer` may be replaced while it runs. */
export async function startServer(
  answer: Answer | Readonly<Record<string, Answer>>,
  options: ServerOptions = {},
): Promise<TestServer> {
  const requests: SeenRequest[] = [];
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? "";
    requests.push({ path, headers: request.headers });
    const found = typeof answer === "function" ? answer : answer[path.split("?")[0] ?? ""];
    if (found) found(request, response);
    else response.writeHead(404).end("no such page");
  };
  const { identity } = options;
  const server = identity
    ? createHttpsServer({ cert: identity.cert, key: identity.key }, handle)
    : createHttpServer(handle);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((closed) => {
      server.close(() => closed());
      server.closeAllConnections();
    });
  onTestFinished(close);
  const origin = `${identity ? "https" : "http"}://${options.host ?? (identity ? "localhost" : "127.0.0.1")}:${port}`;
  return { port, origin, requests, url: (path) => `${origin}${path}`, close };
}

/** Answers with JSON. */
export function json(value: unknown, headers: Record<string, string> = {}): Answer {
  return (_, response) => {
    response.writeHead(200, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
  };
}

/** Answers with these bytes. */
export function body(content: string | Uint8Array, headers: Record<string, string> = {}): Answer {
  return (_, response) => {
    response.writeHead(200, headers).end(content);
  };
}

export function status(code: number, headers: Record<string, string> = {}): Answer {
  return (_, response) => {
    response.writeHead(code, headers).end("the body of a refusal");
  };
}

export function redirect(location: string, code = 302): Answer {
  return status(code, { location });
}

/** Takes the question and never answers. */
export const silence: Answer = () => undefined;
