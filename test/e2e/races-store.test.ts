import { statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { amount } from "../support/amount.ts";
import { authority, login, PASSWORD } from "../support/authority.ts";
import { AT_START, type Command, isStopped, signalAt, together, until } from "../support/preload.ts";
import { expectSound, storeOf } from "../support/sound-store.ts";
import { type Ended, refusalOf, Sandbox } from "../support/spawn.ts";

const CROWD = amount({ soak: 100, gate: 15 });

interface Key {
  readonly kid: string;
  readonly state: string;
}

const crowd = (command: (index: number) => Command) =>
  Array.from({ length: CROWD }, (_, index) => command(index));
const keysOf = async (sandbox: Sandbox) => JSON.parse(await sandbox.ok(["keys", "list", "--json"])) as Key[];
const kidOf = (token: string) =>
  (JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString()) as Key).kid;
const successes = (ended: readonly Ended[]) => ended.filter(({ code }) => code === 0).length;

describe(`${CROWD} processes at the same moment`, () => {
  it("init on an empty path: one store is made, one process says so, and all agree on it", async () => {
    const sandbox = new Sandbox();
    const ended = await together(
      sandbox,
      crowd(() => ({ args: ["init", "--no-passphrase", "--json"], transaction: AT_START })),
    );
    const created = ended.filter(({ code }) => code === 0).map(({ stdout }) => JSON.parse(stdout));
    const refused = ended.filter(({ code }) => code !== 0);
    expect(created).toHaveLength(1);
    for (const one of refused) {
      expect([one.code, one.stdout]).toEqual([1, ""]);
      expect(refusalOf(one).code).toBe("store_exists");
    }
    const keys = await keysOf(sandbox);
    expect(keys.map(({ state }) => state).sort()).toEqual(["active", "standby"]);
    expect(JSON.stringify(created[0])).toContain(keys.find(({ state }) => state === "active")?.kid);
    expect(statSync(storeOf(sandbox)).mode & 0o777).toBe(0o600);
    expect(statSync(sandbox.path("data", "jwtctl")).mode & 0o777).toBe(0o700);
    await expectSound(sandbox);
    await sandbox.ok(["mint", "--sub", "alice", "--ttl", "5m"]);
  });

  it("keys rotate: every rotation happens, each key that was told to sign is there, one signs in the end", async () => {
    const sandbox = await authority();
    const [first] = (await keysOf(sandbox)).filter(({ state }) => state === "active");
    const ended = await together(
      sandbox,
      crowd(() => ({ args: ["keys", "rotate", "--now", "--json"] })),
    );
    expect(successes(ended)).toBe(CROWD);
    const told = ended.map(({ stdout }) => JSON.parse(stdout) as { active: Key; previous: Key });
    const keys = await keysOf(sandbox);
    expect(keys).toHaveLength(CROWD + 2);
    expect(new Set(told.map(({ active }) => active.kid)).size).toBe(CROWD);
    // The rotations, put end to end, are one chain from the first key to the one that signs now.
    const next = new Map(told.map(({ previous, active }) => [previous.kid, active.kid]));
    let kid = first?.kid ?? "";
    for (let step = 0; step < CROWD; step++) kid = next.get(kid) ?? "";
    expect(keys.find(({ state }) => state === "active")?.kid).toBe(kid);
    await expectSound(sandbox);
  });

  it("mint during rotate: every one prints a token, and each of their keys is published", async () => {
    const sandbox = await authority();
    const isRotation = (index: number) => index % 5 === 0;
    const ended = await together(
      sandbox,
      crowd((index) => ({
        args: isRotation(index)
          ? ["keys", "rotate", "--now", "--json"]
          : ["mint", "--sub", "alice", "--ttl", "5m", "--quiet"],
      })),
    );
    expect(ended.filter(({ code }) => code !== 0)).toEqual([]);
    const tokens = ended.filter((_, index) => !isRotation(index));
    expect(tokens).toHaveLength(CROWD * 0.8);
    await sandbox.ok(["keys", "jwks", "--out", sandbox.path("jwks.json")]);
    const { keys } = JSON.parse(await sandbox.ok(["keys", "jwks"])) as { keys: Key[] };
    const published = new Set(keys.map(({ kid }) => kid));
    const byKid = new Map(tokens.map(({ stdout }) => [kidOf(stdout), stdout.trim()]));
    for (const [kid, token] of byKid) {
      expect(published).toContain(kid);
      await sandbox.ok(["verify", token, "--jwks", sandbox.path("jwks.json")]);
    }
    await expectSound(sandbox);
  });

  it("users add with one name, in any case: one user, whose password is the winner's", async () => {
    const sandbox = new Sandbox();
    await sandbox.ok(["init", "--no-passphrase"]);
    const passwordOf = (index: number) => `password number ${index} of the crowd`;
    const nameOf = (index: number) => (index % 2 === 0 ? "Zoë" : "zoe\u0308");
    const ended = await together(
      sandbox,
      crowd((index) => ({
        args: ["users", "add", nameOf(index), "--password-stdin", "--json"],
        stdin: passwordOf(index),
      })),
    );
    expect(successes(ended)).toBe(1);
    for (const one of ended.filter(({ code }) => code !== 0)) {
      expect([one.code, one.stdout]).toEqual([1, ""]);
      expect(refusalOf(one).code).toBe("user_exists");
    }
    const winner = ended.findIndex(({ code }) => code === 0);
    const words = ["login", "ZOË", "--password-stdin", "--no-save"];
    await sandbox.ok(words, { stdin: passwordOf(winner) });
    const loser = await sandbox.jwtctl(words, { stdin: passwordOf((winner + 2) % CROWD) });
    expect(loser.code).toBe(1);
    await expectSound(sandbox);
  });
});

describe("a process that stands still while it holds the lock (SIGSTOP)", () => {
  it("others wait, then are refused with 6 and print nothing; readers are not held up; nothing is lost", async () => {
    const sandbox = await authority({ login: true });
    const saved = await login(sandbox, "--no-save");
    const holder = sandbox.start(["users", "add", "bob", "--password-stdin"], {
      stdin: PASSWORD,
      env: signalAt("SIGSTOP", "before COMMIT"),
    });
    await until(() => isStopped(holder.child.pid));

    const refused = [
      sandbox.start(["refresh", "-"], { stdin: saved.refresh_token }),
      sandbox.start(["refresh"]),
      sandbox.start(["login", "alice", "--password-stdin", "--no-save"], { stdin: PASSWORD }),
      sandbox.start(["keys", "rotate", "--now", "--json"]),
      sandbox.start(["tokens", "revoke", saved.session_id]),
      sandbox.start(["users", "disable", "alice"]),
      sandbox.start(["config", "set", "issuer", "https://elsewhere.example"]),
    ];
    expect(JSON.parse(await sandbox.ok(["tokens", "list", "--json"]))).toHaveLength(2);
    await sandbox.ok(["verify", saved.access_token]);
    await sandbox.ok(["keys", "jwks"]);
    for (const { ended } of refused) {
      const { code, stdout, stderr } = await ended;
      expect({ code, stdout }).toEqual({ code: 6, stdout: "" });
      expect(stderr).toMatch(/held by another process[\s\S]*(hint: |"hints": \[\s*")Try again/);
    }

    holder.child.kill("SIGCONT");
    expect(await holder.ended).toMatchObject({ code: 0 });
    await expectSound(sandbox);
    const users = JSON.parse(await sandbox.ok(["users", "list", "--json"]));
    expect(users).toMatchObject([{ name: "alice", status: "active" }, { name: "bob" }]);
    expect((await keysOf(sandbox)).map(({ state }) => state)).not.toContain("retiring");
    // What was refused has used nothing up: the same tokens buy their successors now.
    await sandbox.ok(["refresh", "-"], { stdin: saved.refresh_token });
    await sandbox.ok(["refresh"]);
    const logins = JSON.parse(await sandbox.ok(["tokens", "list", "--json"]));
    expect(logins).toMatchObject([{ rotations: 1 }, { rotations: 1 }]);
  });
});
