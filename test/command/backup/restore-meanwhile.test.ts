import { describe, expect, it } from "vitest";
import { Cli } from "../../support/run.ts";

const PASSWORD = "seven green kettles hum";

/** A store with alice and bob, and a backup of it. */
async function backedUp(): Promise<{ cli: Cli; file: string }> {
  const cli = new Cli();
  await cli.ok("init --no-passphrase");
  for (const name of ["alice", "bob"]) {
    await cli.ok(`users add ${name} --password-stdin`, { stdin: PASSWORD });
  }
  const file = cli.path("backup.db");
  await cli.ok(["backup", file]);
  return { cli, file };
}

/** Restores, and lets something happen while the person is asked. */
async function restoreWhile(cli: Cli, file: string, meanwhile: () => Promise<unknown>) {
  const { code, stdout, stderr } = await cli.run(["restore", file, "--json"], {
    terminal: true,
    answers: [["Replace the store", true, meanwhile]],
  });
  expect([code, stderr]).toEqual([0, expect.anything()]);
  return { ...(JSON.parse(stdout) as { kept_aside: string; undone: object[] }), stderr };
}

describe("what happens while restore asks", () => {
  it("a withdrawal is named, with the command that repeats it", async () => {
    const { cli, file } = await backedUp();
    const [standby] = await cli.json<{ kid: string }[]>("keys list --state standby");
    const kid = standby?.kid ?? "";
    const { undone, stderr } = await restoreWhile(cli, file, async () => {
      await cli.ok("users disable alice");
      await cli.ok("users remove bob --yes");
      await cli.ok(["keys", "revoke", kid, "--yes"]);
      await cli.ok("users add carol --password-stdin", { stdin: PASSWORD });
    });
    expect(undone).toEqual(
      expect.arrayContaining([
        { kind: "key_revocation", kid },
        { kind: "user_disabled", user: "alice" },
        { kind: "user_removed", user: "bob" },
        { kind: "user_added", user: "carol" },
      ]),
    );
    expect(stderr).toContain(`jwtctl keys revoke ${kid}`);
    expect(stderr).toContain("jwtctl users disable alice");
  });

  it("the audit log names the end of the log that was replaced, not of the one that was looked at", async () => {
    const { cli, file } = await backedUp();
    const { kept_aside } = await restoreWhile(cli, file, () => cli.ok("users disable alice"));
    const { head } = await cli.json<{ head: string }>(["audit", "verify", "--db", kept_aside]);
    const entries = await cli.json<{ type: string; details: Record<string, unknown> }[]>("audit");
    const restored = entries.find(({ type }) => type === "store_restored");
    expect(`${restored?.details["replaced_seq"]}:${restored?.details["replaced_hash"]}`).toBe(head);
  });

  it("a token that is signed keeps its key until it has expired", async () => {
    const { cli, file } = await backedUp();
    let exp = 0;
    await restoreWhile(cli, file, async () => {
      const minted = await cli.json<{ payload: { exp: number } }>("mint --sub alice --ttl 12h");
      exp = minted.payload.exp;
    });
    const [active] = await cli.json<{ max_exp: number }[]>("keys list --state active");
    expect(active?.max_exp).toBe(exp);
  });

  it("a store that is damaged meanwhile is kept aside, and it is said that it could not be read", async () => {
    const { cli, file } = await backedUp();
    const { kept_aside, stderr } = await restoreWhile(cli, file, async () => {
      cli.file("data/jwtctl.db", "no store any more".repeat(1000));
    });
    expect(stderr).toContain("could not be read");
    expect(await cli.refusal(["users", "list", "--db", kept_aside])).toMatchObject({ exit: 6 });
    expect(await cli.json("users list")).toHaveLength(2);
  });
});

describe("the question whether to replace a store", () => {
  it("counts one as one", async () => {
    const cli = new Cli();
    await cli.ok("init --no-passphrase");
    const file = cli.path("backup.db");
    await cli.ok(["backup", file]);
    const ask = async () => {
      const answers = [["Replace the store", false]] as const;
      return (await cli.run(["restore", file], { terminal: true, answers })).asked[0];
    };
    await cli.ok("users add alice --password-stdin", { stdin: PASSWORD });
    expect(await ask()).toContain("(1 user, 3 audit entries)");
    await cli.ok("users add bob --password-stdin", { stdin: PASSWORD });
    expect(await ask()).toContain("(2 users, 4 audit entries)");
  });
});
