import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { authority, login, PASSWORD, type TokenResponse } from "../support/authority.ts";
import { inNamespace, MOUNTS } from "../support/namespace.ts";
import { describeWith } from "../support/needs.ts";
import { behind, expectSound, storeOf } from "../support/sound-store.ts";
import { LAUNCHER, type Refusal, refusalOf, Sandbox } from "../support/spawn.ts";

/** What became of one command in a script: see {@link onFullDisk}. */
interface Step {
  readonly code: number;
  readonly out: string;
  readonly error: Refusal | undefined;
}

/**
 * Runs a bash script in which $DISK is a disk of 1 MB: a file system in memory that only the script sees, and that goes
 * with it. `step NAME COMMAND…` runs a command and keeps its exit code and output; `room N` fills the disk up to N KB.
 */
async function onFullDisk(sandbox: Sandbox, script: string): Promise<Map<string, Step>> {
  const steps = sandbox.path("steps");
  const prologue = `
    set -u
    DISK=${sandbox.path("disk")} STEPS=${steps}
    mkdir -p "$DISK" "$STEPS"
    mount -t tmpfs -o size=1m,mode=0700 none "$DISK"
    jwtctl() { "${process.execPath}" "${LAUNCHER}" "$@"; }
    step() {
      local name=$1; shift
      jwtctl "$@" --json > "$STEPS/$name.out" 2> "$STEPS/$name.err"
      echo $? > "$STEPS/$name.code"
    }
    room() {
      rm -f "$DISK/fill"
      local free=$(($(df --output=avail -k "$DISK" | tail -1) - $1))
      head -c $((free > 0 ? free * 1024 : 0)) /dev/zero > "$DISK/fill"
    }`;
  const { code, stderr } = await inNamespace(sandbox, `${prologue}\n${script}`);
  expect([code, stderr]).toEqual([0, ""]);
  const names = readdirSync(steps).filter((name) => name.endsWith(".code"));
  return new Map(names.map((name) => [name.slice(0, -5), readStep(`${steps}/${name.slice(0, -5)}`)]));
}

function readStep(path: string): Step {
  const stderr = readFileSync(`${path}.err`, "utf8");
  return {
    code: Number(readFileSync(`${path}.code`, "utf8")),
    out: readFileSync(`${path}.out`, "utf8"),
    error: stderr.includes('{\n  "error"') ? refusalOf({ stderr }) : undefined,
  };
}

const FULL = {
  code: 6,
  out: "",
  error: {
    code: "store_full",
    message: expect.stringContaining("the disk is full"),
    hints: [expect.stringMatching(/^Make room and try again/)],
  },
};

describeWith("a full disk", MOUNTS, () => {
  it("under the store: what writes is refused, and afterwards everything goes on as if it had not been", async () => {
    const sandbox = new Sandbox();
    sandbox.env["JWTCTL_DB"] = sandbox.path("disk", "jwtctl.db");
    writeFileSync(sandbox.path("password"), PASSWORD);
    const steps = await onFullDisk(
      sandbox,
      `step init init --no-passphrase
       step add users add alice --password-file password
       step strict config set reuse_window 0
       step login login alice --password-file password --no-save
       node -p 'JSON.parse(fs.readFileSync(0)).refresh_token' < "$STEPS/login.out" > token
       room 0
       step refresh refresh @token
       step rotate keys rotate --now
       step log-in login alice --password-file password --no-save
       step register users add bob --password-file password
       step disable users disable alice
       step elsewhere init --no-passphrase --db "$DISK/other.db"
       rm "$DISK/fill" "$DISK"/other.db*
       step again refresh @token
       step keys keys list
       step users users list
       cp "$DISK/jwtctl.db" .`,
    );
    for (const name of ["init", "add", "strict", "login"]) expect(steps.get(name)?.code, name).toBe(0);
    for (const name of ["refresh", "rotate", "log-in", "register", "disable", "elsewhere"]) {
      expect([name, steps.get(name)]).toEqual([name, FULL]);
    }
    // With a window of 0 a second use would be theft: the first has used nothing up.
    expect(steps.get("again")?.code).toBe(0);
    expect(JSON.parse(steps.get("keys")?.out ?? "")).toHaveLength(2);
    expect(JSON.parse(steps.get("users")?.out ?? "")).toMatchObject([{ name: "alice", status: "active" }]);
    await expectSound(inPlace(sandbox));
  });

  it("in the middle of a refresh, wherever that is: the token is used up only when its successor is printed", async () => {
    const sandbox = new Sandbox();
    sandbox.env["JWTCTL_DB"] = sandbox.path("disk", "jwtctl.db");
    writeFileSync(sandbox.path("password"), PASSWORD);
    const rooms = Array.from({ length: 25 }, (_, index) => 4 * index);
    const steps = await onFullDisk(
      sandbox,
      `step init init --no-passphrase
       step add users add alice --password-file password
       step strict config set reuse_window 0
       step login login alice --password-file password --no-save
       node -p 'JSON.parse(fs.readFileSync(0)).refresh_token' < "$STEPS/login.out" > token
       for kilobytes in ${rooms.join(" ")}; do
         room $kilobytes
         step room-$kilobytes refresh @token
         if [ -s "$STEPS/room-$kilobytes.out" ]; then
           node -p 'JSON.parse(fs.readFileSync(0)).refresh_token' < "$STEPS/room-$kilobytes.out" > token
         fi
       done
       rm "$DISK/fill"
       step last refresh @token
       cp "$DISK/jwtctl.db" .`,
    );
    const outcomes = rooms.map((kilobytes) => steps.get(`room-${kilobytes}`));
    for (const outcome of outcomes) if (outcome?.code !== 0) expect(outcome).toEqual(FULL);
    const codes = new Set(outcomes.map((outcome) => outcome?.code));
    expect(codes, "no room in the beginning, room enough in the end").toEqual(new Set([6, 0]));
    expect(steps.get("last")?.code).toBe(0);
    await expectSound(inPlace(sandbox));
  });

  it("under the current login: nothing is traded whose successor could not be saved", async () => {
    const sandbox = await authority();
    await sandbox.ok(["config", "set", "reuse_window", "0"]);
    sandbox.env["JWTCTL_CREDENTIALS"] = sandbox.path("disk", "credentials.json");
    writeFileSync(sandbox.path("password"), PASSWORD);
    const steps = await onFullDisk(
      sandbox,
      `step login login alice --password-file password
       room 0
       step refresh refresh
       room 4
       step anew login alice --password-file password
       rm "$DISK/fill"
       step again refresh
       step list tokens list`,
    );
    // The lock file alone takes the 4 KB; the new login, whose token nobody has, is ended.
    expect(steps.get("anew")).toMatchObject({ code: 2, out: "", error: { code: "file_unwritable" } });
    expect(steps.get("login")?.code).toBe(0);
    expect(steps.get("refresh")).toMatchObject({ code: 2, out: "", error: { code: "file_unwritable" } });
    expect(steps.get("again")?.code).toBe(0);
    expect(JSON.parse(steps.get("list")?.out ?? "")).toMatchObject([
      { status: "revoked", reason: "logout", rotations: 0 },
      { status: "active", rotations: 1 },
    ]);
    await expectSound(sandbox);
  });
});

/** The store that a script has copied off its disk, where the other helpers look for one. */
function inPlace(sandbox: Sandbox): Sandbox {
  const copied = new Sandbox();
  mkdirSync(dirname(storeOf(copied)), { recursive: true });
  copyFileSync(sandbox.path("jwtctl.db"), storeOf(copied));
  return copied;
}

describe("a limit to the size of files (ulimit -f) in the middle of a write", () => {
  it("is told as a full store; nothing is half done, and without the limit all goes on", async () => {
    const sandbox = await authority();
    await sandbox.ok(["config", "set", "reuse_window", "0"]);
    let { refresh_token: token } = await login(sandbox, "--no-save");
    const kilobytes = Math.ceil(statSync(storeOf(sandbox)).size / 1024);
    const codes = new Set<number | null>();
    for (let limit = 4; limit <= kilobytes + 80; limit += 16) {
      const ended = await sandbox.bash(`ulimit -f ${limit}; jwtctl refresh env:TOKEN --json`, {
        env: { TOKEN: token },
      });
      codes.add(ended.code);
      if (ended.code === 0) token = (JSON.parse(ended.stdout) as TokenResponse).refresh_token;
      else expect([ended.code, ended.stdout, refusalOf(ended).code]).toEqual([6, "", "store_full"]);
      await expectSound(sandbox);
    }
    expect(codes).toEqual(new Set([6, 0]));
    await sandbox.ok(["refresh", "-"], { stdin: token });
  });
});

describe("a file of the current login that cannot be used", () => {
  it("does not cost the answer to a refresh token that was given", async () => {
    const sandbox = await authority();
    await sandbox.ok(["config", "set", "reuse_window", "0"]);
    const { refresh_token } = await login(sandbox);
    const file = sandbox.path("state", "jwtctl", "credentials.json");
    renameSync(file, sandbox.path("elsewhere.json"));
    symlinkSync(sandbox.path("elsewhere.json"), file);
    const { code, stdout, stderr } = await sandbox.jwtctl(["refresh", "-", "--json"], {
      stdin: refresh_token,
    });
    expect(code).toBe(0);
    expect(stderr).toMatch(/"warning"[\s\S]*symbolic link[\s\S]*jwtctl login alice/);
    await sandbox.ok(["refresh", "-", "--quiet"], {
      stdin: (JSON.parse(stdout) as TokenResponse).refresh_token,
    });
    expect(
      behind(sandbox, (database) => database.prepare("SELECT rotations FROM sessions").pluck().get()),
    ).toBe(2);
  });

  it("damaged, or with another's content, is not taken for a login and not overwritten unasked", async () => {
    const sandbox = await authority({ login: true });
    const file = sandbox.path("state", "jwtctl", "credentials.json");
    for (const content of [
      "",
      "{",
      "[]",
      '{"user":"alice"}',
      "\0".repeat(100),
      readFileSync(file, "utf8").slice(0, -20),
    ]) {
      writeFileSync(file, content);
      for (const words of [["whoami"], ["access-token"], ["refresh"]]) {
        const ended = await sandbox.jwtctl([...words, "--json"]);
        expect([ended.code, ended.stdout, refusalOf(ended).code]).toEqual([5, "", "json_malformed"]);
      }
      expect(readFileSync(file, "utf8")).toBe(content);
    }
    await login(sandbox);
    await sandbox.ok(["access-token"]);
  });
});
