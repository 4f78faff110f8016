import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { Cli } from "../../support/run.ts";
import { ecKey, rsaKey, secretKey, signed } from "../../unit/token/node-jws.ts";

const SECRET = "a secret of thirty-two bytes, yes";
const KEY = secretKey(SECRET);
const NOW = Date.UTC(2026, 2, 1, 12) / 1000;

interface Outcome {
  readonly code: number;
  /** `name: code` of each check that failed. */
  readonly failed: readonly string[];
  readonly statusOf: (name: string) => string | undefined;
  readonly detailOf: (name: string) => string | undefined;
}

async function run(token: string, options: readonly string[]): Promise<Outcome> {
  const cli = new Cli();
  const { code, stdout } = await cli.run(["verify", token, "--json", "--no-diagnose", ...options]);
  const { checks } = JSON.parse(stdout) as {
    checks: readonly { name: string; status: string; code?: string; detail: string }[];
  };
  return {
    code,
    failed: checks.filter(({ status }) => status === "fail").map((check) => `${check.name}: ${check.code}`),
    statusOf: (name) => checks.find((check) => check.name === name)?.status,
    detailOf: (name) => checks.find((check) => check.name === name)?.detail,
  };
}

const half = (hash: string, text: string) => {
  const digest = createHash(hash).update(text).digest();
  return digest.subarray(0, digest.length / 2).toString("base64url");
};

describe("verify --as id-token", () => {
  const CLAIMS = {
    ...{ iss: "https://idp.example", sub: "u", aud: "my-app", iat: NOW - 60, exp: NOW + 600 },
    ...{ nonce: "n-1", auth_time: NOW - 300, at_hash: half("sha256", "opaque-token") },
    c_hash: half("sha256", "a-code"),
  };
  const verify = async (claims: object, options: readonly string[] = [], header: object = {}) => {
    const token = await signed(
      { alg: "HS256", typ: "JWT", ...header },
      { ...CLAIMS, ...claims },
      KEY,
      "HS256",
    );
    return run(token, ["--secret", SECRET, "--as", "id-token", "--client-id", "my-app", ...options]);
  };
  const ALL = [
    ...["--nonce", "n-1", "--access-token", "opaque-token", "--code", "a-code"],
    ...["--max-age", "10m", "--iss", "https://idp.example"],
  ];

  it("a good one passes every check, one line each", async () => {
    const { code, failed, statusOf } = await verify({}, ALL);
    expect([code, failed]).toEqual([0, []]);
    for (const name of ["aud", "nonce", "at_hash", "c_hash", "auth_time", "kind"]) {
      expect(statusOf(name), name).toBe("pass");
    }
  });

  it("says what was not asked instead of passing it", async () => {
    const { code, statusOf } = await verify({});
    expect(code).toBe(0);
    for (const name of ["nonce", "at_hash", "c_hash", "auth_time"]) expect(statusOf(name)).toBe("skip");
  });

  it.each<[string, object, readonly string[], number]>([
    ["of another client", { aud: "other" }, ["aud: audience_mismatch"], 1],
    ["of several audiences, without azp", { aud: ["my-app", "b"] }, ["azp: client_mismatch"], 1],
    ["issued to another client", { aud: ["my-app", "b"], azp: "b" }, ["azp: client_mismatch"], 1],
    ["azp of the wrong type", { azp: 7 }, ["azp: client_mismatch"], 1],
    ["another nonce", { nonce: "n-2" }, ["nonce: nonce_mismatch"], 1],
    ["no nonce", { nonce: undefined }, ["nonce: nonce_mismatch"], 1],
    ["nonce of the wrong type", { nonce: 1 }, ["nonce: nonce_mismatch"], 1],
    ["another access token", { at_hash: half("sha256", "other") }, ["at_hash: token_hash_mismatch"], 1],
    [
      "the whole hash",
      { at_hash: createHash("sha256").update("opaque-token").digest("base64url") },
      ["at_hash: token_hash_mismatch"],
      1,
    ],
    ["no at_hash", { at_hash: undefined }, ["at_hash: claim_missing"], 1],
    ["another code", { c_hash: half("sha256", "other") }, ["c_hash: token_hash_mismatch"], 1],
    ["an old login", { auth_time: NOW - 3600 }, ["auth_time: login_too_old"], 4],
    ["no auth_time", { auth_time: undefined }, ["auth_time: claim_missing"], 1],
    ["auth_time as text", { auth_time: "now" }, ["auth_time: claim_missing"], 1],
    ["no sub", { sub: undefined }, ["kind: claim_missing"], 1],
    ["no exp", { exp: undefined }, ["kind: claim_missing"], 1],
    ["an access token of Cognito", { token_use: "access" }, ["kind: type_mismatch"], 1],
    ["an access token of Keycloak", { typ: "Bearer" }, ["kind: type_mismatch"], 1],
  ])("refuses: %s", async (_, claims, failed, exit) => {
    expect(await verify(claims, ALL)).toMatchObject({ code: exit, failed });
  });

  const digestOf = (text: string) => createHash("sha256").update(text).digest();

  it.each(["hex", "base64url"] as const)(
    "a nonce that is the %s of the one given, as Apple's",
    async (form) => {
      const nonce = digestOf("n-1").toString(form);
      const { code, failed, detailOf } = await verify({ nonce }, ["--nonce", "n-1"]);
      expect([code, failed]).toEqual([1, ["nonce: nonce_mismatch"]]);
      expect(detailOf("nonce")).toContain(
        `the SHA-256 hash of that, in ${form === "hex" ? "hexadecimal" : form}`,
      );
      expect(detailOf("nonce")).toMatch(new RegExp(`--nonce ${nonce}$`));
      expect((await verify({ nonce }, ["--nonce", nonce])).failed).toEqual([]);
    },
  );

  it.each([
    ["at_hash", "opaque-token", "hex", 32, "whole hash of the access token given (sha-256) in hexadecimal"],
    [
      "at_hash",
      "opaque-token",
      "hex",
      16,
      "left half of the hash of the access token given (sha-256) in hex",
    ],
    [
      "at_hash",
      "opaque-token",
      "base64url",
      32,
      "whole hash of the access token given (sha-256) in base64url",
    ],
    [
      "c_hash",
      "a-code",
      "base64url",
      32,
      "whole hash of the authorization code given (sha-256) in base64url",
    ],
    ["c_hash", "a-code", "hex", 16, "left half of the hash of the authorization code given (sha-256) in hex"],
    [
      "c_hash",
      "a-code",
      "base64",
      16,
      "left half of the hash of the authorization code given (sha-256) in base64url with",
    ],
  ] as const)("%s of %s in %s, %d bytes, is called that", async (name, value, form, bytes, said) => {
    const hash = digestOf(value).subarray(0, bytes).toString(form).replace("+", "-").replace("/", "_");
    const { failed, detailOf } = await verify({ [name]: hash }, ALL);
    expect(failed).toEqual([`${name}: token_hash_mismatch`]);
    expect(detailOf(name)).toContain(said);
    expect(detailOf(name)).toMatch(new RegExp(`write ${half("sha256", value)}$`));
  });

  it("another hash in hexadecimal explains nothing", async () => {
    const hash = digestOf("other").toString("hex");
    const { detailOf } = await verify({ at_hash: hash, nonce: hash }, ALL);
    expect(detailOf("at_hash")).toBe("is not the hash of the access token given (sha-256)");
    expect(detailOf("nonce")).toMatch(/expected "n-1"$/);
  });

  it("refuses an access token, whose typ says so", async () => {
    const { failed } = await verify({}, ALL, { typ: "at+jwt" });
    expect(failed).toContain("kind: type_mismatch");
  });

  it("takes the hash of the token's own algorithm", async () => {
    const key = ecKey();
    const claims = { ...CLAIMS, at_hash: half("sha256", "opaque-token") };
    const token = await signed({ alg: "ES256" }, claims, key, "ES256");
    const file = new Cli().file("key.json", JSON.stringify({ ...key, d: undefined }));
    const asked = ["--key", file, "--as", "id-token", "--client-id", "my-app"];
    expect((await run(token, [...asked, "--access-token", "Bearer opaque-token"])).failed).toEqual([]);
  });
});

describe("verify --as dpop", () => {
  const key = ecKey();
  const { d: _, ...jwk } = key;
  const { crv, kty, x, y } = jwk;
  const jkt = createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url");
  const HEADER = { alg: "ES256", typ: "dpop+jwt", jwk };
  const REQUEST = [
    "--as",
    "dpop",
    "--method",
    "POST",
    "--url",
    "https://API.example.com:443/orders?page=2#x",
  ];
  const sha = (text: string) => createHash("sha256").update(text).digest("base64url");
  const access = (cnf: object | undefined) =>
    signed({ alg: "HS256", typ: "at+jwt" }, { sub: "u", cnf }, KEY, "HS256");
  const verify = async (claims: object, options: readonly string[] = [], header: object = {}, by = key) => {
    const said = { jti: "1", htm: "POST", htu: "https://api.example.com/orders", iat: NOW - 5, ...claims };
    return run(await signed({ ...HEADER, ...header }, said, by, "ES256"), [...REQUEST, ...options]);
  };

  it("a good one is verified with the key in its header, and with no other", async () => {
    const token = await access({ jkt });
    const { code, failed, statusOf } = await verify({ ath: sha(token) }, ["--access-token", token]);
    expect([code, failed]).toEqual([0, []]);
    for (const name of ["signature", "proof_key", "htm", "htu", "proof_age", "ath", "jkt"]) {
      expect(statusOf(name), name).toBe("pass");
    }
    expect([statusOf("header_keys"), statusOf("exp")]).toEqual(["pass", "skip"]);
  });

  it.each<[string, object, string, number, object?]>([
    ["another method", { htm: "GET" }, "htm: request_mismatch", 1],
    ["the method in lower case", { htm: "post" }, "htm: request_mismatch", 1],
    ["another path", { htu: "https://api.example.com/users" }, "htu: request_mismatch", 1],
    ["another port", { htu: "https://api.example.com:8443/orders" }, "htu: request_mismatch", 1],
    ["http", { htu: "http://api.example.com/orders" }, "htu: request_mismatch", 1],
    ["no address", { htu: "orders" }, "htu: request_mismatch", 1],
    ["an old one", { iat: NOW - 3600 }, "proof_age: proof_too_old", 4],
    ["one from the future", { iat: NOW + 3600 }, "iat: token_issued_in_future", 4],
    ["no jti", { jti: undefined }, "kind: claim_missing", 1],
    ["another typ", {}, "kind: type_mismatch", 1, { typ: "JWT" }],
    ["its private key in the header", {}, "proof_key: proof_key_invalid", 1, { jwk: key }],
    ["no key", {}, "proof_key: proof_key_invalid", 1, { jwk: undefined }],
    ["a secret for a key", {}, "proof_key: proof_key_invalid", 1, { jwk: { kty: "oct", k: "AAAA" } }],
  ])("refuses: %s", async (_, claims, expected, exit, header) => {
    const { code, failed } = await verify(claims, [], header);
    expect(failed).toContain(expected);
    expect([exit, 1, 3]).toContain(code);
  });

  it.each(["PS256", "RS512"] as const)("takes %s with an RSA key, whose holder chose both", async (alg) => {
    const by = rsaKey();
    const { kty: type, n, e } = by;
    const said = { jti: "1", htm: "POST", htu: "https://api.example.com/orders", iat: NOW - 5 };
    const header = { alg, typ: "dpop+jwt", jwk: { kty: type, n, e } };
    expect((await run(await signed(header, said, by, alg), REQUEST)).failed).toEqual([]);
    const named = { ...header, jwk: { kty: type, n, e, alg: "RS256" } };
    expect((await run(await signed(named, said, by, alg), REQUEST)).failed).toContain(
      "algorithm: algorithm_not_allowed",
    );
  });

  it("attack: the key of somebody else in the header is refused", async () => {
    expect((await verify({}, [], {}, ecKey())).failed).toContain("signature: signature_invalid");
  });

  it("attack: a proof for another access token, or with a token of another key, is refused", async () => {
    const [own, foreign, unbound] = [
      await access({ jkt }),
      await access({ jkt: sha("x") }),
      await access(undefined),
    ];
    expect((await verify({ ath: sha("other") }, ["--access-token", own])).failed).toEqual([
      "ath: token_hash_mismatch",
    ]);
    expect((await verify({}, ["--access-token", own])).failed).toEqual(["ath: claim_missing"]);
    for (const token of [foreign, unbound]) {
      const { failed } = await verify({ ath: sha(token) }, ["--access-token", token]);
      expect(failed).toEqual(["jkt: key_binding_mismatch"]);
    }
    const opaque = await verify({ ath: sha("opaque") }, ["--access-token", "opaque"]);
    expect([opaque.code, opaque.statusOf("jkt")]).toEqual([0, "skip"]);
  });

  it.each(["hex", "base64"] as const)("ath in %s is called that", async (form) => {
    // Its hash has both characters in which the two alphabets of base64 differ.
    const opaque = "opaque-2";
    const ath = createHash("sha256").update(opaque).digest(form);
    const { code, failed, detailOf } = await verify({ ath }, ["--access-token", opaque]);
    expect([code, failed]).toEqual([1, ["ath: token_hash_mismatch"]]);
    const name = form === "hex" ? "hexadecimal" : "standard base64";
    expect(detailOf("ath")).toContain(`the hash of the access token given in ${name},`);
    expect(detailOf("ath")).toMatch(new RegExp(`write ${sha(opaque)}$`));
  });

  it("--nonce is the one that the server gave out; --max-age says how old a proof may be", async () => {
    expect((await verify({ nonce: "s" }, ["--nonce", "s"])).code).toBe(0);
    expect((await verify({ nonce: "s" }, ["--nonce", "t"])).failed).toEqual(["nonce: nonce_mismatch"]);
    expect((await verify({}, ["--max-age", "2s"])).failed).toEqual(["proof_age: proof_too_old"]);
  });

  it("takes an escaped spelling of the same address", async () => {
    expect((await verify({ htu: "https://api.example.com/%6frders" })).failed).toEqual([]);
  });
});

describe("verify --as logout-token", () => {
  const events = { "http://schemas.openid.net/event/backchannel-logout": {} };
  const CLAIMS = { iss: "https://i", aud: "my-app", iat: NOW, exp: NOW + 60, jti: "1", sid: "s", events };
  const verify = async (claims: object, header: object = { typ: "logout+jwt" }) => {
    const token = await signed({ alg: "HS256", ...header }, { ...CLAIMS, ...claims }, KEY, "HS256");
    return run(token, ["--secret", SECRET, "--as", "logout-token", "--client-id", "my-app"]);
  };

  it.each<[string, object, readonly string[]]>([
    ["a good one", {}, []],
    ["with sub in place of sid", { sid: undefined, sub: "u" }, []],
    ["with neither", { sid: undefined }, ["kind: claim_missing"]],
    ["with a nonce", { nonce: "n" }, ["kind: claim_invalid"]],
    ["with another event", { events: { x: {} } }, ["kind: claim_invalid"]],
    ["of another client", { aud: "b" }, ["aud: audience_mismatch"]],
    ["without jti", { jti: undefined }, ["kind: claim_missing"]],
  ])("%s", async (_, claims, failed) => {
    expect((await verify(claims)).failed).toEqual(failed);
  });

  it("takes one whose typ says nothing: its events say what it is", async () => {
    expect((await verify({}, { typ: "JWT" })).failed).toEqual([]);
  });

  it("refuses an ID token: its typ is no logout token's", async () => {
    expect((await verify({ events: undefined, nonce: "n" }, { typ: "JWT" })).code).toBe(1);
  });
});

describe("verify --as client-assertion", () => {
  const CLAIMS = { iss: "my-app", sub: "my-app", aud: "https://as", exp: NOW + 60, iat: NOW, jti: "1" };
  const verify = async (claims: object, ...options: string[]) => {
    const token = await signed({ alg: "HS256", typ: "JWT" }, { ...CLAIMS, ...claims }, KEY, "HS256");
    return run(token, ["--secret", SECRET, "--as", "client-assertion", "--client-id", "my-app", ...options]);
  };

  it.each<[string, object, readonly string[]]>([
    ["a good one", {}, []],
    ["of another client", { iss: "b", sub: "b" }, ["client: client_mismatch"]],
    ["about a user", { sub: "u" }, ["kind: claim_invalid", "client: client_mismatch"]],
    ["without exp", { exp: undefined }, ["kind: claim_missing"]],
  ])("%s", async (_, claims, failed) => {
    expect((await verify(claims)).failed).toEqual(failed);
  });

  it("is for the server that --aud names", async () => {
    expect((await verify({}, "--aud", "https://other")).failed).toEqual(["aud: audience_mismatch"]);
  });
});

describe("options that belong to a kind", () => {
  it.each([
    [["--as", "id-token"], "--as id-token needs --client-id"],
    [["--as", "client-assertion"], "--as client-assertion needs --client-id"],
    [["--as", "dpop", "--method", "GET"], "--as dpop needs --url"],
    [["--nonce", "n"], "--nonce goes only with --as id-token or --as dpop or --as dpop-proof"],
    [["--as", "access-token", "--code", "c"], "--code goes only with --as id-token"],
    [["--as", "dpop", "--method", "GET", "--url", "https://x", "--secret", "s"], "--secret and --as dpop"],
    [["--as", "id-token", "--client-id", "a", "--lines"], "--as and --lines contradict each other"],
  ])("%j: %s", async (options, message) => {
    const refusal = await new Cli().refusal(["verify", ...options], { stdin: "a.b.c" });
    expect(refusal).toMatchObject({ code: "usage", message: expect.stringContaining(message) });
  });

  it("--as holds a token to any kind: an access token without its claims is none", async () => {
    const token = await signed({ alg: "HS256", typ: "at+jwt" }, { sub: "u", exp: NOW + 60 }, KEY, "HS256");
    const { code, failed } = await run(token, ["--secret", SECRET, "--as", "access-token"]);
    expect([code, new Set(failed)]).toEqual([1, new Set(["kind: claim_missing"])]);
  });
});
