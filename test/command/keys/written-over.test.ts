import { existsSync, linkSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Cli } from "../../support/run.ts";

const PASSWORD = "seven green kettles hum";

/** A store, a current login, and other names for both. */
async function authority(): Promise<{ cli: Cli; store: string; login: string }> {
  const cli = new Cli();
  await cli.ok("init --no-passphrase");
  await cli.ok("users add alice --password-stdin", { stdin: PASSWORD });
  await cli.ok("login alice --password-stdin", { stdin: PASSWORD });
  const store = cli.path("data/jwtctl.db");
  const login = cli.path("state/credentials.json");
  symlinkSync(store, cli.path("link"));
  linkSync(store, cli.path("second-name"));
  symlinkSync(cli.path("data"), cli.path("linked"));
  symlinkSync(login, cli.path("login-link"));
  linkSync(login, cli.path("login-name"));
  return { cli, store, login };
}

const COMMANDS: readonly (readonly [string, (file: string, kid: string) => string[]])[] = [
  ["keys jwks --out", (file) => ["keys", "jwks", "--out", file]],
  ["keys export --out", (file, kid) => ["keys", "export", kid, "--force", "--out", file]],
  [
    "keys export --private --out",
    (file, kid) => ["keys", "export", kid, "--private", "--no-passphrase", "--force", "--out", file],
  ],
  [
    "keys generate --no-store --out",
    (file) => ["keys", "generate", "--no-store", "--no-passphrase", "--force", "--out", file],
  ],
  [
    "keys generate --dry-run --out",
    (file) => ["keys", "generate", "--no-store", "--no-passphrase", "--dry-run", "--force", "--out", file],
  ],
  ["audit export", (file) => ["audit", "export", file, "--force"]],
  ["backup", (file) => ["backup", file, "--force"]],
];

const TARGETS = [
  "data/jwtctl.db",
  "link",
  "second-name",
  "linked/jwtctl.db",
  "data/jwtctl.db-wal",
  "data/jwtctl.db-shm",
  "linked/jwtctl.db-journal",
  "link-wal",
  "state/credentials.json",
  "state/credentials.json.lock",
  "login-link",
  "login-name",
];

describe("the store written over by the output of a command", () => {
  it.each(COMMANDS)("is refused by %s, under every name of the store and of the login", async (_, words) => {
    const { cli, store, login } = await authority();
    const [{ kid } = { kid: "" }] = await cli.json<{ kid: string }[]>("keys list");
    const before = [readFileSync(store), readFileSync(login)];
    for (const target of TARGETS) {
      const isThere = existsSync(cli.path(target));
      const refusal = await cli.refusal(words(cli.path(target), kid));
      expect(refusal, target).toMatchObject({ exit: 2, code: "usage", stdout: "" });
      expect(refusal.message).toContain("nothing was written");
      expect(refusal.hints).toEqual(["Name another file"]);
      expect(existsSync(cli.path(target)), target).toBe(isThere);
    }
    expect([readFileSync(store), readFileSync(login)]).toEqual(before);
  });

  it("is refused for the public half of a key that lands on it", async () => {
    const { cli } = await authority();
    const db = cli.path("data/jwtctl.db");
    const named = cli.path("data/store.pub");
    symlinkSync(db, named);
    const command = ["keys", "generate", "--no-store", "--no-passphrase", "--force", "--db", named];
    expect(await cli.refusal([...command, "--out", cli.path("data/store")])).toMatchObject({ exit: 2 });
    expect(existsSync(cli.path("data/store"))).toBe(false);
  });

  it("is refused where the store is still to be made", async () => {
    const cli = new Cli();
    const file = cli.path("store.db");
    const command = ["keys", "generate", "--no-store", "--no-passphrase", "--out", file, "--db", file];
    expect(await cli.refusal(command)).toMatchObject({ exit: 2, code: "usage" });
    expect(existsSync(file)).toBe(false);
  });

  it("is refused for a log that is there under a second name", async () => {
    const { cli, store } = await authority();
    writeFileSync(`${store}-journal`, "");
    linkSync(`${store}-journal`, cli.path("out.json"));
    expect(await cli.refusal(["keys", "jwks", "--out", cli.path("out.json")])).toMatchObject({ exit: 2 });
  });

  it("is refused for a current login that would be kept in it", async () => {
    const { cli, store } = await authority();
    const before = readFileSync(store);
    for (const file of [store, cli.path("link"), cli.path("second-name"), `${store}-wal`]) {
      const env = { JWTCTL_CREDENTIALS: file };
      for (const command of ["login alice --password-stdin", "whoami", "refresh", "logout", "access-token"]) {
        const { exit, code, hints } = await cli.refusal(command, { env, stdin: PASSWORD });
        expect({ exit, code }, `${command} ${file}`).toEqual({ exit: 2, code: "usage" });
        expect(hints).toEqual(["Name another file for the current login in JWTCTL_CREDENTIALS"]);
      }
    }
    expect(readFileSync(store)).toEqual(before);
  });
});
