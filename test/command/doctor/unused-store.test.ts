import { describe, expect, it } from "vitest";
import { Cli } from "../../support/run.ts";

const PASSWORD = "seven green kettles hum";
const DAY = 86_400;

/** A store with a login that ended long ago and a retired key with its private half, in which nothing happened for years. */
async function unused(days = 800): Promise<{ cli: Cli; kid: string }> {
  const cli = new Cli();
  await cli.ok("init --no-passphrase");
  await cli.ok("users add alice --password-stdin", { stdin: PASSWORD });
  await login(cli);
  const { previous } = await cli.json<{ previous: { kid: string } }>("keys rotate --keep-private");
  cli.clock.advance(days * DAY);
  return { cli, kid: previous.kid };
}

const login = (cli: Cli) => cli.ok("login alice --password-stdin --no-save --quiet", { stdin: PASSWORD });

async function statusOf(cli: Cli, id: string): Promise<string | undefined> {
  const { stdout } = await cli.run("doctor --json");
  const { findings } = JSON.parse(stdout) as { findings: { id: string; status: string }[] };
  return findings.find((one) => one.id === id)?.status;
}

describe("a store that really lay unused for more than a year", () => {
  it("is told by doctor", async () => {
    const { cli } = await unused();
    expect(await statusOf(cli, "clock")).toBe("warn");
  });

  it("is pruned with --yes", async () => {
    const { cli } = await unused();
    expect(await cli.refusal("tokens prune")).toMatchObject({ exit: 4, code: "clock_implausible" });
    expect(await cli.json("tokens list")).toHaveLength(1);
    expect(await cli.json("tokens prune --yes")).toEqual({ dry_run: false, pruned: 1 });
    expect(await cli.json("tokens prune")).toEqual({ dry_run: false, pruned: 0 });
  });

  it("loses a retired key with --force, and a dry run says that it takes it", async () => {
    const { cli, kid } = await unused();
    const refused = { exit: 4, code: "clock_implausible" };
    expect(await cli.refusal(["keys", "delete", kid, "--dry-run"])).toMatchObject(refused);
    expect(await cli.refusal(["keys", "delete", kid])).toMatchObject(refused);
    expect(await cli.json(["keys", "delete", kid, "--force"])).toMatchObject({ changed: true });
  });

  it("is like any other when it has been used for a month", async () => {
    const { cli } = await unused();
    await login(cli);
    cli.clock.advance(29 * DAY);
    expect(await cli.refusal("tokens prune")).toMatchObject({ code: "clock_implausible" });
    cli.clock.advance(DAY);
    expect(await statusOf(cli, "clock")).toBe("pass");
    expect(await cli.json("tokens prune")).toEqual({ dry_run: false, pruned: 1 });
    await cli.ok("keys generate");
    expect(await cli.json("keys list --state retired")).toMatchObject([{ has_private: false }]);
  });
});

describe("a store that was not used for a year", () => {
  it("is pruned without a question", async () => {
    const { cli } = await unused(366);
    expect(await statusOf(cli, "clock")).toBe("pass");
    expect(await cli.json("tokens prune")).toEqual({ dry_run: false, pruned: 1 });
  });
});
