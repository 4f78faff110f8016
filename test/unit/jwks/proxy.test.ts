import { describe, expect, it } from "vitest";
import { proxyFor } from "../../../src/runtime/network/proxy.ts";
import { createNetwork } from "../../../src/runtime/network.ts";
import { createCertificate } from "../../support/certificate.ts";
import { startProxy } from "../../support/connect-proxy.ts";
import { json, startServer } from "../../support/jwks-server.ts";

const authority = createCertificate({ name: "Test Authority" });
const identity = createCertificate({ name: "issuer", hosts: ["issuer.example"], issuer: authority });

function get(url: string, env: Record<string, string>) {
  const limits = { time: 20_000, size: 1024, redirects: 3 };
  const network = createNetwork({ env, limits, ca: authority.cert });
  return network.visit((fetch) => fetch({ url: new URL(url) }));
}

describe("through a proxy", () => {
  it("the server is reached, and its certificate checked against its own name", async () => {
    const server = await startServer(json({ keys: [] }), { identity });
    const proxy = await startProxy({ to: server.port });
    const answer = await get("https://issuer.example/jwks", { HTTPS_PROXY: `http://${proxy.host}` });
    expect(answer.outcome).toBe("fetched");
    expect(proxy.asked.map(({ target }) => target)).toEqual(["issuer.example:443"]);
    expect(server.requests.map(({ path, headers }) => [path, headers.host])).toEqual([
      ["/jwks", "issuer.example"],
    ]);
  });

  it("a proxy that leads to another server is found out by the certificate", async () => {
    const server = await startServer(json({ keys: [] }), { identity });
    const proxy = await startProxy({ to: server.port });
    await expect(get("https://other.example/", { https_proxy: proxy.host })).rejects.toMatchObject({
      code: "network_tls",
    });
    expect(server.requests).toEqual([]);
  });

  it("its password is sent to it and to nobody else, and is in no message", async () => {
    const server = await startServer(json({ keys: [] }), { identity });
    const proxy = await startProxy({ to: server.port });
    await get("https://issuer.example/", { HTTPS_PROXY: `http://me:s%40crit@${proxy.host}` });
    const basic = Buffer.from("me:s@crit").toString("base64");
    expect(proxy.asked[0]?.headers["proxy-authorization"]).toBe(`Basic ${basic}`);
    expect(JSON.stringify(server.requests)).not.toContain(basic);
    const refusing = await startProxy({ refuse: 407 });
    const error = await get("https://issuer.example/", {
      HTTPS_PROXY: `http://me:s%40crit@${refusing.host}`,
    }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "network_proxy_failed" });
    expect(String(error)).toContain("407");
    expect(JSON.stringify(error) + String(error)).not.toMatch(/crit/);
  });

  it("nothing listens where the proxy should be", async () => {
    await expect(get("https://issuer.example/", { HTTPS_PROXY: "http://127.0.0.1:1" })).rejects.toMatchObject(
      {
        code: "network_proxy_failed",
      },
    );
  });
});

describe("which proxy", () => {
  const proxy = (url: string, env: Record<string, string>) => proxyFor(new URL(url), env)?.href;

  it("is what HTTPS_PROXY or ALL_PROXY names, with or without a scheme", () => {
    expect(proxy("https://a.example/", { HTTPS_PROXY: "http://p.example:8080" })).toBe(
      "http://p.example:8080/",
    );
    expect(proxy("https://a.example/", { https_proxy: "p.example:8080" })).toBe("http://p.example:8080/");
    expect(proxy("https://a.example/", { ALL_PROXY: "http://p.example" })).toBe("http://p.example/");
    expect(proxy("https://a.example/", { HTTP_PROXY: "http://p.example" })).toBeUndefined();
    expect(proxy("https://a.example/", { HTTPS_PROXY: "" })).toBeUndefined();
  });

  it("is none for this machine", () => {
    for (const host of ["localhost", "127.0.0.1", "127.8.8.8", "[::1]"]) {
      expect(proxy(`https://${host}/`, { HTTPS_PROXY: "http://p.example" })).toBeUndefined();
    }
  });

  it.each([
    ["a.example", true],
    [".example", true],
    ["*.example", true],
    ["*", true],
    ["b.example a.example:443", true],
    ["b.example, A.EXAMPLE", true],
    ["a.example:8443", false],
    ["xa.example", false],
    ["ample", false],
    ["", false],
    [",", false],
  ])("is %j in NO_PROXY: asked directly %s", (list, direct) => {
    const env = { HTTPS_PROXY: "http://p.example", NO_PROXY: list };
    expect(proxy("https://a.example/", env) === undefined).toBe(direct);
  });

  it.each(["socks5://p.example", "https://p.example", "http://", "://"])("%j is refused", (named) => {
    expect(() => proxyFor(new URL("https://a.example"), { HTTPS_PROXY: named })).toThrow(
      expect.objectContaining({ code: "network_proxy_failed" }),
    );
  });
});
