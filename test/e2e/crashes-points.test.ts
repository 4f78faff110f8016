import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createRefreshSecrets } from "../../src/crypto/refresh-secrets.ts";
import { authority, login, PASSWORD, type TokenResponse } from "../support/authority.ts";
import { killEverywhere } from "../support/kill-everywhere.ts";
import { type Command, clockOff, pointsOf } from "../support/preload.ts";
import { behind, expectSound } from "../support/sound-store.ts";
import { IN_MEMORY, refusalOf, Sandbox } from "../support/spawn.ts";

const HOUR = 60 * 60;

const logIn = (password: string): Command => ({
  args: ["login", "alice", "--password-stdin", "--json"],
  stdin: password,
});

describe("kill -9 at every step of", () => {
  it("refresh of the current login: it goes on from where it was, even long after the window", async () => {
    const sandbox = await authority({ login: true, in: IN_MEMORY });
    const command = async (turn: number) => ({ args: ["refresh"], env: clockOff(turn * 2 * HOUR) });
    await killEverywhere(sandbox, command, async ({ turn }) => {
      await expectSound(sandbox);
      await sandbox.ok(["refresh"], { env: clockOff(turn * 2 * HOUR + HOUR) });
    });
    const [login] = JSON.parse(await sandbox.ok(["tokens", "list", "--json"]));
    expect(login).toMatchObject({ status: "active", reason: null });
  });

  it("refresh of a token that was given: the same token buys the same successor within the window", async () => {
    const sandbox = await authority({ in: IN_MEMORY });
    await sandbox.ok(["config", "set", "reuse_window", "60s"]);
    let { refresh_token } = await login(sandbox, "--no-save");
    const replayed = new Set<string>();
    await killEverywhere(
      sandbox,
      async () => ({ args: ["refresh", "-", "--json"], stdin: refresh_token }),
      async ({ point, stdout }) => {
        await expectSound(sandbox);
        const before = newestOf(sandbox, refresh_token);
        const out = await sandbox.ok(["refresh", "-", "--json"], { stdin: refresh_token });
        const answer = JSON.parse(out) as TokenResponse;
        if (stdout !== "") expect(JSON.parse(stdout).refresh_token).toBe(answer.refresh_token);
        // Committed before the kill: nothing is traded a second time.
        if (before === 1) replayed.add(point);
        ({ refresh_token } = await login(sandbox, "--no-save"));
      },
    );
    expect(replayed).toContain("before print");
    expect(replayed).not.toContain("before COMMIT");
  });

  it("refresh finds nothing to do in the store, or anywhere else, between the trade and the print", async () => {
    const sandbox = await authority({ in: IN_MEMORY });
    const { refresh_token } = await login(sandbox, "--no-save");
    const points = await pointsOf(sandbox, { args: ["refresh", "-"], stdin: refresh_token });
    expect(points.slice(points.lastIndexOf("after COMMIT"), points.indexOf("after print"))).toEqual([
      "after COMMIT",
      "before print",
    ]);
  });

  it("login: the next one works, and no attempt is held against the user", async () => {
    const sandbox = await authority({ login: true, in: IN_MEMORY });
    await killEverywhere(
      sandbox,
      async () => logIn(PASSWORD),
      async () => {
        await expectSound(sandbox);
        await sandbox.ok(logIn(PASSWORD).args, { stdin: PASSWORD });
        await sandbox.ok(["access-token"]);
      },
    );
  });

  it("users passwd: the old password and all logins, or the new one and none", async () => {
    const sandbox = await authority({ in: IN_MEMORY });
    let current = PASSWORD;
    const next = (turn: number) => `${PASSWORD}, change ${turn}`;
    const command = async (turn: number) => {
      await sandbox.ok(logIn(current).args, { stdin: current });
      return { args: ["users", "passwd", "alice", "--password-stdin"], stdin: next(turn) };
    };
    await killEverywhere(sandbox, command, async ({ point, turn, signal }) => {
      await expectSound(sandbox);
      const logins = JSON.parse(await sandbox.ok(["tokens", "list", "--status", "active", "--json"]));
      const isChanged = signal === null || !/before (BEGIN|COMMIT)/.test(point);
      expect([point, logins.length]).toEqual([point, isChanged ? 0 : 1]);
      const other = isChanged ? current : next(turn);
      current = isChanged ? next(turn) : current;
      expect((await sandbox.jwtctl(logIn(other).args, { stdin: other })).code).toBe(1);
      await sandbox.ok(["tokens", "revoke", "--all", "--yes"]);
    });
  });

  it("keys rotate: the old key signs or the new one, a standby is published, and mint goes on", async () => {
    const sandbox = await authority({ in: IN_MEMORY });
    await killEverywhere(
      sandbox,
      async () => ({ args: ["keys", "rotate", "--now", "--json"] }),
      async () => {
        await expectSound(sandbox);
        const keys = JSON.parse(await sandbox.ok(["keys", "list", "--json"])) as { state: string }[];
        expect(keys.filter(({ state }) => state === "standby")).toHaveLength(1);
        const token = await sandbox.ok(["mint", "--sub", "alice", "--ttl", "5m"]);
        await sandbox.ok(["verify", token.trim()]);
      },
    );
  });

  it("keys passphrase: all private keys under the old passphrase, or all under the new one", async () => {
    const sandbox = await authority({ in: IN_MEMORY });
    writeFileSync(fileOf(sandbox), GIVEN.JWTCTL_PASSPHRASE);
    await killEverywhere(
      sandbox,
      async () => {
        if (isEncrypted(sandbox)) await sandbox.ok([...CHANGE, "--remove"], { env: GIVEN });
        return { args: [...CHANGE, "--new-passphrase-file", fileOf(sandbox)] };
      },
      async () => {
        await expectSound(sandbox);
        const forms = behind(sandbox, (database) =>
          database.prepare("SELECT DISTINCT private_form FROM signing_keys").pluck().all(),
        );
        expect(forms).toEqual([isEncrypted(sandbox) ? "encrypted" : "plain"]);
        await sandbox.ok(["mint", "--sub", "alice", "--ttl", "5m"], { env: GIVEN });
      },
    );
  });

  it("keys jwks --out: the file is the old set or the new one, and parses", async () => {
    const sandbox = await authority({ in: IN_MEMORY });
    const out = sandbox.path("jwks.json");
    const sets: string[] = [await sandbox.ok(["keys", "jwks"])];
    await sandbox.ok(["keys", "jwks", "--out", out]);
    const command = async () => {
      await sandbox.ok(["keys", "rotate", "--now"]);
      sets.push(await sandbox.ok(["keys", "jwks"]));
      return { args: ["keys", "jwks", "--out", out, "--json"] };
    };
    await killEverywhere(sandbox, command, async () => {
      const written = JSON.parse(readFileSync(out, "utf8"));
      expect(sets.map((set) => JSON.parse(set))).toContainEqual(written);
    });
    await sandbox.ok(["keys", "jwks", "--out", out]);
    expect(JSON.parse(readFileSync(out, "utf8"))).toEqual(JSON.parse(sets.at(-1) ?? ""));
  });

  it("init: init again makes the store whole, or finds it whole", async () => {
    const sandbox = new Sandbox({ in: IN_MEMORY });
    const command = async () => {
      rmSync(sandbox.path("data"), { recursive: true, force: true });
      return { args: ["init", "--no-passphrase", "--json"] };
    };
    await killEverywhere(sandbox, command, async ({ point }) => {
      const again = await sandbox.jwtctl(["init", "--no-passphrase", "--json"]);
      expect([point, again.code === 0 || refusalOf(again).code === "store_exists"]).toEqual([point, true]);
      await expectSound(sandbox);
      const keys = JSON.parse(await sandbox.ok(["keys", "list", "--json"])) as { state: string }[];
      expect(keys.map(({ state }) => state).sort()).toEqual(["active", "standby"]);
    });
  });
});

const CHANGE = ["keys", "passphrase"];
const GIVEN = { JWTCTL_PASSPHRASE: "seven stones in the brook" };
const fileOf = (sandbox: Sandbox) => sandbox.path("new-passphrase");

function isEncrypted(sandbox: Sandbox): boolean {
  return behind(
    sandbox,
    (database) => database.prepare("SELECT encryption FROM settings").pluck().get() === "passphrase",
  );
}

/** How often the login of this refresh token, its first, has been traded. */
function newestOf(sandbox: Sandbox, token: string): unknown {
  const hash = createRefreshSecrets({ bytes: () => new Uint8Array() }).hash(token);
  return behind(sandbox, (database) =>
    database
      .prepare("SELECT rotations FROM sessions JOIN refresh_tokens ON id = session_id WHERE hash = ?")
      .pluck()
      .get(Buffer.from(hash)),
  );
}
