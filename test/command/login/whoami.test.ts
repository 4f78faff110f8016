import { describe, expect, it } from "vitest";
import { authority, login } from "./alice.ts";

describe("whoami", () => {
  it("exits with 0 only while the login lives", async () => {
    const cli = await authority();
    expect(await cli.run("whoami")).toMatchObject({ code: 3 });
    const { session_id } = await login(cli);
    expect(await cli.json("whoami")).toEqual({
      user: "alice",
      session_id,
      client_id: "jwtctl",
      status: "active",
      reason: null,
      access_expires_at: "2026-03-01T12:15:00.000Z",
      idle_expires_at: "2026-03-15T12:00:00.000Z",
      expires_at: "2026-05-30T12:00:00.000Z",
      db: cli.path("data/jwtctl.db"),
    });
    cli.clock.advance(15 * 86_400);
    expect(await cli.run("whoami --json")).toMatchObject({
      code: 4,
      stdout: expect.stringContaining('"idle"'),
    });
    await login(cli);
    await cli.ok("tokens revoke --all --yes");
    expect(await cli.run("whoami")).toMatchObject({ code: 1, stderr: "" });
  });

  it("works without the store, from what is saved, and says so", async () => {
    const cli = await authority();
    await login(cli);
    const elsewhere = { ...JSON.parse(cli.read("state/credentials.json")), db: cli.path("gone.db") };
    cli.file("state/credentials.json", JSON.stringify(elsewhere));
    expect(await cli.json("whoami")).toMatchObject({ user: "alice", status: null });
    expect(await cli.ok("whoami")).toContain("not checked: the store is not there");
    cli.clock.advance(14 * 86_400);
    expect(await cli.run("whoami")).toMatchObject({ code: 4 });
  });

  it("says when the store does not know the login", async () => {
    const cli = await authority();
    await login(cli);
    const other = { ...JSON.parse(cli.read("state/credentials.json")), session_id: "0000000000000000" };
    cli.file("state/credentials.json", JSON.stringify(other));
    const { code, stdout } = await cli.run("whoami");
    expect(code).toBe(3);
    expect(stdout).toContain("not known to the store");
  });
});
