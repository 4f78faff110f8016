import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Cli } from "../../support/run.ts";
import { authority, login, PASSWORD } from "./alice.ts";

describe("access-token", () => {
  it("prints the saved token while it has 30 seconds left, without a store", async () => {
    const cli = await authority();
    const { access_token } = await login(cli);
    cli.clock.advance(900 - 30);
    const outcome = await cli.run("access-token", { env: { JWTCTL_DB: undefined } });
    expect(outcome).toMatchObject({ code: 0, stdout: `${access_token}\n`, stderr: "", asked: [] });
    cli.clock.advance(1);
    const renewed = await cli.ok("access-token");
    expect(renewed).not.toBe(`${access_token}\n`);
    expect(await cli.ok("access-token")).toBe(renewed);
    expect(await cli.json("tokens list")).toMatchObject([{ rotations: 1 }]);
  });

  it("answers two processes at once with valid tokens of one rotation", async () => {
    const cli = await authority();
    await login(cli);
    cli.clock.advance(3600);
    const both = await Promise.all([cli.ok("access-token"), cli.ok("access-token"), cli.ok("access-token")]);
    expect(new Set(both).size).toBe(1);
    expect(await cli.json("tokens list")).toMatchObject([{ rotations: 1, status: "active" }]);
  });

  it("finds the store of the login from another directory and without --db", async () => {
    const cli = new Cli();
    await cli.ok("init --no-passphrase --db mine.db".replace("mine.db", cli.path("mine.db")));
    const env = { JWTCTL_DB: cli.path("mine.db") };
    await cli.ok("users add alice --password-stdin", { stdin: PASSWORD, env });
    await cli.ok("login alice --password-stdin", { stdin: PASSWORD, env });
    cli.clock.advance(3600);
    await cli.ok("access-token");
    await cli.ok("refresh");
    await cli.ok("whoami");
    await cli.ok("logout");
  });

  it("refuses when another store is asked for than the login's", async () => {
    const cli = await authority();
    await login(cli);
    const other = cli.path("other.db");
    cli.clock.advance(3600);
    for (const command of ["refresh", "access-token", "whoami", "logout"]) {
      expect(await cli.refusal([command, "--db", other])).toMatchObject({ code: "not_logged_in", exit: 3 });
    }
    expect(existsSync(other)).toBe(false);
  });
});
