import { existsSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { authority, PASSWORD } from "../support/authority.ts";
import { Sandbox } from "../support/spawn.ts";

const JWT = /^[\w-]+\.[\w-]+\.[\w-]+\n$/;

describe("stdout is the answer", () => {
  it("TOKEN=$(jwtctl access-token) holds a token and nothing else", async () => {
    const sandbox = await authority({ login: true });
    const { code, stdout, stderr } = await sandbox.bash(
      'TOKEN=$(jwtctl access-token); printf "%s\\n" "$TOKEN"',
    );
    expect(stdout).toMatch(JWT);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  it("mint | verify - says nothing on stderr and only the report on stdout", async () => {
    const sandbox = await authority();
    const minted = await sandbox.jwtctl(["mint", "--sub", "bob", "--ttl", "5m"]);
    expect(minted).toMatchObject({ code: 0, stderr: "", stdout: expect.stringMatching(JWT) });
    const piped = await sandbox.bash(
      "set -o pipefail; jwtctl mint --sub bob --ttl 5m | jwtctl verify - --json",
    );
    expect(piped).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(piped.stdout)).toMatchObject({ valid: true, payload: { sub: "bob" } });
  });

  it("keys list --json | head -1 ends without a word on stderr", async () => {
    const sandbox = await authority();
    const { code, stdout, stderr } = await sandbox.bash("jwtctl keys list --json | head -1");
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "[\n", stderr: "" });
  });

  it("a reader that has gone before the first byte is no error", async () => {
    const sandbox = await authority();
    const { stdout, stderr } = await sandbox.bash("set -o pipefail; jwtctl --help | true; echo $?");
    expect({ stdout, stderr }).toEqual({ stdout: "0\n", stderr: "" });
  });

  it("a megabyte through a slow pipe is not cut", async () => {
    const sandbox = new Sandbox();
    const payload = Buffer.from(JSON.stringify({ blob: "x".repeat(1_000_000), last: "the end" })).toString(
      "base64url",
    );
    const header = Buffer.from('{"alg":"none"}').toString("base64url");
    writeFileSync(sandbox.path("token"), `${header}.${payload}.`);
    const script =
      'jwtctl decode @token --json | { read -r -n 1 first; sleep 0.2; printf %s "$first"; cat; }';
    const { stdout } = await sandbox.bash(script);
    expect(JSON.parse(stdout).payload).toMatchObject({ last: "the end" });
  });

  it("a full disk behind stdout is an error that says so", async () => {
    const sandbox = new Sandbox();
    const { stdout, stderr } = await sandbox.bash("jwtctl --help > /dev/full; echo $?");
    expect(stdout).toBe("2\n");
    expect(stderr).toMatch(/^error: the output cannot be written: the disk is full\nhint: /);
  });

  it("closed stdin is an empty one", async () => {
    const sandbox = new Sandbox();
    const { stdout, stderr } = await sandbox.bash("jwtctl decode <&-; echo $?");
    expect(stdout).toBe("2\n");
    expect(stderr).toMatch(/^error: no token was given/);
  });

  it("an explicit token beats piped stdin", async () => {
    const sandbox = await authority();
    const token = (await sandbox.ok(["mint", "--sub", "bob"])).trim();
    const { code, stdout } = await sandbox.jwtctl(["decode", token, "--json"], { stdin: "garbage" });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ payload: { sub: "bob" }, verified: null });
  });
});

describe("paths below which nothing can be made", () => {
  it.runIf(existsSync("/proc/self"))("end a command, which once asked for ever", async () => {
    const sandbox = await authority({ login: true });
    const credentials = await sandbox.jwtctl(["login", "alice", "--password-stdin"], {
      stdin: PASSWORD,
      env: { JWTCTL_CREDENTIALS: "/proc/none/credentials.json" },
    });
    expect(credentials.stderr).toMatch(/^error: cannot make the directory of \/proc\/none/);
    expect(credentials.code).toBe(2);
    const store = await sandbox.jwtctl(["init", "--no-passphrase", "--db", "/proc/none/a/store.db"]);
    expect(store.stderr).toMatch(/^error: .*\/proc\/none\/a\/store\.db/);
    expect(store.code).toBe(6);
  });
});
