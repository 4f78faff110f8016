import { describe, expect, it } from "vitest";
import { keyIn, keysOf, plainStore } from "./support.ts";

/** Seconds. */
const MINUTE = 60;

describe("a standby that verifiers may not know yet", () => {
  /** A store that was rotated a moment ago: its standby is new. */
  async function rotated() {
    const cli = await plainStore();
    cli.clock.advance(MINUTE);
    await cli.ok("keys rotate");
    return cli;
  }

  it.each([
    ["keys rotate", "a retried job"],
    ["keys rotate --dry-run", "and the dry run says so"],
    ["keys rotate --if-older-than 1s", "with an age that has passed"],
    ["keys activate STANDBY", "named"],
    ["keys activate STANDBY --dry-run", "named, in a dry run"],
    ["keys revoke ACTIVE", "as the heir of a revoked key"],
    ["keys revoke ACTIVE --dry-run", "as the heir, in a dry run"],
  ])("does not sign: %s (%s)", async (words) => {
    const cli = await rotated();
    cli.clock.advance(2);
    const before = await keysOf(cli);
    const [active, standby] = [await keyIn(cli, "active"), await keyIn(cli, "standby")];
    const given = words.replace("STANDBY", standby.kid).replace("ACTIVE", active.kid);
    const { code, stderr } = await cli.run(`${given} --json`);
    expect([code, JSON.parse(stderr).error]).toEqual([
      1,
      {
        code: "key_state_conflict",
        message: expect.stringContaining("too new to sign"),
        hints: [expect.stringContaining("keys jwks --out"), expect.stringContaining("--now")],
      },
    ]);
    expect(await keysOf(cli)).toEqual(before);
  });

  it.each(["keys rotate --now", "keys activate STANDBY --now", "keys revoke ACTIVE --now"])(
    "signs with --now: %s",
    async (words) => {
      const cli = await rotated();
      const [active, standby] = [await keyIn(cli, "active"), await keyIn(cli, "standby")];
      await cli.ok(words.replace("STANDBY", standby.kid).replace("ACTIVE", active.kid));
      expect((await keyIn(cli, "active")).kid).toBe(standby.kid);
    },
  );

  it("signs when the sets that were cached before it came have been fetched again", async () => {
    const cli = await rotated();
    const { kid } = await keyIn(cli, "standby");
    cli.clock.advance(10 * MINUTE - 1);
    expect((await cli.run("keys rotate")).code).toBe(1);
    cli.clock.advance(1);
    await cli.ok("keys rotate");
    expect((await keyIn(cli, "active")).kid).toBe(kid);
  });

  it("is none that came with the first key: it is in every set there ever was", async () => {
    const cli = await plainStore();
    await cli.ok("keys rotate");
  });

  it("does not keep a revocation of a key that does not sign from being made", async () => {
    const cli = await rotated();
    const { kid } = await keyIn(cli, "retiring");
    await cli.ok(`keys revoke ${kid}`);
  });
});
