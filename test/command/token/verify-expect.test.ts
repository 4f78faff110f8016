import { describe, expect, it } from "vitest";
import { Cli } from "../../support/run.ts";
import { secretKey, signed } from "../../unit/token/node-jws.ts";

const SECRET = "a secret of thirty-two bytes, yes";
const CLAIMS = {
  exp: Date.UTC(2026, 2, 2) / 1000,
  azp: "my-app",
  token_use: "access",
  level: 3,
  verified: true,
  none: null,
  groups: ["staff", "admin"],
  realm_access: { roles: ["user", "auditor"] },
  "https://example.com/tenant": "t1",
  "a/b": { "c~d": 1 },
  scope: "openid read:orders  write",
  list: [{ id: 1 }, { id: 2 }],
};

async function verify(options: readonly string[], claims: object = CLAIMS) {
  const cli = new Cli();
  const token = await signed({ alg: "HS256" }, claims, secretKey(SECRET), "HS256");
  const { code, stdout } = await cli.run(["verify", token, "--secret", SECRET, "--json", ...options]);
  const report = JSON.parse(stdout) as {
    checks: readonly { name: string; status: string; code?: string; detail: string }[];
  };
  return { code, checks: report.checks.filter(({ name }) => name === "expect" || name === "scope") };
}

describe("verify --expect", () => {
  it.each([
    "azp=my-app",
    "token_use=access",
    "level:=3",
    "level:=3.0",
    "verified:=true",
    "none:=null",
    "groups=admin",
    'groups:=["staff","admin"]',
    "/realm_access/roles=auditor",
    "/realm_access/roles/0=user",
    'realm_access:={"roles":["user","auditor"]}',
    "https://example.com/tenant=t1",
    "/https:~1~1example.com~1tenant=t1",
    "/a~1b/c~0d:=1",
    "/list/1/id:=2",
    'list:={"id":1}',
    "scope=write",
    "scope=openid read:orders  write",
  ])("holds: %s", async (expectation) => {
    const { code, checks } = await verify(["--expect", expectation]);
    expect([code, checks.map(({ status }) => status)]).toEqual([0, ["pass"]]);
  });

  it.each([
    ["azp=other", "claim_mismatch"],
    ["azp=My-App", "claim_mismatch"],
    ["azp=my", "claim_mismatch"],
    ["level=3", "claim_mismatch"],
    ["level:=4", "claim_mismatch"],
    ['level:="3"', "claim_mismatch"],
    ["groups=admins", "claim_mismatch"],
    ['groups:=["admin","staff"]', "claim_mismatch"],
    ["/realm_access/roles=root", "claim_mismatch"],
    ["/realm_access/role=user", "claim_missing"],
    ["/groups/7=x", "claim_missing"],
    ["/groups/01=admin", "claim_missing"],
    ["realm_access/roles=user", "claim_missing"],
    ["nonce=x", "claim_missing"],
    ["scope=read", "claim_mismatch"],
    ["scope=", "claim_mismatch"],
    ["azp:=null", "claim_mismatch"],
  ])("does not hold: %s", async (expectation, wrong) => {
    const { code, checks } = await verify(["--expect", expectation]);
    expect([code, checks.map((check) => check.code)]).toEqual([1, [wrong]]);
  });

  it("makes a line of each, and says how to write what is no text", async () => {
    const { code, checks } = await verify([
      "--expect",
      "azp=my-app",
      "--expect",
      "level=3",
      "--expect",
      "x=y",
    ]);
    expect([code, checks.map(({ status }) => status)]).toEqual([1, ["pass", "fail", "fail"]]);
    expect(checks[1]?.detail).toBe(
      'level is 3; expected "3", which is text: for the JSON value write level:=3',
    );
  });

  it.each(["azp", "=x", "a:={", 'a:={"b":1,"b":2}'])("is refused as it is written: %s", async (text) => {
    const cli = new Cli();
    const refusal = await cli.refusal(["verify", "a.b.c", "--secret", SECRET, "--expect", text]);
    expect(refusal).toMatchObject({ code: "usage" });
  });

  it("never makes a forged token valid", async () => {
    const token = await signed({ alg: "HS256" }, CLAIMS, secretKey(`${SECRET}!`), "HS256");
    const { code } = await new Cli().run(["verify", token, "--secret", SECRET, "--expect", "azp=my-app"]);
    expect(code).toBe(1);
  });
});

describe("verify --scope", () => {
  it.each<readonly [readonly string[], object, number]>([
    [["write"], CLAIMS, 0],
    [["write", "openid"], CLAIMS, 0],
    [["write openid"], CLAIMS, 0],
    [["writ"], CLAIMS, 1],
    [["write", "delete"], CLAIMS, 1],
    [["Files.Read"], { scp: "User.Read Files.Read" }, 0],
    [["read"], { scp: ["read", "write"] }, 0],
    [["read"], { scope: ["read", "write"] }, 0],
    [["read"], { scope: 7 }, 1],
    [["read"], { scope: null }, 1],
    [["read"], {}, 1],
    // What the standard claim says counts, not its relative.
    [["read"], { scope: "write", scp: "read" }, 1],
  ])("%j of %j: exit %i", async (scopes, claims, exit) => {
    const { code, checks } = await verify(
      scopes.flatMap((scope) => ["--scope", scope]),
      claims,
    );
    expect([code, checks[0]?.code]).toEqual([exit, exit === 0 ? undefined : "scope_missing"]);
  });

  it("and --expect say the same with --lines", async () => {
    const token = await signed({ alg: "HS256" }, CLAIMS, secretKey(SECRET), "HS256");
    const asked = ["--secret", SECRET, "--expect", "azp=other", "--scope", "write", "--scope", "delete"];
    const { code, stdout } = await new Cli().run(["verify", "--lines", ...asked], { stdin: token });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      failed: [
        { check: "expect", code: "claim_mismatch" },
        { check: "scope", code: "scope_missing" },
      ],
    });
  });
});

describe("what was found elsewhere, or in another form, is told with what to write", () => {
  const GITHUB = { sub: "repo:o/r:environment:prod", ref: "refs/heads/main" };
  it.each<[what: string, claims: object, asked: readonly string[], remark: string]>([
    [
      "dots",
      { realm_access: { roles: ["admin"] } },
      ["--expect", "realm_access.roles=admin"],
      "/realm_access/roles=admin",
    ],
    ["dots and a slash", { "a/b": { c: "1" } }, ["--expect", "a/b.c=1"], "/a~1b/c=1"],
    [
      "a job with an environment",
      GITHUB,
      ["--expect", "sub=repo:o/r:ref:refs/heads/main"],
      "sub=repo:o/r:environment:prod --expect ref=refs/heads/main",
    ],
    ["permissions", { permissions: ["read:x"] }, ["--scope", "read:x"], "permissions=read:x"],
    ["roles", { roles: ["Files.Read"] }, ["--scope", "Files.Read"], "roles=Files.Read"],
    ["commas", { scope: "read,write" }, ["--scope", "read"], "scope=read,write"],
  ])("%s", async (_, claims, asked, remark) => {
    const first = await verify(asked, { exp: CLAIMS.exp, ...claims });
    expect(first.code).toBe(1);
    expect(first.checks[0]?.detail).toMatch(
      new RegExp(`write --expect '?${remark.replaceAll("/", "\\/")}'?$`),
    );
    const advised = remark.split(" --expect ").flatMap((word) => ["--expect", word]);
    expect((await verify(advised, { exp: CLAIMS.exp, ...claims })).code).toBe(0);
  });

  it("a scope with the address of its API, which Entra ID leaves out", async () => {
    const claims = { exp: CLAIMS.exp, scp: "user.read" };
    const { code, checks } = await verify(["--scope", "api://x/user.read"], claims);
    expect(code).toBe(1);
    expect(checks[0]?.detail).toMatch(/without the address of the API.*: write --scope user\.read$/);
    expect((await verify(["--scope", "user.read"], claims)).code).toBe(0);
  });

  it.each([
    [{ role: "Admin" }, "role=admin", '"Admin" differs only in upper and lower case'],
    [{ role: ["x", "Admin"] }, "role=admin", '"Admin" differs only in upper and lower case'],
    [{ token_use: "id" }, "token_use=access", "It is an ID token of Cognito: send an access token"],
    [{ token_use: "access" }, "token_use=id", "It is an access token of Cognito: send an ID token"],
  ])("%j, expected %s", async (claims, asked, remark) => {
    const { code, checks } = await verify(["--expect", asked], { exp: CLAIMS.exp, ...claims });
    expect([code, checks[0]?.detail.endsWith(`. ${remark}`)]).toEqual([1, true]);
  });

  it.each<[object, readonly string[]]>([
    [{ realm_access: { roles: ["user"] } }, ["--expect", "realm_access.roles=admin"]],
    [{ sub: "repo:o/other:environment:prod" }, ["--expect", "sub=repo:o/r:ref:refs/heads/main"]],
    [{ scope: "read,write" }, ["--scope", "delete"]],
    [{ permissions: ["read:x"] }, ["--scope", "read:x write:x"]],
    [{ scp: "user.read" }, ["--scope", "api://x/user.write"]],
  ])("is not made up: %j, %j", async (claims, asked) => {
    const { code, checks } = await verify(asked, { exp: CLAIMS.exp, ...claims });
    expect([code, checks[0]?.detail.includes("write --")]).toEqual([1, false]);
  });
});
