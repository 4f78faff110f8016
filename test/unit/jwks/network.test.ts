import { once } from "node:events";
import { createServer } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { AppError } from "../../../src/core/base/errors.ts";
import type { FetchAnswer, FetchRequest } from "../../../src/core/remote/ports.ts";
import { createNetwork, type NetworkOptions } from "../../../src/runtime/network.ts";
import { createCertificate } from "../../support/certificate.ts";
import { body, json, redirect, silence, startServer, status } from "../../support/jwks-server.ts";

const LIMITS = { time: 20_000, size: 64 * 1024, redirects: 3 };
const SET = { keys: [] };

function get(url: string, options: Partial<NetworkOptions> = {}, request: Partial<FetchRequest> = {}) {
  const network = createNetwork({ env: {}, limits: LIMITS, ...options });
  return network.visit((fetch) => fetch({ url: new URL(url), ...request }));
}

async function refusal(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof AppError) return error;
  throw new Error(`expected a refusal, got ${String(error)}`);
}

const textOf = (answer: FetchAnswer) =>
  answer.outcome === "fetched" ? Buffer.from(answer.body).toString() : answer.outcome;

const authority = createCertificate({ name: "Test Authority" });
const localhost = createCertificate({
  name: "localhost",
  hosts: ["localhost", "127.0.0.1"],
  issuer: authority,
});

describe("fetching over http from this machine", () => {
  it("gives the body and the header fields a cache needs, and no others", async () => {
    const server = await startServer({
      "/jwks": json(SET, { "cache-control": "max-age=300", etag: '"1"', "set-cookie": "a=b" }),
    });
    const answer = await get(server.url("/jwks"));
    expect(textOf(answer)).toBe('{"keys":[]}');
    expect(answer.headers).toMatchObject({ "cache-control": "max-age=300", etag: '"1"' });
    expect(answer.headers).not.toHaveProperty("set-cookie");
  });

  it("asks without cookies and credentials, and says what it can read", async () => {
    const server = await startServer(json(SET, { "set-cookie": "session=1" }));
    const network = createNetwork({ env: {}, limits: LIMITS });
    await network.visit(async (fetch) => {
      await fetch({ url: new URL(server.url("/jwks")) });
      await fetch({ url: new URL(server.url("/jwks")) });
    });
    expect(server.requests).toHaveLength(2);
    for (const { headers } of server.requests) {
      expect(headers).not.toHaveProperty("cookie");
      expect(headers).not.toHaveProperty("authorization");
      expect(headers).not.toHaveProperty("referer");
      expect(headers["user-agent"]).toBe("jwtctl");
      expect(headers.accept).toContain("application/json");
    }
  });

  it("sends validators and reports that nothing has changed", async () => {
    const server = await startServer(status(304, { etag: '"7"' }));
    const answer = await get(server.url("/"), {}, { validators: { etag: '"7"', lastModified: "Mon" } });
    expect(answer).toMatchObject({ outcome: "not_modified", headers: { etag: '"7"' } });
    expect(server.requests[0]?.headers).toMatchObject({ "if-none-match": '"7"', "if-modified-since": "Mon" });
  });

  it.each([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
    ["deflate", deflateSync],
  ] as const)("unpacks %s although it did not ask for it", async (coding, pack) => {
    const server = await startServer(body(pack('{"keys":[]}'), { "content-encoding": coding }));
    expect(textOf(await get(server.url("/")))).toBe('{"keys":[]}');
  });
});

describe("what a server can do wrong", () => {
  it.each([400, 401, 403, 404, 410, 429, 500, 503, 204, 304])("status %d", async (code) => {
    const server = await startServer(status(code));
    const error = await refusal(get(server.url("/jwks")));
    expect(error.code).toBe("network_bad_status");
    expect(error.data).toMatchObject({ status: code });
  });

  it("a server that takes the question and is silent", async () => {
    const server = await startServer(silence);
    const error = await refusal(get(server.url("/"), { limits: { ...LIMITS, time: 50 } }));
    expect(error.code).toBe("network_timeout");
    expect(error.message).toContain("0.05 seconds");
  });

  it("a slow loris: a body that drips and never ends", async () => {
    const server = await startServer((_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write(" "), 5);
      response.on("close", () => clearInterval(timer));
    });
    expect((await refusal(get(server.url("/"), { limits: { ...LIMITS, time: 60 } }))).code).toBe(
      "network_timeout",
    );
  });

  it("the time limit counts for a whole visit, not for each question", async () => {
    const server = await startServer({ "/jwks": json(SET), "/slow": silence });
    const network = createNetwork({ env: {}, limits: { ...LIMITS, time: 80 } });
    const visit = network.visit(async (fetch) => {
      await fetch({ url: new URL(server.url("/jwks")) });
      return fetch({ url: new URL(server.url("/slow")) });
    });
    expect((await refusal(visit)).code).toBe("network_timeout");
  });

  it("an endless body is cut off at the limit", async () => {
    let sent = 0;
    const server = await startServer((_, response) => {
      const chunk = Buffer.alloc(16 * 1024, " ");
      const more = () => {
        while (response.write(chunk)) sent += chunk.length;
      };
      response.on("drain", more);
      more();
    });
    expect((await refusal(get(server.url("/")))).code).toBe("network_too_large");
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  it("a body whose announced length exceeds the limit is not read", async () => {
    const server = await startServer((_, response) => {
      response.writeHead(200, { "content-length": "1000000000" });
      response.write("x");
    });
    expect((await refusal(get(server.url("/")))).code).toBe("network_too_large");
  });

  it.each([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
  ] as const)("a %s bomb", async (coding, pack) => {
    const bomb = pack(Buffer.alloc(20 * 1024 * 1024));
    const server = await startServer(body(bomb, { "content-encoding": coding }));
    const error = await refusal(get(server.url("/"), { limits: { ...LIMITS, size: 1024 * 1024 } }));
    expect(error.code).toBe("network_too_large");
  });

  it("broken compressed data", async () => {
    const server = await startServer(body("no gzip", { "content-encoding": "gzip" }));
    expect((await refusal(get(server.url("/")))).code).toBe("network_bad_content");
  });

  it("an unknown content coding", async () => {
    const server = await startServer(body("{}", { "content-encoding": "zpaq" }));
    expect((await refusal(get(server.url("/")))).code).toBe("network_bad_content");
  });

  it("a connection that breaks off in the body", async () => {
    const server = await startServer((_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("{", () => response.destroy());
    });
    expect((await refusal(get(server.url("/")))).code).toBe("network_interrupted");
  });

  it("a connection that breaks off in a compressed body", async () => {
    const packed = gzipSync(Buffer.from(Array.from({ length: 999 }, (_, i) => i * 7919).join("")));
    const server = await startServer((_, response) => {
      response.writeHead(200, { "content-length": String(packed.length), "content-encoding": "gzip" });
      response.write(packed.subarray(0, 50), () => response.destroy());
    });
    expect((await refusal(get(server.url("/")))).code).toBe("network_interrupted");
  });

  it("something that is not HTTP", async () => {
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.end("220 mail.example ESMTP\r\n");
    });
    onTestFinished(() => void server.close());
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    expect((await refusal(get(`http://127.0.0.1:${port}/`))).code).toBe("network_bad_content");
  });

  it("a header of megabytes", async () => {
    const server = await startServer(status(200, { "x-noise": "a".repeat(200_000) }));
    expect((await refusal(get(server.url("/")))).code).toBe("network_too_large");
  });

  it("nothing that listens", async () => {
    const server = await startServer(json(SET));
    await server.close();
    const error = await refusal(get(server.url("/")));
    expect(error.code).toBe("network_unreachable");
    expect(error.message).toContain("connection refused");
  });

  it("a name that does not exist", async () => {
    const lookup: NetworkOptions["lookup"] = (hostname, _, callback) =>
      callback(Object.assign(new Error(hostname), { code: "ENOTFOUND" }), []);
    const error = await refusal(get("https://no-such-host.example/jwks", { lookup }));
    expect(error.code).toBe("network_name_unknown");
    expect(error.message).toContain("no-such-host.example");
  });
});

describe("redirects", () => {
  it("are followed within the origin, three times", async () => {
    const server = await startServer({
      "/1": redirect("/2", 301),
      "/2": redirect("3", 307),
      "/3": redirect("/4#fragment", 308),
      "/4": json(SET),
    });
    expect(textOf(await get(server.url("/1")))).toBe('{"keys":[]}');
  });

  it("the fourth is refused", async () => {
    const server = await startServer({
      "/1": redirect("/2"),
      "/2": redirect("/3"),
      "/3": redirect("/4"),
      "/4": redirect("/5"),
      "/5": json(SET),
    });
    expect((await refusal(get(server.url("/1")))).code).toBe("network_too_many_redirects");
    expect(server.requests.map(({ path }) => path)).not.toContain("/5");
  });

  it("a redirect loop ends", async () => {
    const server = await startServer({ "/": redirect("/") });
    expect((await refusal(get(server.url("/")))).code).toBe("network_too_many_redirects");
    expect(server.requests).toHaveLength(4);
  });

  it("to another origin: the other server is never asked", async () => {
    const other = await startServer(json(SET));
    const server = await startServer({ "/": redirect(other.url("/jwks")) });
    const error = await refusal(get(server.url("/")));
    expect(error.code).toBe("network_redirect_refused");
    expect(error.data).toMatchObject({ location: other.url("/jwks") });
    expect(other.requests).toEqual([]);
  });

  it("downgrade from https to http: the plain server is never asked", async () => {
    const plain = await startServer(json(SET));
    const server = await startServer({ "/": redirect(plain.url("/jwks")) }, { identity: localhost });
    const error = await refusal(get(server.url("/"), { ca: authority.cert }));
    expect(error.code).toBe("network_redirect_refused");
    expect(error.message).toContain("from https to http");
    expect(plain.requests).toEqual([]);
  });

  it.each(["", "http://[bad", "file:///etc/passwd", "//evil.example/", "http://user:pw@127.0.0.1/"])(
    "to %j",
    async (location) => {
      const server = await startServer(redirect(location));
      const code = location === "" ? "network_too_many_redirects" : "network_redirect_refused";
      expect((await refusal(get(server.url("/")))).code).toBe(code);
    },
  );

  it("without a Location", async () => {
    const server = await startServer(status(302));
    expect((await refusal(get(server.url("/")))).code).toBe("network_redirect_refused");
  });
});

describe("https", () => {
  it("trusts a server whose authority is trusted", async () => {
    const server = await startServer(json(SET), { identity: localhost });
    expect(textOf(await get(server.url("/"), { ca: authority.cert }))).toBe('{"keys":[]}');
  });

  it("asks an address by its number", async () => {
    const server = await startServer(json(SET), { identity: localhost, host: "127.0.0.1" });
    expect(textOf(await get(server.url("/"), { ca: authority.cert }))).toBe('{"keys":[]}');
  });

  const yesterday = new Date(Date.now() - 86_400_000);
  const tomorrow = new Date(Date.now() + 86_400_000);
  it.each([
    [
      "an expired certificate",
      { name: "localhost", hosts: ["localhost"], issuer: authority, from: new Date(0), until: yesterday },
      "has expired",
      "clock",
    ],
    [
      "a certificate from the future",
      { name: "localhost", hosts: ["localhost"], issuer: authority, from: tomorrow },
      "is not valid yet",
      "clock",
    ],
    [
      "a certificate for another host",
      { name: "other.example", hosts: ["other.example"], issuer: authority },
      "for another host (DNS:other.example)",
      "host",
    ],
    [
      "a self-signed certificate",
      { name: "localhost", hosts: ["localhost"] },
      "self-signed",
      "NODE_EXTRA_CA_CERTS",
    ],
    [
      "a certificate of an unknown authority",
      { name: "localhost", hosts: ["localhost"], issuer: createCertificate({ name: "Nobody" }) },
      "an authority that this machine does not know",
      "NODE_EXTRA_CA_CERTS",
    ],
  ] as const)("refuses %s in plain words", async (_, options, words, hint) => {
    const server = await startServer(json(SET), { identity: createCertificate(options) });
    const error = await refusal(get(server.url("/"), { ca: authority.cert }));
    expect(error.code).toBe("network_tls");
    expect(error.message).toContain(words);
    expect(error.hints.join()).toContain(hint);
    expect(server.requests).toEqual([]);
  });

  it("says when the port does not speak TLS", async () => {
    const server = await startServer(json(SET));
    const error = await refusal(get(`https://localhost:${server.port}/`));
    expect(error.code).toBe("network_tls");
    expect(error.message).toContain("does not speak TLS");
  });

  it("NODE_TLS_REJECT_UNAUTHORIZED=0 does not turn the check off", async () => {
    const server = await startServer(json(SET), {
      identity: createCertificate({ name: "localhost", hosts: ["localhost"] }),
    });
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
    onTestFinished(() => {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
    });
    expect((await refusal(get(server.url("/")))).code).toBe("network_tls");
  });
});

describe("http to localhost", () => {
  it("reaches this machine", async () => {
    const server = await startServer(json(SET), { host: "localhost" });
    expect(textOf(await get(server.url("/")))).toBe('{"keys":[]}');
  });

  it("DNS that sends localhost elsewhere is not believed", async () => {
    const asked: string[] = [];
    const lookup: NetworkOptions["lookup"] = (hostname, options, callback) => {
      asked.push(hostname);
      if (options.all) callback(null, [{ address: "192.0.2.1", family: 4 }]);
      else callback(null, "192.0.2.1", 4);
    };
    const error = await refusal(get("http://localhost:9/", { lookup }));
    expect(error.code).toBe("network_unreachable");
    expect(error.message).toContain("this machine");
    expect(asked).toEqual(["localhost"]);
  });
});
