import { describe, expect, it } from "vitest";
import { Cli } from "../../support/run.ts";

const DAY = 86_400;

/** A store with three logins, whose absolute ends lie 10 days back. */
async function withOldLogins() {
  const cli = new Cli();
  await cli.ok("init --no-passphrase");
  await cli.ok("users add alice --password-stdin", { stdin: "seven green kettles hum" });
  for (let login = 0; login < 3; login++) {
    await cli.ok("login alice --no-save --password-stdin", { stdin: "seven green kettles hum" });
  }
  cli.clock.advance(100 * DAY);
  return cli;
}

describe("tokens prune", () => {
  it("--dry-run says how many it would be, and removes none", async () => {
    const cli = await withOldLogins();
    expect(await cli.json("tokens prune --older-than 9d --dry-run")).toEqual({ dry_run: true, pruned: 3 });
    expect(await cli.json("tokens prune --older-than 9d --dry-run --limit 2")).toEqual({
      dry_run: true,
      pruned: 2,
    });
    expect(await cli.ok("tokens prune --older-than 9d --dry-run")).toBe(
      "would remove 3 logins, more than 9 days past the absolute end\n",
    );
    expect(await cli.json("tokens list")).toHaveLength(3);
  });

  it("--older-than and --limit say which, and how many at most", async () => {
    const cli = await withOldLogins();
    expect(await cli.json("tokens prune")).toEqual({ dry_run: false, pruned: 0 });
    expect(await cli.json("tokens prune --older-than 11d")).toEqual({ dry_run: false, pruned: 0 });
    expect(await cli.json("tokens prune --older-than 9d --limit 2")).toEqual({ dry_run: false, pruned: 2 });
    expect(await cli.json("tokens prune --older-than 9d")).toEqual({ dry_run: false, pruned: 1 });
  });
});
