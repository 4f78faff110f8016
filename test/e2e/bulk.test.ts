import { spawn } from "node:child_process";
import { generateKeyPairSync, sign } from "node:crypto";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { authority } from "../support/authority.ts";
import { LAUNCHER, Sandbox } from "../support/spawn.ts";

const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const PUBLIC_PEM = publicKey.export({ type: "spki", format: "pem" }) as string;
const segment = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

function token(claims: object): string {
  const input = `${segment({ alg: "ES256", typ: "JWT" })}.${segment(claims)}`;
  const signature = sign("sha256", Buffer.from(input), { key: privateKey, dsaEncoding: "ieee-p1363" });
  return `${input}.${signature.toString("base64url")}`;
}

/** Enough for threads to be started: more than the beginning that is worked off without them. */
const COUNT = 3_000;
const PADDING = "x".repeat(600);
/** Every tenth is expired, every hundredth no token at all. */
const kindOf = (line: number) => (line % 100 === 0 ? "garbage" : line % 10 === 0 ? "expired" : "good");
let tokens = "";

beforeAll(() => {
  const now = Math.floor(Date.now() / 1000);
  const lines = Array.from({ length: COUNT }, (_, index) => {
    const line = index + 1;
    const exp = kindOf(line) === "expired" ? now - 60 : now + 3_600;
    return kindOf(line) === "garbage" ? `garbage ${line}` : token({ sub: `user ${line}`, exp, pad: PADDING });
  });
  tokens = `${lines.join("\n")}\n`;
});

interface Entry {
  readonly line: number;
  readonly valid?: boolean;
  readonly code?: string;
  readonly payload?: { readonly sub: string };
  readonly error?: { readonly code: string };
}

const entriesOf = (stdout: string) =>
  stdout
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Entry);

function sandboxWithTokens(): Sandbox {
  const sandbox = new Sandbox();
  writeFileSync(sandbox.path("tokens"), tokens);
  writeFileSync(sandbox.path("key.pem"), PUBLIC_PEM);
  return sandbox;
}

describe("threads", () => {
  it.each(["1", "2", "5"])("%s of them verify every line and write the entries in order", async (jobs) => {
    const sandbox = sandboxWithTokens();
    const words = ["verify", "--lines", "@tokens", "--key", "key.pem", "--jobs", jobs, "--json"];
    const { code, stdout, stderr } = await sandbox.jwtctl(words);
    expect(code).toBe(1);
    const entries = entriesOf(stdout);
    expect(entries.map(({ line }) => line)).toEqual(Array.from({ length: COUNT }, (_, index) => index + 1));
    const expected = { good: undefined, expired: "token_expired", garbage: "token_malformed" };
    expect(entries.filter((entry) => entry.code !== expected[kindOf(entry.line)])).toEqual([]);
    expect(JSON.parse(stderr).summary).toMatchObject({
      ...{ tokens: COUNT, failed: COUNT / 10 },
      failures: { token_expired: (COUNT / 100) * 9, token_malformed: COUNT / 100 },
    });
  });

  it("decode what comes through a pipe as they decode a file", async () => {
    const sandbox = sandboxWithTokens();
    const fromFile = await sandbox.jwtctl(["decode", "--lines", "@tokens"]);
    const fromPipe = await sandbox.bash("cat tokens | jwtctl decode --lines -q");
    expect(fromPipe).toMatchObject({ code: 1, stderr: "" });
    expect(fromPipe.stdout).toBe(fromFile.stdout);
    const entries = entriesOf(fromFile.stdout);
    expect(entries).toHaveLength(COUNT);
    expect(
      entries.filter(({ line, payload }) => payload !== undefined && payload.sub !== `user ${line}`),
    ).toEqual([]);
  });

  it("ask the main thread for the keys of the store", async () => {
    const sandbox = await authority();
    const minted = (await sandbox.ok(["mint", "--sub", "bob", "--claim", `pad=${PADDING}`])).trim();
    const [, payload = "", signature = ""] = minted.split(".");
    const other = `${segment({ alg: "ES256", kid: "unknown" })}.${payload}.${signature}`;
    writeFileSync(sandbox.path("tokens"), `${minted}\n${other}\n`.repeat(400));
    const { code, stdout, stderr } = await sandbox.jwtctl(["verify", "--lines", "@tokens"]);
    const entries = entriesOf(stdout);
    expect(entries).toHaveLength(800);
    expect(entries.filter(({ line, valid }) => valid !== (line % 2 === 1))).toEqual([]);
    expect(stderr).toContain("400 valid, 400 failed (400 no_matching_key)");
    expect(code).toBe(1);
  });
});

/** jwtctl with its input open, and its output not read until somebody listens. */
function start(words: readonly string[]) {
  const child = spawn(process.execPath, [LAUNCHER, ...words], { stdio: ["pipe", "pipe", "ignore"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

describe("a reader that goes away or is slow", () => {
  it("| head -1 ends a run of many lines quietly, with its threads", async () => {
    const sandbox = sandboxWithTokens();
    const script = "jwtctl verify --lines @tokens --key key.pem | head -1";
    const { code, stdout, stderr } = await sandbox.bash(script);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '{"line":1,"valid":true}\n', stderr: "" });
  });

  it("| head -1 ends it although the input has no end", async () => {
    const sandbox = sandboxWithTokens();
    const script = "yes garbage | jwtctl decode --lines | head -1 | cut -c 1-9";
    const { stdout, stderr } = await sandbox.bash(script);
    expect({ stdout, stderr }).toEqual({ stdout: '{"line":1\n', stderr: "" });
  });

  it("an entry is written as soon as its line is there, though the input goes on", async () => {
    const child = start(["decode", "--lines"]);
    child.stdin.write(`${token({ sub: "first" })}\n`);
    const [first] = await once(child.stdout, "data");
    expect(JSON.parse(String(first))).toMatchObject({ line: 1, payload: { sub: "first" } });
    child.stdin.end(`${token({ sub: "second" })}\n`);
    const [second] = await once(child.stdout, "data");
    expect(JSON.parse(String(second))).toMatchObject({ line: 2, payload: { sub: "second" } });
    expect(await once(child, "close")).toEqual([0, null]);
  });

  it("a reader that does not read stops the reading of the input, and nothing piles up", async () => {
    const { stdin, stdout } = start(["decode", "--lines"]);
    stdin.on("error", () => undefined);
    const chunk = `${token({ pad: PADDING })}\n`.repeat(1_000);
    stdin.write(chunk);
    await once(stdout, "readable");
    let taken = 0;
    let idle = 0;
    while (idle < 20 && taken < 200_000_000) {
      const before = taken;
      const isTaken = () => {
        taken += chunk.length;
      };
      if (stdin.writableLength < chunk.length) stdin.write(chunk, isTaken);
      await setTimeout(50);
      idle = taken === before ? idle + 1 : 0;
    }
    expect(taken).toBeLessThan(50_000_000);
  });
});

/** Prints the largest memory the process ever had, in MB, when it ends. */
const PEAK = `process.on("exit", () => process._rawDebug("peak", Math.round(process.resourceUsage().maxRSS / 1024)));`;

describe("memory", () => {
  const peakOf = async (sandbox: Sandbox, script: string) => {
    writeFileSync(sandbox.path("peak.cjs"), `if (require("node:worker_threads").isMainThread) ${PEAK}`);
    const env = { NODE_OPTIONS: `--require ${sandbox.path("peak.cjs")}` };
    const { code, stdout, stderr } = await sandbox.bash(script, { env });
    return { code, stdout, peak: Number(/peak (\d+)/.exec(stderr)?.[1]) };
  };

  it("does not grow with the number of lines", async () => {
    const sandbox = new Sandbox();
    writeFileSync(sandbox.path("tokens"), `${token({ sub: "bob", pad: PADDING })}\n`.repeat(1_000));
    const again = (times: number) =>
      `for i in $(seq ${times}); do cat tokens; done | jwtctl decode --lines | tail -1 | cut -c 1-14`;
    const few = await peakOf(sandbox, again(10));
    const many = await peakOf(sandbox, again(300));
    expect(few.stdout).toBe('{"line":10000,\n');
    expect(many.stdout).toBe('{"line":300000\n');
    // 300 MB of input came through.
    expect(many.peak).toBeLessThan(few.peak + 120);
  });

  it("does not grow with the length of a line, which is then an entry that says so", async () => {
    const sandbox = new Sandbox();
    const script =
      "{ head -c 300000000 /dev/zero | tr '\\0' a; echo; echo b; } | jwtctl decode --lines --jobs 1";
    const { code, stdout, peak } = await peakOf(sandbox, script);
    expect(code).toBe(1);
    expect(entriesOf(stdout)).toMatchObject([
      { line: 1, error: { code: "input_too_large" } },
      { line: 2, error: { code: "token_malformed" } },
    ]);
    expect(peak).toBeLessThan(200);
  });
});

describe("faults", () => {
  it("a full disk behind stdout is an error that says so, and ends the run", async () => {
    const sandbox = sandboxWithTokens();
    const { stdout, stderr } = await sandbox.bash("jwtctl decode --lines @tokens > /dev/full; echo $?");
    expect(stdout).toBe("2\n");
    expect(stderr).toMatch(/^error: the output cannot be written: the disk is full\nhint: /);
  });

  it("a directory instead of a file", async () => {
    const { code, stderr } = await new Sandbox().jwtctl(["decode", "--lines", "@."]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "error: cannot read .: it is a directory\nhint: Check the path\n",
    });
  });

  it("a closed stdin is an empty input", async () => {
    const { stdout, stderr } = await new Sandbox().bash("jwtctl decode --lines <&-; echo $?");
    expect({ stdout, stderr }).toEqual({ stdout: "0\n", stderr: "0 tokens: 0 decoded\n" });
  });
});
