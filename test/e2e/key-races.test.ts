import { readFileSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { authority, login, PASSWORD } from "../support/authority.ts";
import { isStopped, type Point, signalAt, until } from "../support/preload.ts";
import type { Sandbox } from "../support/spawn.ts";

/** Commands of each kind that run at the same time. */
const CROWD = 12;

interface Key {
  readonly kid: string;
  readonly state: string;
}

const keysOf = async (sandbox: Sandbox) => JSON.parse(await sandbox.ok(["keys", "list", "--json"])) as Key[];
const times = <T>(count: number, work: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));
const kidOf = (token: string) =>
  (JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString()) as { kid: string }).kid;

describe("key commands that run at once", () => {
  it("mint during rotate: every token's kid is in the JWKS, and every token verifies", async () => {
    const sandbox = await authority();
    const [tokens] = await Promise.all([
      times(CROWD, () => sandbox.okSpawned(["mint", "--sub", "alice", "--quiet"])),
      times(CROWD, () => sandbox.okSpawned(["keys", "rotate", "--now"])),
    ]);
    const { keys } = JSON.parse(await sandbox.ok(["keys", "jwks"])) as { keys: Key[] };
    const published = keys.map(({ kid }) => kid);
    for (const token of tokens) expect(published).toContain(kidOf(token));
    const jwks = sandbox.path("jwks.json");
    await sandbox.ok(["keys", "jwks", "--out", jwks]);
    for (const token of tokens.slice(0, 3)) {
      await sandbox.ok(["verify", token.trim(), "--jwks", jwks]);
    }
    expect((await keysOf(sandbox)).filter(({ state }) => state === "active")).toHaveLength(1);
  });

  it("rotation by cron from many machines: a young key stays, and nobody fails", async () => {
    const sandbox = await authority();
    const before = await keysOf(sandbox);
    const results = await times(CROWD, () =>
      sandbox.okSpawned(["keys", "rotate", "--if-older-than", "1h", "--json"]),
    );
    for (const result of results) expect(JSON.parse(result)).toMatchObject({ changed: false });
    expect(await keysOf(sandbox)).toEqual(before);
  });

  it("revoke with the logins while others log in: no login from before survives", async () => {
    const sandbox = await authority();
    const before = await login(sandbox);
    const [{ kid } = { kid: "" }] = (await keysOf(sandbox)).filter(({ state }) => state === "active");
    await Promise.all([
      sandbox.okSpawned(["keys", "revoke", kid, "--with-sessions", "--yes"]),
      times(4, () => sandbox.okSpawned(["login", "alice", "--password-stdin"], { stdin: PASSWORD })),
    ]);
    const { code } = await sandbox.jwtctl(["refresh", "-"], { stdin: before.refresh_token });
    expect(code).toBe(1);
    const { code: verdict } = await sandbox.jwtctl(["verify", before.access_token]);
    expect(verdict).toBe(1);
  });

  it("jwks --out from many processes: the file is whole at every moment", async () => {
    const sandbox = await authority();
    const out = sandbox.path("jwks.json");
    await sandbox.ok(["keys", "jwks", "--out", out]);
    const reading = sandbox.bash(
      `for i in $(seq 200); do node -e 'JSON.parse(require("fs").readFileSync("${out}"))' || exit 9; [ -e stop ] && exit 0; done`,
    );
    for (let round = 0; round < 3; round++) {
      await Promise.all([
        sandbox.okSpawned(["keys", "rotate", "--now"]),
        ...Array.from({ length: 4 }, () => sandbox.okSpawned(["keys", "jwks", "--out", out])),
      ]);
    }
    await sandbox.bash("touch stop");
    expect((await reading).code).toBe(0);
  });

  /** Stops one that has read the keys, rotates twice, publishes, and lets the first go on. */
  async function overtaken(sandbox: Sandbox, out: string, moment: Point | `${Point}, then ${Point}`) {
    await sandbox.ok(["keys", "jwks", "--out", out]);
    await sandbox.ok(["keys", "rotate", "--now"]);
    const slow = sandbox.start(["keys", "jwks", "--out", out, "--json"], {
      env: signalAt("SIGSTOP", moment),
    });
    await until(() => isStopped(slow.child.pid));
    for (let turn = 0; turn < 2; turn++) await sandbox.ok(["keys", "rotate", "--now"]);
    await sandbox.ok(["keys", "jwks", "--out", out]);
    const { ino } = statSync(out);
    slow.child.kill("SIGCONT");
    const { code, stdout } = await slow.ended;
    expect(code).toBe(0);
    expect(readFileSync(out, "utf8")).toBe(await sandbox.ok(["keys", "jwks"]));
    const token = await sandbox.ok(["mint", "--sub", "alice", "--ttl", "5m", "--quiet"]);
    await sandbox.ok(["verify", token.trim(), "--jwks", out]);
    return {
      told: JSON.parse(stdout) as { keys: number; changed: boolean },
      replaced: statSync(out).ino !== ino,
    };
  }

  it("jwks --out that was overtaken while it wrote leaves the newer file alone", async () => {
    const sandbox = await authority();
    // First the old file is opened, then the new one.
    const { told, replaced } = await overtaken(
      sandbox,
      sandbox.path("jwks.json"),
      "after open, then after open",
    );
    expect({ told, replaced }).toMatchObject({ told: { keys: 5, changed: false }, replaced: false });
  });

  it("jwks --out that was overtaken in its last step writes the newest set over its own", async () => {
    const sandbox = await authority();
    const { told } = await overtaken(sandbox, sandbox.path("jwks.json"), "before rename");
    // Not told by the number of its inode: the file system gives the one that came free to the next file.
    expect(told).toMatchObject({ keys: 5, changed: true });
  });
});
