import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { authority, login, saved } from "./alice.ts";

describe("logout", () => {
  it("ends the login in the store and forgets it here", async () => {
    const cli = await authority();
    const { refresh_token, session_id } = await login(cli);
    expect(await cli.json("logout")).toEqual({ session_id, user: "alice", revoked: [session_id] });
    expect(existsSync(cli.path("state/credentials.json"))).toBe(false);
    expect(await cli.refusal("refresh -", { stdin: refresh_token })).toMatchObject({
      code: "refresh_revoked",
    });
    expect(await cli.refusal("logout")).toMatchObject({ code: "not_logged_in", exit: 3 });
  });

  it("forgets a login that had ended before", async () => {
    const cli = await authority();
    const { session_id } = await login(cli);
    await cli.ok("tokens revoke --all --yes");
    expect(await cli.json("logout")).toEqual({ session_id, user: "alice", revoked: [] });
    expect(await cli.refusal("whoami")).toMatchObject({ code: "not_logged_in" });
  });

  it("with a token ends that login, and forgets it only when it is the current one", async () => {
    const cli = await authority();
    const other = await login(cli, "--no-save");
    const current = await login(cli);
    await cli.ok("logout -", { stdin: other.refresh_token });
    expect(saved(cli)).toMatchObject({ session_id: current.session_id });
    await cli.ok("logout -", { stdin: current.refresh_token });
    expect(existsSync(cli.path("state/credentials.json"))).toBe(false);
    expect(await cli.json("tokens list --status active")).toEqual([]);
  });

  it("keeps the login when its store is not there, and says how to forget it", async () => {
    const cli = await authority();
    await login(cli);
    const elsewhere = { ...JSON.parse(cli.read("state/credentials.json")), db: cli.path("gone.db") };
    cli.file("state/credentials.json", JSON.stringify(elsewhere));
    const refusal = await cli.refusal("logout");
    expect(refusal).toMatchObject({ code: "store_not_found", exit: 3 });
    expect(refusal.hints.join()).toContain(cli.path("state/credentials.json"));
    expect(existsSync(cli.path("state/credentials.json"))).toBe(true);
  });
});
