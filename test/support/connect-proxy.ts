import { createServer, type IncomingHttpHeaders } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";

export interface ConnectProxy {
  readonly host: string;
  /** What it was asked to connect to, and with which header. */
  readonly asked: readonly { readonly target: string; readonly headers: IncomingHttpHeaders }[];
}

/** An HTTP proxy on this machine that leads every CONNECT to one port, or refuses it with a status. */
export async function startProxy(lead: { to: number } | { refuse: number }): Promise<ConnectProxy> {
  const asked: { target: string; headers: IncomingHttpHeaders }[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_, response) => response.writeHead(405).end());
  server.on("connect", (request, client) => {
    asked.push({ target: request.url ?? "", headers: request.headers });
    client.on("error", () => undefined);
    if ("refuse" in lead) {
      client.end(`HTTP/1.1 ${lead.refuse} No\r\n\r\n`);
      return;
    }
    const upstream = connect(lead.to, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
    sockets.add(upstream);
  });
  server.on("connection", (socket) => sockets.add(socket));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(
    () =>
      new Promise<void>((closed) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => closed());
      }),
  );
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
