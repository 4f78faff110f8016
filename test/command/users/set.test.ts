import { describe, expect, it } from "vitest";
import { Cli } from "../../support/run.ts";

const PASSWORD = "seven green kettles hum";

/** A store with alice, who has two claims. */
async function authority(): Promise<Cli> {
  const cli = new Cli();
  await cli.ok("init --no-passphrase");
  await cli.ok("users add alice --claim role=reader --claim level:=3 --password-stdin", { stdin: PASSWORD });
  return cli;
}

const claimsOf = async (cli: Cli) => (await cli.json<{ claims: unknown }>("users show alice")).claims;

describe("users set", () => {
  it("changes, adds and removes claims in one step, and what is changed keeps its place", async () => {
    const cli = await authority();
    const words = "users set ALICE --claim team:=[1] --claim role=admin --remove-claim level --json";
    const changed = { name: "alice", changed: true, claims: { role: "admin", team: [1] } };
    const { stdout } = await cli.run(words);
    expect(JSON.parse(stdout)).toEqual(changed);
    expect(Object.keys(JSON.parse(stdout).claims)).toEqual(["role", "team"]);
    expect(await claimsOf(cli)).toEqual(changed.claims);
  });

  it("changes the next access token, and ends no login", async () => {
    const cli = await authority();
    const first = await cli.json<{ refresh_token: string }>("login alice --password-stdin --no-save", {
      stdin: PASSWORD,
    });
    await cli.ok("users set alice --claim role=admin");
    const next = await cli.json<{ access_token: string }>("refresh -", { stdin: first.refresh_token });
    const { payload } = await cli.json<{ payload: object }>("decode -", { stdin: next.access_token });
    expect(payload).toMatchObject({ role: "admin", level: 3 });
    expect(await cli.json("users show alice")).toMatchObject({ active_sessions: 1 });
  });

  it("is told in the audit log with the names of the claims, not their values; no change is no entry", async () => {
    const cli = await authority();
    await cli.ok("users set alice --claim role=admin-of-everything --remove-claim level");
    const again = await cli.json("users set alice --claim role=admin-of-everything");
    expect(again).toMatchObject({ changed: false, claims: { role: "admin-of-everything" } });
    const entries = await cli.json<object[]>("audit --type user_changed");
    expect(entries).toMatchObject([{ user: "alice", details: { set: ["role"], removed: ["level"] } }]);
    expect(JSON.stringify(entries)).not.toContain("admin-of-everything");
  });

  it("tells a person the claims as they are now", async () => {
    const cli = await authority();
    const told = async (words: string) => (await cli.run(words)).stdout;
    expect(await told("users set alice --claim role=admin")).toBe(
      'changed alice, from the next access token on\n\n  claims  role = "admin"\n          level = 3\n',
    );
    expect(await told("users set alice --claim role=admin")).toContain(
      "alice has these claims already; nothing was changed\n",
    );
    expect(await told("users set alice --remove-claim role --remove-claim level")).toContain(
      "claims  none\n",
    );
  });

  it.each([
    ["users set alice", "usage", 2],
    ["users set", "usage", 2],
    ["users set nobody --claim a=b", "user_not_found", 3],
    ["users set alice --claim sub=bob", "usage", 2],
    ["users set alice --claim exp:=1", "usage", 2],
    ["users set alice --claim role", "usage", 2],
    ["users set alice --claim level:=three", "usage", 2],
    ["users set alice --claim role=a --claim role=b", "usage", 2],
    ["users set alice --claim role=a --remove-claim role", "usage", 2],
    ["users set alice --claim role=a --remove-claim team", "usage", 2],
  ])("%s is refused (%s) and changes nothing", async (words, code, exit) => {
    const cli = await authority();
    expect(await cli.refusal(words)).toMatchObject({ code, exit, stdout: "" });
    expect(await claimsOf(cli)).toEqual({ role: "reader", level: 3 });
    expect(await cli.json("audit --type user_changed")).toEqual([]);
  });
});
