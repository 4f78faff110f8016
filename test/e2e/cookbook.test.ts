import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { BLOCKS, block, Kitchen } from "../support/cookbook.ts";
import { MOUNTS } from "../support/namespace.ts";
import { describeWith } from "../support/needs.ts";
import { clockOff } from "../support/preload.ts";

const MONTH = 31 * 24 * 60 * 60;
const JWKS = "www/.well-known/jwks.json";

interface Key {
  readonly kid: string;
}

async function activeKid(kitchen: Kitchen): Promise<string> {
  const keys = JSON.parse(await kitchen.ok("jwtctl keys list --state active --json")) as Key[];
  return keys[0]?.kid ?? "";
}

const kidsIn = (set: string) => (JSON.parse(set) as { keys: Key[] }).keys.map(({ kid }) => kid);
const SILENT = { code: 0, stdout: "", stderr: "" };

describe("docs/cookbook.md", () => {
  it("has no block that is not tested", () => {
    const tests = readdirSync(import.meta.dirname).filter((name) => /^cookbook.*\.test\.ts$/.test(name));
    const tested = tests.map((name) => readFileSync(resolve(import.meta.dirname, name), "utf8")).join();
    expect(BLOCKS.length).toBeGreaterThan(20);
    for (const { kind, label, text } of BLOCKS) {
      expect(["file", "run", "crontab", "unit", "nginx", "workflow"], text).toContain(kind);
      if (kind === "run" && label !== "setup") expect(tested).toContain(`"${label}"`);
    }
  });

  it("names only sections that there are", () => {
    const page = readFileSync(resolve(import.meta.dirname, "../../docs/cookbook.md"), "utf8");
    const headings = [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replace(/[^\w -]/g, "")
        .replaceAll(" ", "-"),
    );
    for (const [, anchor] of page.matchAll(/\]\(#([\w-]+)\)/g)) expect(headings).toContain(anchor);
  });
});

describeWith("the store and its key", MOUNTS, () => {
  it("setup makes a store under a passphrase that only its owner can read", async () => {
    const kitchen = await Kitchen.open();
    expect(statSync(kitchen.path("jwtctl/passphrase")).mode & 0o777).toBe(0o600);
    expect(statSync(kitchen.path("jwtctl/jwtctl.db")).mode & 0o777).toBe(0o600);
    expect(await kitchen.ok("jwtctl config get issuer")).toBe("https://auth.example.com\n");
    const { code, stderr } = await kitchen.run("JWTCTL_PASSPHRASE_FILE= jwtctl mint --sub bob --no-input");
    expect([code, stderr]).toEqual([2, expect.stringContaining("passphrase")]);
  });

  it("jwtctl-rotate does nothing for a month, leaves the file's date alone, then rotates and publishes, silently", async () => {
    const kitchen = await Kitchen.open();
    const script = "jwtctl-rotate /srv/www/.well-known/jwks.json";
    const first = await activeKid(kitchen);
    expect(await kitchen.run(script)).toMatchObject(SILENT);
    const published = kitchen.read(JWKS);
    expect(kidsIn(published)).toContain(first);
    const yesterday = new Date(Date.now() - 86_400_000);
    utimesSync(kitchen.path(JWKS), yesterday, yesterday);
    expect(await kitchen.run(script)).toMatchObject(SILENT);
    expect(await activeKid(kitchen)).toBe(first);
    expect(statSync(kitchen.path(JWKS)).mtime).toEqual(yesterday);
    expect(await kitchen.run(script, { env: clockOff(MONTH) })).toMatchObject(SILENT);
    const second = await activeKid(kitchen);
    expect(second).not.toBe(first);
    expect(kidsIn(published), "published a month before it signed").toContain(second);
    expect(kidsIn(kitchen.read(JWKS))).toHaveLength(kidsIn(published).length + 1);
  });

  it("the passphrase comes from another program, and goes back to it", async () => {
    const kitchen = await Kitchen.open();
    kitchen.install("pass", kitchen.read("jwtctl/passphrase"));
    const elsewhere = `unset JWTCTL_PASSPHRASE_FILE\n${block("run", "secret-manager")}`;
    const first = await activeKid(kitchen);
    await kitchen.ok(elsewhere);
    expect(await activeKid(kitchen)).not.toBe(first);
    await kitchen.cook(["new-passphrase"]);
    expect((await kitchen.run("jwtctl keys rotate")).code, "the old passphrase").toBe(6);
    // The standby is new.
    await kitchen.ok(elsewhere.replace("keys rotate", "keys rotate --now"));
  });
});

describeWith("the day it is needed", MOUNTS, () => {
  it("drill: the stolen key is refused by the store and by everybody who fetches the set, and nothing real is touched", async () => {
    const kitchen = await Kitchen.open();
    const before = await activeKid(kitchen);
    const { stdout } = await kitchen.cook(["drill"]);
    for (const line of [
      "before: the thief's token is good",
      "after: refused by the store",
      "after: unknown to everybody who fetches the set",
      "the standby signs",
    ]) {
      expect(stdout).toContain(line);
    }
    expect(await activeKid(kitchen)).toBe(before);
  });

  it("incident: the key is gone from the published set, logins are ended, and the log says what was signed", async () => {
    const kitchen = await Kitchen.open();
    const stolen = await activeKid(kitchen);
    await kitchen.ok("jwtctl mint --sub root --ttl 1h --quiet > /dev/null");
    await kitchen.cook(["incident"]);
    expect(kidsIn(kitchen.read(JWKS))).not.toContain(stolen);
    expect(readFileSync(kitchen.sandbox.path("incident.txt"), "utf8")).toMatch(/minted|token_minted/);
  });

  it("a refresh token is compromised: the user's logins end, and the log tells of them", async () => {
    const kitchen = await Kitchen.open();
    await kitchen.ok(LOG_IN);
    const { stdout } = await kitchen.cook(["leaked-refresh-token"]);
    expect(stdout).toContain("alice");
    const { code } = await kitchen.run("jq -r .refresh_token login.json | jwtctl refresh -");
    expect(code).toBe(1);
  });

  it("watch and numbers: fine while all is well; each of them fails for its own reason", async () => {
    const kitchen = await Kitchen.open();
    await kitchen.ok("jwtctl keys jwks --out /srv/www/.well-known/jwks.json");
    await kitchen.cook(["watch"]);
    const { stdout } = await kitchen.cook(["numbers"]);
    expect(stdout).toMatch(/^\d{4}-\d\d-\d\dT[^\n]*\n0\n$/);

    await kitchen.ok("jwtctl keys rotate --now");
    await expect(kitchen.cook(["watch"]), "the published set is out of step").rejects.toThrow();
    await kitchen.ok("jwtctl keys jwks --out /srv/www/.well-known/jwks.json");
    await kitchen.cook(["watch"]);
    await kitchen.ok(`${LOG_IN}\njq -r .refresh_token login.json | jwtctl refresh - > /dev/null`);
    const again = "jq -r .refresh_token login.json | jwtctl refresh -";
    expect((await kitchen.run(again, { env: clockOff(60) })).code).toBe(1);
    await expect(kitchen.cook(["watch"]), "reuse was detected").rejects.toThrow();
  });

  it("a backup is made, tried and restored, and the set is published anew", async () => {
    const kitchen = await Kitchen.open();
    expect(await kitchen.run("jwtctl-backup /srv/backup")).toMatchObject(SILENT);
    await kitchen.cook(["rehearsal"]);
    const before = await activeKid(kitchen);
    await kitchen.ok("jwtctl keys rotate --now; truncate --size 20000 /srv/jwtctl/jwtctl.db");
    expect((await kitchen.run("jwtctl keys list")).code).toBe(6);
    await kitchen.cook(["restore"]);
    expect(await activeKid(kitchen)).toBe(before);
    expect(kidsIn(kitchen.read(JWKS))).toContain(before);
  });

  it("the rehearsal fails when the passphrase that was kept is not that of the backup", async () => {
    const kitchen = await Kitchen.open();
    await kitchen.ok("jwtctl-backup /srv/backup");
    writeFileSync(kitchen.path("jwtctl/passphrase"), "another one\n");
    await expect(kitchen.cook(["rehearsal"])).rejects.toThrow("rehearsal ended with 1");
    expect((await kitchen.run("jwtctl doctor --full")).stdout).toMatch(/key_material.*passphrase/);
  });
});

const LOG_IN = `
  printf 'a password of many letters' > password
  jwtctl users add alice --password-file password > /dev/null
  jwtctl login alice --password-file password --no-save --json > login.json`;

describeWith("exit codes", MOUNTS, () => {
  it("check-token says what to do about every kind of token", async () => {
    const kitchen = await Kitchen.open();
    await kitchen.ok(`jwtctl keys jwks --out jwks.json
      JWTCTL_DB=other.db jwtctl init --no-passphrase
      JWTCTL_DB=other.db jwtctl keys jwks --out other.json`);
    const mint = async (flags: string) =>
      (await kitchen.ok(`jwtctl mint --sub alice --quiet ${flags}`)).trim();
    const good = await mint("--ttl 5m");
    const forged = JSON.parse(await kitchen.ok(`jwtctl tamper ${good} --claim role=admin --json`))
      .token as string;
    const cases: [string, string, number, RegExp][] = [
      [good, "jwks.json", 0, /^let it in: alice$/m],
      [forged, "jwks.json", 0, /^refuse it, and look who sent it: signature/m],
      [good, "other.json", 0, /nobody here knows its key/],
      [await mint("--exp -1h"), "jwks.json", 0, /only the time is wrong/],
      ["not.a.token", "jwks.json", 0, /this is no token/],
      [good, "http://127.0.0.1:9/jwks.json", 75, /not its fault/],
      [good, "nowhere.json", 70, /a mistake in this script/],
    ];
    for (const [token, jwks, code, says] of cases) {
      const ended = await kitchen.run(`check-token '${token}' ${jwks}`);
      expect([token, ended.code]).toEqual([token, code]);
      expect(ended.stdout + ended.stderr).toMatch(says);
    }
  });
});
