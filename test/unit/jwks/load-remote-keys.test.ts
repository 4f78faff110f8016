import { generateKeyPairSync } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { loadRemoteKeys, type RemoteSource } from "../../../src/app/jwks/load-remote-keys.ts";
import { AppError, type ErrorCode } from "../../../src/core/base/errors.ts";
import type { Jwk } from "../../../src/core/jose/jwk.ts";
import type { AnswerHeaders, FetchAnswer, FetchRequest } from "../../../src/core/remote/ports.ts";
import { createKeyTools } from "../../../src/crypto/key-tools.ts";

// The rules of loading and caching, on a network, a cache and a clock that do what the test says.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const JWKS = "https://keys.example/jwks";
const ISSUER = "https://issuer.example/tenant";
const OIDC = `${ISSUER}/.well-known/openid-configuration`;

type Reply =
  | { json: unknown; headers?: AnswerHeaders }
  | { text: string }
  | { bytes: readonly number[] }
  | { fails: ErrorCode; status?: number };

let now: number;
let site: Map<string, Reply>;
let asked: FetchRequest[];
let kept: Map<string, string>;

beforeEach(() => {
  now = Date.UTC(2026, 0, 1);
  site = new Map();
  asked = [];
  kept = new Map();
});

const ports = {
  network: {
    visit: <T>(work: (fetch: (request: FetchRequest) => Promise<FetchAnswer>) => Promise<T>) => work(answer),
  },
  cache: {
    read: async (name: string) => kept.get(name),
    write: async (name: string, entry: string) => Boolean(kept.set(name, entry)),
  },
  clock: { now: () => now },
  keyTools: createKeyTools({ bytes: (length) => new Uint8Array(length) }),
};

async function answer(request: FetchRequest): Promise<FetchAnswer> {
  asked.push(request);
  const reply = site.get(request.url.href) ?? { fails: "network_bad_status", status: 404 };
  if ("fails" in reply) {
    throw new AppError(reply.fails, `${request.url.host} failed`, {
      data: reply.status === undefined ? {} : { status: reply.status },
    });
  }
  const headers = "headers" in reply ? (reply.headers ?? {}) : {};
  if (headers.etag !== undefined && request.validators?.etag === headers.etag) {
    return { outcome: "not_modified", headers };
  }
  if ("bytes" in reply) return { outcome: "fetched", body: Uint8Array.from(reply.bytes), headers };
  const text = "text" in reply ? reply.text : JSON.stringify(reply.json);
  return { outcome: "fetched", body: new TextEncoder().encode(text), headers };
}

function load(options: { kid?: string; refresh?: boolean; source?: RemoteSource } = {}) {
  const { source = { kind: "jwks", url: JWKS }, refresh = false, kid } = options;
  return loadRemoteKeys({ source, refresh, kid }, ports);
}

const fromIssuer = (url = ISSUER) => load({ source: { kind: "issuer", url } });

function ecKey(kid: string): { publicJwk: Jwk; privateJwk: Jwk } {
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const asJwk = (key: typeof pair.privateKey) =>
    ({ ...key.export({ format: "jwk" }), kid }) as unknown as Jwk;
  return { publicJwk: asJwk(pair.publicKey), privateJwk: asJwk(pair.privateKey) };
}

const first = ecKey("first");
const second = ecKey("second");
const serve = (keys: readonly Jwk[], headers: AnswerHeaders = {}) =>
  site.set(JWKS, { json: { keys }, headers });
const kids = (loaded: { keys: readonly Jwk[] }) => loaded.keys.map(({ kid }) => kid);
const codes = (loaded: { warnings: readonly { code: string }[] }) => loaded.warnings.map(({ code }) => code);

describe("a JWKS at a URL", () => {
  it("is fetched once and then taken from the cache for its lifetime", async () => {
    serve([first.publicJwk], { "cache-control": "max-age=300" });
    expect(await load()).toMatchObject({
      from: "server",
      url: JWKS,
      issuer: undefined,
      warnings: [],
      notes: [],
    });
    now += 5 * MINUTE - 1;
    const again = await load();
    expect(again).toMatchObject({ from: "cache", checkedAt: now - (5 * MINUTE - 1) });
    expect(kids(again)).toEqual(["first"]);
    expect(asked).toHaveLength(1);
    now += 1;
    expect((await load()).from).toBe("server");
    expect(asked).toHaveLength(2);
  });

  it("is confirmed by the server through its ETag, and starts a new lifetime", async () => {
    serve([first.publicJwk], { etag: '"1"' });
    await load();
    now += HOUR;
    expect(await load()).toMatchObject({ from: "server", checkedAt: now });
    expect(asked[1]?.validators).toEqual({ etag: '"1"' });
    now += 5 * MINUTE;
    expect((await load()).from).toBe("cache");
  });

  it("is asked for with --refresh-jwks however fresh it is", async () => {
    serve([first.publicJwk]);
    await load();
    serve([second.publicJwk]);
    expect(kids(await load())).toEqual(["first"]);
    expect(kids(await load({ refresh: true }))).toEqual(["second"]);
  });

  it("is fetched again when the clock has gone back behind the cache", async () => {
    serve([first.publicJwk]);
    await load();
    now -= HOUR;
    await load();
    expect(asked).toHaveLength(2);
  });

  it.each(["", "{", "[]", "null", '{"format":"jwtctl-cache-1"}', "\u0000"])(
    "is fetched anew over a corrupt cache: %j",
    async (garbage) => {
      serve([first.publicJwk]);
      kept.set(JWKS, garbage);
      expect((await load()).from).toBe("server");
      expect((await load()).from).toBe("cache");
    },
  );

  it("is fetched anew over a cache whose body is no JWKS", async () => {
    serve([first.publicJwk]);
    await load();
    kept.set(JWKS, (kept.get(JWKS) ?? "").replace("keys", "sieve"));
    expect((await load()).from).toBe("server");
  });

  it("works with a cache that cannot be written", async () => {
    serve([first.publicJwk]);
    const cache = { read: async () => undefined, write: async () => false };
    const input = { source: { kind: "jwks" as const, url: JWKS }, refresh: false };
    expect(kids(await loadRemoteKeys(input, { ...ports, cache }))).toEqual(["first"]);
  });
});

describe("a key rotated under the cache", () => {
  it("is found: a kid that is not in the cached set makes jwtctl ask again", async () => {
    serve([first.publicJwk], { "cache-control": "max-age=86400" });
    await load({ kid: "first" });
    serve([second.publicJwk, first.publicJwk]);
    now += MINUTE;
    const loaded = await load({ kid: "second" });
    expect(kids(loaded)).toEqual(["second", "first"]);
    expect(loaded.from).toBe("server");
    expect(loaded.warnings).toEqual([]);
  });

  it("garbage kids cannot hammer the server: at most one question in 30 seconds", async () => {
    serve([first.publicJwk], { "cache-control": "max-age=86400" });
    await load();
    for (let attempt = 0; attempt < 60; attempt++) {
      now += 1000;
      const loaded = await load({ kid: `garbage-${attempt}` });
      expect(kids(loaded)).toEqual(["first"]);
    }
    expect(asked).toHaveLength(3);
    now += 1000;
    expect(codes(await load({ kid: "garbage" }))).toEqual(["jwks_asked_recently"]);
  });

  it("a question that is never answered counts too", async () => {
    serve([first.publicJwk], { "cache-control": "max-age=86400" });
    await load();
    site.set(JWKS, { fails: "network_timeout" });
    now += MINUTE;
    expect(codes(await load({ kid: "other" }))).toEqual(["jwks_not_renewed"]);
    now += 10_000;
    expect(codes(await load({ kid: "other" }))).toEqual(["jwks_asked_recently"]);
    expect(asked).toHaveLength(2);
  });

  it("a set fetched in this very run is not asked for twice", async () => {
    serve([first.publicJwk]);
    expect(codes(await load({ kid: "unknown" }))).toEqual([]);
    expect(asked).toHaveLength(1);
  });
});

describe("a server that cannot be reached", () => {
  const down: Reply[] = [
    { fails: "network_unreachable" },
    { fails: "network_name_unknown" },
    { fails: "network_timeout" },
    { fails: "network_interrupted" },
    { fails: "network_proxy_failed" },
    { fails: "network_bad_status", status: 503 },
    { fails: "network_bad_status", status: 429 },
  ];

  it.each(down)("%j: the cache stands in, and says how old it is", async (reply) => {
    serve([first.publicJwk]);
    await load();
    site.set(JWKS, reply);
    now += 3 * HOUR;
    const loaded = await load();
    expect(kids(loaded)).toEqual(["first"]);
    expect(loaded).toMatchObject({ from: "stand_in", checkedAt: now - 3 * HOUR });
    expect(loaded.warnings).toEqual([
      {
        code: "jwks_stand_in",
        message: "keys.example failed; the JWKS from the cache is used, fetched 3 hours ago",
      },
    ]);
  });

  it("the cache stands in for a day and no longer; the refusal says how old it is", async () => {
    serve([first.publicJwk]);
    await load();
    site.set(JWKS, { fails: "network_unreachable" });
    now += 24 * HOUR;
    const error = await load().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "network_unreachable" });
    expect((error as AppError).hints.join()).toContain("The cached JWKS was fetched 1 day ago");
  });

  it("the cache never stands in when the user asked for what holds now", async () => {
    serve([first.publicJwk]);
    await load();
    site.set(JWKS, { fails: "network_unreachable" });
    await expect(load({ refresh: true })).rejects.toMatchObject({ code: "network_unreachable" });
  });

  it.each([
    { fails: "network_tls" },
    { fails: "network_redirect_refused" },
    { fails: "network_too_large" },
    { fails: "network_bad_status", status: 404 },
    { text: "<html>moved</html>" },
  ] as const)("%j: a server that says something else is no reason to trust old keys", async (reply) => {
    serve([first.publicJwk]);
    await load();
    site.set(JWKS, reply);
    now += HOUR;
    await expect(load()).rejects.toMatchObject({
      code: "fails" in reply ? reply.fails : "network_bad_content",
    });
  });

  it("without a cache the failure is told as it is", async () => {
    site.set(JWKS, { fails: "network_unreachable" });
    await expect(load()).rejects.toMatchObject({ code: "network_unreachable" });
  });
});

describe("what a server gives for a JWKS", () => {
  it.each([
    ["a web page", { text: "<!doctype html>" }, "a web page"],
    ["nothing", { text: "" }, "nothing"],
    ["text", { text: "hello" }, "text that is not JSON"],
    ["a key in PEM", { text: "-----BEGIN PUBLIC KEY-----\nAAAA\n" }, "a key in PEM, not a JWKS"],
    ["bytes that are no text", { bytes: [0x7b, 0xff] }, "bytes that are no JSON"],
    ["a list", { json: [] }, 'no array "keys"'],
    ["an object without keys", { json: { sieve: [] } }, 'no array "keys"'],
    ["keys that are no list", { json: { keys: {} } }, 'no array "keys"'],
    ["the metadata of an issuer", { json: { issuer: "x", jwks_uri: "y" } }, "the metadata of an issuer"],
    ["a list of certificates", { json: { a: "-----BEGIN CERTIFICATE-----" } }, "a list of certificates"],
    ["a set without keys", { json: { keys: [] } }, "no key that verifies"],
    [
      "a set of encryption keys",
      { json: { keys: [{ ...first.publicJwk, use: "enc" }] } },
      "no key that verifies",
    ],
    ["a set of oddities", { json: { keys: [1, null, "x", {}, { kty: 7 }] } }, "no key that verifies"],
    ["a member twice", { text: '{"keys":[],"keys":[]}' }, "twice"],
  ] as const)("%s is refused", async (_, reply, words) => {
    site.set(JWKS, reply);
    await expect(load()).rejects.toMatchObject({
      code: "network_bad_content",
      message: expect.stringContaining(words),
    });
    expect([...kept.values()].join()).not.toContain("sieve");
  });

  it("a byte order mark is read over", async () => {
    site.set(JWKS, { text: `\ufeff${JSON.stringify({ keys: [first.publicJwk] })}` });
    expect(kids(await load())).toEqual(["first"]);
  });

  it("keys that cannot be used are passed over with a note", async () => {
    serve([{ kty: "EC", crv: "secp256k1", kid: "odd", x: "AA", y: "AA" }, first.publicJwk]);
    const loaded = await load();
    expect(kids(loaded)).toEqual(["first"]);
    expect(loaded.notes.join()).toContain("odd");
  });

  it("a published private key: the private members are dropped, warned about and never kept", async () => {
    serve([first.privateJwk]);
    for (const from of ["server", "cache"]) {
      const loaded = await load();
      expect(loaded.from).toBe(from);
      expect(loaded.keys).toHaveLength(1);
      expect(loaded.keys[0]).not.toHaveProperty("d");
      expect(codes(loaded)).toEqual(["private_key_published"]);
    }
    expect([...kept.values()].join()).not.toContain(first.privateJwk.d);
  });

  it("a published shared secret: it is not used, and never kept", async () => {
    const k = Buffer.from("a secret that the world can read").toString("base64url");
    serve([{ kty: "oct", k, kid: "hmac" }, first.publicJwk]);
    const loaded = await load();
    expect(kids(loaded)).toEqual(["first"]);
    expect(codes(loaded)).toEqual(["secret_published"]);
    expect([...kept.values()].join()).not.toContain(k);
  });

  it("members jwtctl does not know are neither used nor kept", async () => {
    serve([{ ...first.publicJwk, x5u: "https://evil.example/", ext: { a: "sentinel" } }]);
    const loaded = await load();
    expect(loaded.keys[0]).not.toHaveProperty("x5u");
    expect([...kept.values()].join()).not.toContain("sentinel");
  });
});

describe("discovery", () => {
  const metadata = (issuer = ISSUER, jwks_uri = JWKS) => ({ json: { issuer, jwks_uri } });

  beforeEach(() => serve([first.publicJwk]));

  it.each([
    ["OpenID Connect, appended", OIDC],
    [
      "RFC 8414, inserted before the path",
      "https://issuer.example/.well-known/oauth-authorization-server/tenant",
    ],
    ["OpenID Connect, inserted", "https://issuer.example/.well-known/openid-configuration/tenant"],
  ])("finds the metadata: %s", async (_, at) => {
    site.set(at, metadata());
    const loaded = await fromIssuer();
    expect(loaded).toMatchObject({ issuer: ISSUER, url: JWKS });
    expect(kids(loaded)).toEqual(["first"]);
  });

  it("goes on to the next address when a web application answers everything with its page", async () => {
    site.set(OIDC, { text: "<html></html>" });
    site.set("https://issuer.example/.well-known/oauth-authorization-server/tenant", metadata());
    expect((await fromIssuer()).issuer).toBe(ISSUER);
  });

  it("takes the metadata from the cache too, wherever they were found", async () => {
    site.set("https://issuer.example/.well-known/oauth-authorization-server/tenant", metadata());
    await fromIssuer();
    const questions = asked.length;
    expect((await fromIssuer()).from).toBe("cache");
    expect(asked).toHaveLength(questions);
  });

  it("stands in with both documents when nothing can be reached", async () => {
    site.set(OIDC, metadata());
    await fromIssuer();
    site.set(OIDC, { fails: "network_unreachable" });
    site.set(JWKS, { fails: "network_unreachable" });
    now += HOUR;
    const loaded = await fromIssuer();
    expect(codes(loaded)).toEqual(["jwks_stand_in", "jwks_stand_in"]);
    expect(loaded.warnings[0]?.message).toContain("issuer's metadata from the cache");
  });

  it("an issuer without metadata: the refusal lists what was tried", async () => {
    const error = await fromIssuer().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "network_bad_status" });
    expect((error as AppError).hints[0]).toContain("/.well-known/oauth-authorization-server/tenant");
    expect(asked).toHaveLength(3);
  });

  it.each([
    { fails: "network_unreachable" },
    { fails: "network_tls" },
    { fails: "network_timeout" },
    { fails: "network_redirect_refused" },
    { fails: "network_bad_status", status: 500 },
  ] as const)("%j ends the search at once", async (reply) => {
    site.set(OIDC, reply);
    await expect(fromIssuer()).rejects.toMatchObject({ code: reply.fails });
    expect(asked).toHaveLength(1);
  });

  it.each([
    ["another issuer", "https://evil.example", "--issuer-url https://evil.example"],
    ["a trailing slash more", `${ISSUER}/`, `--issuer-url ${ISSUER}/`],
    ["another case", ISSUER.toUpperCase(), "exactly so"],
    [
      "an issuer of a container network, which is not fetched",
      "http://keycloak:8080/realms/demo",
      `--jwks ${JWKS} --iss http://keycloak:8080/realms/demo`,
    ],
    ["a template for many tenants", "https://issuer.example/{tenantid}", "tenants"],
    ["what a shell would obey", "https://evil.example/$(reboot)", "Check the issuer's URL"],
  ])("metadata that name %s are not believed", async (_, issuer, hint) => {
    site.set(OIDC, metadata(issuer));
    const error = await fromIssuer().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "issuer_document_mismatch" });
    expect((error as AppError).hints.join()).toContain(hint);
    expect(asked).toHaveLength(1);
  });

  it("takes the issuer as it is typed: with its final slash", async () => {
    site.set("https://issuer.example/.well-known/openid-configuration", metadata("https://issuer.example/"));
    expect((await fromIssuer("https://issuer.example/")).issuer).toBe("https://issuer.example/");
  });

  it("lets the issuer name keys at another origin", async () => {
    site.set(OIDC, metadata(ISSUER, JWKS));
    expect((await fromIssuer()).url).toBe(JWKS);
  });

  it.each([
    ["http", "http://keys.example/jwks"],
    ["a file", "file:///etc/passwd"],
    ["a password", "https://me:hunter2@keys.example/jwks"],
    ["no URL", "/jwks"],
    ["SSRF: this machine over http", "http://127.0.0.1:8080/admin"],
    ["SSRF: this machine over https", "https://localhost/admin"],
    ["SSRF: this machine, IPv4 in IPv6", "https://[::ffff:127.0.0.1]/admin"],
    ["SSRF: the unspecified address", "https://0.0.0.0/admin"],
    ["SSRF: the unspecified address of IPv6", "https://[::]/admin"],
    ["SSRF: the unspecified address, IPv4 in IPv6", "https://[::ffff:0.0.0.0]/admin"],
    ["SSRF: a name with its final dot", "https://localhost./admin"],
    ["SSRF: a name below localhost", "https://a.localhost/admin"],
  ])("a jwks_uri that may not be fetched is not: %s", async (_, uri) => {
    site.set(OIDC, metadata(ISSUER, uri));
    const error = await fromIssuer().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "jwks_uri_refused" });
    expect(String(error)).not.toContain("hunter2");
    expect(asked).toHaveLength(1);
  });

  it("an issuer on this machine may have its keys there", async () => {
    site.set(
      "http://localhost:8080/.well-known/openid-configuration",
      metadata("http://localhost:8080", "http://127.0.0.1:8081/jwks"),
    );
    site.set("http://127.0.0.1:8081/jwks", { json: { keys: [first.publicJwk] } });
    expect((await fromIssuer("http://localhost:8080")).url).toBe("http://127.0.0.1:8081/jwks");
  });

  it.each([
    [OIDC, `Give --issuer-url ${ISSUER}`],
    ["https://issuer.example/.well-known/oauth-authorization-server/tenant", `Give --issuer-url ${ISSUER}`],
    [`${ISSUER}?x=1`, `Give --issuer-url ${ISSUER}`],
  ])("%s is not an issuer, and the hint says which one is", async (url, hint) => {
    const error = await fromIssuer(url).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "url_refused" });
    expect((error as AppError).hints).toEqual([hint]);
    expect(asked).toEqual([]);
  });

  it.each([{ json: { issuer: ISSUER } }, { json: { jwks_uri: JWKS } }, { json: [] }])(
    "%j is no metadata",
    async (reply) => {
      site.set(OIDC, reply);
      await expect(fromIssuer()).rejects.toMatchObject({ code: "network_bad_content" });
    },
  );
});
