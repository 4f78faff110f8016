import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Cli } from "../../support/run.ts";

const PASSWORD = "seven green kettles hum";

/** A store with two users. */
async function authority(): Promise<Cli> {
  const cli = new Cli();
  await cli.ok("init --no-passphrase");
  for (const user of ["alice", "bob"])
    await cli.ok(`users add ${user} --password-stdin`, { stdin: PASSWORD });
  return cli;
}

/** Logs in; without --no-save among the options the login is saved here. @returns its id */
async function login(cli: Cli, words: string): Promise<string> {
  const { session_id } = await cli.json<{ session_id: string }>(`login ${words} --password-stdin`, {
    stdin: PASSWORD,
  });
  cli.clock.advance(1);
  return session_id;
}

const active = async (cli: Cli) =>
  (await cli.json<{ id: string }[]>("tokens list --status active")).map(({ id }) => id);

describe("the logins for a client", () => {
  it("are listed and revoked, of all users or of one", async () => {
    const cli = await authority();
    const here = await login(cli, "alice --no-save");
    const alice = await login(cli, "alice --no-save --client-id web");
    const bob = await login(cli, "bob --no-save --client-id web");
    const listed = await cli.json<{ id: string }[]>("tokens list --client-id web");
    expect(listed.map(({ id }) => id)).toEqual([bob, alice]);
    expect(await cli.json("tokens list --client-id web --user alice")).toMatchObject([{ id: alice }]);
    expect(await cli.json("tokens revoke --client-id web --user alice")).toEqual({ revoked: [alice] });
    expect(await cli.json("tokens revoke --client-id web")).toEqual({ revoked: [bob] });
    expect(await cli.json("tokens revoke --client-id web")).toEqual({ revoked: [] });
    expect(await active(cli)).toEqual([here]);
  });

  it("that nobody has are said to be none", async () => {
    const cli = await authority();
    await login(cli, "alice --no-save");
    const { stdout, stderr } = await cli.run("tokens list --client-id web");
    expect([stdout, stderr]).toEqual([
      "",
      "note: no login is like that; see them all with: jwtctl tokens list\n",
    ]);
    const { stdout: revoked } = await cli.run("tokens revoke --client-id web");
    expect(revoked).toBe("nothing to revoke: no such login is active\n");
  });
});

describe("tokens revoke --except-current", () => {
  it("ends every login of the user but the one that is saved here", async () => {
    const cli = await authority();
    const phone = await login(cli, "alice --no-save");
    const web = await login(cli, "alice --no-save --client-id web");
    const bob = await login(cli, "bob --no-save");
    const here = await login(cli, "alice");
    expect(await cli.json("tokens revoke --except-current")).toEqual({ revoked: [phone, web] });
    expect(await active(cli)).toEqual([here, bob]);
    await cli.ok("refresh");
  });

  it("takes the user's name as well, in any case, and refuses another's", async () => {
    const cli = await authority();
    const phone = await login(cli, "alice --no-save");
    await login(cli, "bob --no-save");
    await login(cli, "alice");
    const refusal = await cli.refusal("tokens revoke --user bob --except-current");
    expect(refusal).toMatchObject({ code: "usage", exit: 2 });
    expect(await active(cli)).toHaveLength(3);
    expect(await cli.json("tokens revoke --user ALICE --except-current")).toEqual({ revoked: [phone] });
  });

  it("refuses when the login saved here belongs to another store", async () => {
    const cli = await authority();
    await login(cli, "alice");
    const other = join(cli.directory, "other.db");
    await cli.ok(["init", "--no-passphrase", "--db", other]);
    const words = ["tokens", "revoke", "--except-current", "--db", other];
    expect(await cli.refusal(words)).toMatchObject({ code: "usage", exit: 2 });
  });
});
