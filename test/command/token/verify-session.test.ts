import { describe, expect, it } from "vitest";
import type { Cli } from "../../support/run.ts";
import { authority, login } from "../login/alice.ts";

interface Report {
  readonly valid: boolean;
  readonly checks: readonly { name: string; status: string; code?: string; detail: string }[];
}

async function session(cli: Cli, token: string): Promise<{ exit: number; valid: boolean; check: unknown }> {
  const { code, stdout } = await cli.run(["verify", token, "--session", "--json", "--no-diagnose"]);
  const { valid, checks } = JSON.parse(stdout) as Report;
  return { exit: code, valid, check: checks.find(({ name }) => name === "session") };
}

describe("verify --session", () => {
  it("passes while the login lives", async () => {
    const cli = await authority();
    const { access_token } = await login(cli);
    expect(await session(cli, access_token)).toMatchObject({
      exit: 0,
      valid: true,
      check: { status: "pass" },
    });
  });

  it("reports a revoked login, and says that an API that only checks signatures still accepts the token", async () => {
    const cli = await authority();
    const { access_token } = await login(cli);
    await cli.ok("logout");
    cli.clock.advance(60);
    const { exit, valid, check } = await session(cli, access_token);
    expect({ exit, valid }).toEqual({ exit: 1, valid: false });
    expect(check).toMatchObject({
      status: "fail",
      code: "session_revoked",
      detail: expect.stringMatching(/logging out, 1 minute ago; an API that checks signatures only accepts/),
    });
    expect(JSON.parse(await cli.ok(["verify", access_token, "--json"]))).toMatchObject({ valid: true });
  });

  it("refuses a token without a login, and one of a login that the store does not have", async () => {
    const cli = await authority();
    const plain = (await cli.ok("mint --sub alice")).trim();
    expect(await session(cli, plain)).toMatchObject({ exit: 1, check: { code: "claim_missing" } });
    const stray = (await cli.ok("mint --sub alice --claim sid=nosuchlogin")).trim();
    expect(await session(cli, stray)).toMatchObject({ exit: 3, check: { code: "session_not_found" } });
  });

  it("refuses a token that borrows another user's login, or a beginning of its id", async () => {
    const cli = await authority();
    const { session_id } = await login(cli);
    const borrowed = (await cli.ok(["mint", "--sub", "mallory", "--claim", `sid=${session_id}`])).trim();
    expect(await session(cli, borrowed)).toMatchObject({ exit: 1, check: { code: "claim_invalid" } });
    const short = (
      await cli.ok(["mint", "--sub", "alice", "--claim", `sid=${session_id.slice(0, 6)}`])
    ).trim();
    expect(await session(cli, short)).toMatchObject({ exit: 3, check: { code: "session_not_found" } });
  });

  it("asks the store nothing for a forged token: its sid may be anybody's", async () => {
    const cli = await authority();
    const { access_token } = await login(cli);
    const forged = (await cli.ok(["tamper", access_token, "--claim", "role=admin", "--quiet"])).trim();
    expect(await session(cli, forged)).toMatchObject({ exit: 1, check: { status: "skip" } });
  });
});
