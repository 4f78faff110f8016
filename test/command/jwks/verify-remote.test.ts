import { generateKeyPairSync } from "node:crypto";
import { readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { beforeEach, describe, expect, it } from "vitest";
import type { Jwk } from "../../../src/core/jose/jwk.ts";
import { createJws } from "../../../src/crypto/jws.ts";
import { createNetwork } from "../../../src/runtime/network.ts";
import { createCertificate } from "../../support/certificate.ts";
import {
  type Answer,
  body,
  json,
  redirect,
  silence,
  startServer,
  status,
  type TestServer,
} from "../../support/jwks-server.ts";
import { Cli, type RunOptions } from "../../support/run.ts";

// `verify` against real servers on this machine, over http and https.

const authority = createCertificate({ name: "Test Authority" });
const localhost = createCertificate({ name: "localhost", hosts: ["localhost"], issuer: authority });
const expired = createCertificate({
  name: "localhost",
  hosts: ["localhost"],
  issuer: authority,
  from: new Date(0),
  until: new Date(86_400_000),
});

interface Pair {
  readonly kid: string;
  readonly publicJwk: Jwk;
  readonly privateJwk: Jwk;
}

function pair(kid: string): Pair {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const jwk = (key: typeof publicKey) => ({ ...key.export({ format: "jwk" }), kid }) as unknown as Jwk;
  return { kid, publicJwk: jwk(publicKey), privateJwk: jwk(privateKey) };
}

const first = pair("first");
const second = pair("second");
const setOf = (...pairs: readonly Pair[]) => ({ keys: pairs.map(({ publicJwk }) => publicJwk) });

let cli: Cli;
let token: string;
beforeEach(async () => {
  cli = new Cli();
  token = await mint(first);
});

function mint(by: Pair, claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}) {
  const now = cli.clock.now() / 1000;
  return createJws().sign({
    header: JSON.stringify({ alg: "ES256", kid: by.kid, ...header }),
    payload: Buffer.from(JSON.stringify({ sub: "alice", iat: now, exp: now + 7 * 86_400, ...claims })),
    alg: "ES256",
    key: by.privateJwk,
  });
}

const network = (limits: { time?: number } = {}) =>
  createNetwork({
    env: {},
    ca: authority.cert,
    limits: { time: 20_000, size: 1024 * 1024, redirects: 3, ...limits },
  });

const verify = (flags: readonly string[], options: RunOptions = {}, text = token) =>
  cli.run(["verify", text, ...flags], { network: network(), ...options });
const refusal = (flags: readonly string[], options: RunOptions = {}) =>
  cli.refusal(["verify", token, ...flags], { network: network(), ...options });

describe("jwtctl verify --jwks URL", () => {
  it("verifies with the keys of an http server on this machine, and says whose they are", async () => {
    const server = await startServer({ "/jwks": json(setOf(first, second)) });
    const { code, stdout, stderr } = await verify(["--jwks", server.url("/jwks")]);
    expect(code).toBe(0);
    expect(stdout).toContain(`signed by key first (ES256, ${server.url("/jwks")})`);
    expect(stderr).toBe("");
  });

  it("verifies with the keys of an https server", async () => {
    const server = await startServer({ "/jwks": json(setOf(first)) }, { identity: localhost });
    expect((await verify(["--jwks", server.url("/jwks")])).code).toBe(0);
  });

  it("follows a redirect within the origin", async () => {
    const server = await startServer({ "/": redirect("/jwks"), "/jwks": json(setOf(first)) });
    expect((await verify(["--jwks", server.url("/")])).code).toBe(0);
  });

  it("refuses a token whose kid is not there: exit 3", async () => {
    const server = await startServer({ "/jwks": json(setOf(second)) });
    const { code, stdout } = await verify(["--jwks", server.url("/jwks"), "--json"]);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ valid: false, diagnosis: [{ cause: "key_unknown" }] });
  });

  it("refuses a forged token: exit 1", async () => {
    const server = await startServer({
      "/jwks": json(setOf({ ...first, publicJwk: { ...second.publicJwk, kid: "first" } })),
    });
    expect((await verify(["--jwks", server.url("/jwks")])).code).toBe(1);
  });

  it("warns on stderr of a private key that is published; stdout stays one JSON document", async () => {
    const server = await startServer({ "/jwks": json({ keys: [first.privateJwk] }) });
    const { code, stdout, stderr } = await verify(["--jwks", server.url("/jwks"), "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ valid: true });
    expect(stderr).toContain("gives out the private half of the key");
    expect(stdout + stderr).not.toContain(first.privateJwk.d);
  });
});

describe("every way a server can fail has its own code, and exits with 7", () => {
  const html = body("<!doctype html><title>Sign in</title>");
  const bomb = body(gzipSync(Buffer.alloc(8 * 1024 * 1024, " ")), { "content-encoding": "gzip" });
  it.each<[string, Answer]>([
    ["network_bad_status", status(404)],
    ["network_bad_status", status(500)],
    ["network_bad_content", html],
    ["network_bad_content", json({ hello: "world" })],
    ["network_bad_content", json({ keys: [] })],
    ["network_too_large", body(" ".repeat(1024 * 1024 + 1))],
    ["network_too_large", bomb],
    ["network_too_many_redirects", redirect("/jwks")],
    ["network_redirect_refused", redirect("http://localhost:1/jwks")],
    ["network_interrupted", (_, response) => void response.destroy()],
  ])("%s", async (code, answer) => {
    const server = await startServer({ "/jwks": answer });
    const refused = await refusal(["--jwks", server.url("/jwks")]);
    expect(refused).toMatchObject({ exit: 7, code, stdout: "" });
    expect(refused.hints.length).toBeGreaterThan(0);
  });

  it("network_timeout: a slow server", async () => {
    const server = await startServer(silence);
    const options = { network: network({ time: 50 }) };
    expect(await refusal(["--jwks", server.url("/")], options)).toMatchObject({
      exit: 7,
      code: "network_timeout",
    });
  });

  it("network_unreachable: nothing listens", async () => {
    const server = await startServer(silence);
    await server.close();
    expect(await refusal(["--jwks", server.url("/")])).toMatchObject({
      exit: 7,
      code: "network_unreachable",
    });
  });

  it("network_name_unknown: no such host", async () => {
    const unknown = createNetwork({
      env: {},
      lookup: (host, _, callback) => callback(Object.assign(new Error(host), { code: "ENOTFOUND" }), []),
    });
    expect(await refusal(["--jwks", "https://nowhere.example/"], { network: unknown })).toMatchObject({
      exit: 7,
      code: "network_name_unknown",
    });
  });

  it("network_tls: an expired certificate", async () => {
    const server = await startServer(json(setOf(first)), { identity: expired });
    const refused = await refusal(["--jwks", server.url("/")]);
    expect(refused).toMatchObject({ exit: 7, code: "network_tls" });
    expect(refused.message).toContain("has expired");
  });

  it("network_redirect_refused: https to http", async () => {
    const server = await startServer(redirect("http://localhost/jwks"), { identity: localhost });
    expect(await refusal(["--jwks", server.url("/")])).toMatchObject({
      exit: 7,
      code: "network_redirect_refused",
    });
  });

  it("what a server says reaches the terminal escaped: an escape sequence in its redirect and in its issuer", async () => {
    const osc = "https://evil.example/\u001b]52;c;AAAA\u0007";
    const server: TestServer = await startServer({
      "/jwks": redirect("https://evil.example/%1b]0;x%07\u009b"),
      "/.well-known/openid-configuration": json({ issuer: osc, jwks_uri: "https://x.example/" }),
    });
    for (const flags of [
      ["--jwks", server.url("/jwks")],
      ["--issuer-url", server.origin],
    ]) {
      const { code, stderr } = await verify(flags, { terminal: true });
      expect(code).toBe(7);
      expect(stderr).not.toMatch(/[\u0007\u009b]|\u001b\]/);
    }
  });
});

describe("addresses that are not fetched: exit 2, before anything is asked", () => {
  it.each([
    ["http to another machine", ["--jwks", "http://auth.example.com/jwks"]],
    ["a file as a URL", ["--jwks", "file:///etc/passwd"]],
    ["an address with a password", ["--jwks", "https://me:hunter2@auth.example.com/jwks"]],
    ["an issuer over http", ["--issuer-url", "http://auth.example.com"]],
    ["an issuer that is no URL", ["--issuer-url", "auth.example.com"]],
  ])("%s", async (_, flags) => {
    const refused = await refusal(flags);
    expect(refused).toMatchObject({ exit: 2, code: "url_refused", stdout: "" });
    expect(JSON.stringify(refused)).not.toContain("hunter2");
  });

  it("--refresh-jwks needs something to refresh", async () => {
    const file = cli.file("jwks.json", JSON.stringify(setOf(first)));
    expect(await refusal(["--jwks", file, "--refresh-jwks"])).toMatchObject({ exit: 2, code: "usage" });
  });
});

describe("jwtctl verify --issuer-url", () => {
  async function issuer(path = ""): Promise<TestServer> {
    const server: TestServer = await startServer((request, response) => {
      const documents: Record<string, unknown> = {
        [`${path}/.well-known/openid-configuration`]: {
          issuer: server.url(path),
          jwks_uri: server.url("/jwks"),
        },
        "/jwks": setOf(first),
      };
      json(documents[request.url ?? ""])(request, response);
    });
    return server;
  }

  it("finds the keys, and demands that the token is from this issuer", async () => {
    const server = await issuer("/tenant");
    const url = server.url("/tenant");
    const good = await verify(["--issuer-url", url], {}, await mint(first, { iss: url }));
    expect(good.code).toBe(0);
    expect(good.stdout).toMatch(/checked.*\biss\b/);
    const other = await verify(["--issuer-url", url, "--json"], {}, await mint(first, { iss: `${url}/` }));
    expect(other.code).toBe(1);
    expect(JSON.parse(other.stdout)).toMatchObject({ diagnosis: [{ cause: "issuer_spelling" }] });
    expect((await verify(["--issuer-url", url])).code).toBe(1);
  });

  it("does not believe metadata that name another issuer", async () => {
    const server = await startServer(
      json({ issuer: "https://evil.example", jwks_uri: "https://evil.example/jwks" }),
    );
    expect(await refusal(["--issuer-url", server.origin])).toMatchObject({
      exit: 7,
      code: "issuer_document_mismatch",
    });
    expect(server.requests).toHaveLength(1);
  });

  it("does not fetch keys from an address that may not be fetched", async () => {
    const server: TestServer = await startServer((request, response) =>
      json({ issuer: server.origin, jwks_uri: "http://192.168.1.1/jwks" })(request, response),
    );
    expect(await refusal(["--issuer-url", server.origin])).toMatchObject({
      exit: 7,
      code: "jwks_uri_refused",
    });
  });
});

describe("nothing in a token is fetched", () => {
  it("SSRF through jku, x5u and iss: the server they name is never asked, with any kind of key", async () => {
    const trap = await startServer(json(setOf(second)));
    const keys = await startServer(json(setOf(first)));
    const lure = { jku: trap.url("/jwks"), x5u: trap.url("/cert"), kid: "first" };
    const text = await mint(second, { iss: trap.origin, aud: trap.origin }, lure);
    const file = cli.file("jwks.json", JSON.stringify(setOf(first)));
    for (const flags of [
      ["--jwks", file],
      ["--jwks", keys.url("/")],
      ["--secret", "env:SECRET"],
      ["--key", file],
    ]) {
      const { code } = await verify(
        flags,
        { env: { SECRET: "a secret that is long enough for HS256" } },
        text,
      );
      expect(code).toBe(1);
    }
    expect((await cli.run(["decode", text], { network: network() })).code).toBe(0);
    expect(trap.requests).toEqual([]);
  });

  it("without --jwks URL or --issuer-url the network is not even opened", async () => {
    const file = cli.file("jwks.json", JSON.stringify(setOf(first)));
    const opened: string[] = [];
    const watched = {
      visit: () => {
        opened.push("visit");
        throw new Error("opened");
      },
    };
    expect((await verify(["--jwks", file], { network: watched })).code).toBe(0);
    expect(opened).toEqual([]);
  });
});

describe("the cache", () => {
  it("spares the second question, and is renewed with --refresh-jwks", async () => {
    const server = await startServer(json(setOf(first), { "cache-control": "max-age=600" }));
    const flags = ["--jwks", server.url("/")];
    for (const more of [[], [], ["--refresh-jwks"]]) expect((await verify([...flags, ...more])).code).toBe(0);
    expect(server.requests).toHaveLength(2);
  });

  it("is where JWTCTL_CACHE_DIR says", async () => {
    const server = await startServer(json(setOf(first)));
    await verify(["--jwks", server.url("/")], { env: { JWTCTL_CACHE_DIR: cli.path("elsewhere") } });
    expect(readdirSync(cli.path("elsewhere"))).toHaveLength(1);
  });

  it("a key rotated under the cache is found by its kid", async () => {
    let set = setOf(first);
    const server = await startServer((request, response) =>
      json(set, { "cache-control": "max-age=86400" })(request, response),
    );
    const flags = ["--jwks", server.url("/")];
    expect((await verify(flags)).code).toBe(0);
    set = setOf(second, first);
    cli.clock.advance(60);
    expect((await verify(flags, {}, await mint(second))).code).toBe(0);
    expect(server.requests).toHaveLength(2);
  });

  it("garbage kids do not hammer the server", async () => {
    const server = await startServer(json(setOf(first)));
    const flags = ["--jwks", server.url("/")];
    await verify(flags);
    for (let index = 0; index < 20; index++) {
      cli.clock.advance(1);
      const { code } = await verify(flags, {}, await mint(second, {}, { kid: `garbage-${index}` }));
      expect(code).toBe(3);
    }
    expect(server.requests).toHaveLength(1);
    const { stderr } = await verify(flags, {}, await mint(second));
    expect(stderr).toContain("at most every 30 seconds");
  });

  it("stands in while the server is away, and says how old it is", async () => {
    const server = await startServer(json(setOf(first)));
    const flags = ["--jwks", server.url("/")];
    await verify(flags);
    await server.close();
    cli.clock.advance(3 * 3600);
    const { code, stderr } = await verify(flags);
    expect(code).toBe(0);
    expect(stderr).toContain("connection refused");
    expect(stderr).toContain("the JWKS from the cache is used, fetched 3 hours ago");
    cli.clock.advance(24 * 3600);
    const refused = await refusal(flags);
    expect(refused).toMatchObject({ exit: 7, code: "network_unreachable" });
    expect(refused.hints.join()).toContain("The cached JWKS was fetched 1 day 3 hours ago");
  });

  it("a corrupt file is written anew", async () => {
    const server = await startServer(json(setOf(first)));
    const flags = ["--jwks", server.url("/")];
    await verify(flags);
    const [name = ""] = readdirSync(cli.path("cache"));
    cli.file(`cache/${name}`, "garbage");
    expect((await verify(flags)).code).toBe(0);
    expect(cli.read(`cache/${name}`)).toContain("first");
  });

  it("holds no private member of what was published", async () => {
    const server = await startServer(json({ keys: [first.privateJwk] }));
    await verify(["--jwks", server.url("/")]);
    const [name = ""] = readdirSync(cli.path("cache"));
    expect(cli.read(`cache/${name}`)).not.toContain(first.privateJwk.d);
  });
});

describe("a signature that does not fit the key in the cache", () => {
  // A server that makes new keys at every start, under the same kid.
  const renewed: Pair = { ...second, kid: "first", publicJwk: { ...second.publicJwk, kid: "first" } };

  it("has the server asked once more before the token is blamed", async () => {
    const answers = [setOf(first), setOf(renewed)];
    const server = await startServer({
      "/jwks": (request, response) => json(answers.shift() ?? setOf(renewed))(request, response),
    });
    const flags = ["--jwks", server.url("/jwks")];
    expect((await verify(flags)).code).toBe(0);
    cli.clock.advance(2);
    const { code, stderr } = await verify(flags, {}, await mint(renewed));
    expect([code, stderr]).toEqual([0, ""]);
  });

  it("asks at most every 30 seconds for that reason, and says so", async () => {
    let questions = 0;
    const server = await startServer({
      "/jwks": (request, response) => {
        questions++;
        json(setOf(first))(request, response);
      },
    });
    const flags = ["--jwks", server.url("/jwks")];
    expect((await verify(flags)).code).toBe(0);
    expect((await verify(flags, {}, await mint(renewed))).code).toBe(1);
    expect(questions).toBe(2);
    cli.clock.advance(10);
    const { code, stderr } = await verify(flags, {}, await mint(renewed));
    expect(questions).toBe(2);
    cli.clock.advance(21);
    expect((await verify(flags, {}, await mint(renewed))).code).toBe(1);
    expect(questions).toBe(3);
    expect(code).toBe(1);
    expect(stderr).toContain("the signature doesn't match the key in the cached JWKS");
    expect(stderr).toContain("--refresh-jwks");
  });
});
