import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createClipboard, type Ran } from "../../../src/runtime/clipboard.ts";

const directories: string[] = [];
const path = process.env["PATH"];
afterEach(() => {
  process.env["PATH"] = path;
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

interface Call {
  readonly command: string;
  readonly args: readonly string[];
  readonly input: string | undefined;
}

/** A clipboard whose programs only note how they were called. @param present those that are installed */
function recording(platform: string, env: Record<string, string>, present: (command: string) => Ran) {
  const calls: Call[] = [];
  const clipboard = createClipboard({
    platform,
    env,
    run: async (command, args, { input }) => {
      calls.push({
        command,
        args,
        input: input && Buffer.from(input).toString(command.endsWith("clip.exe") ? "utf16le" : "utf8"),
      });
      return present(command);
    },
  });
  return { clipboard, calls };
}

const POWERSHELL = "\\System32\\WindowsPowerShell\\v1.0\\powershell.exe";
const done = (text = ""): Ran => ({ kind: "done", output: Buffer.from(text) });
const missing: Ran = { kind: "missing" };

describe("the clipboard", () => {
  it.each([
    ["macOS", "darwin", {}, "pbpaste", "pbcopy"],
    ["Windows", "win32", { SystemRoot: "D:\\W" }, `D:\\W${POWERSHELL}`, `D:\\W${POWERSHELL}`],
    [
      "Linux under Windows",
      "linux",
      { WSL_DISTRO_NAME: "x", DISPLAY: ":0" },
      "powershell.exe",
      "powershell.exe",
    ],
    ["Wayland", "linux", { WAYLAND_DISPLAY: "wayland-0", DISPLAY: ":0" }, "wl-paste", "wl-copy"],
    ["X11", "linux", { DISPLAY: ":0" }, "xclip", "xclip"],
    ["Termux", "android", { TERMUX_VERSION: "1" }, "termux-clipboard-get", "termux-clipboard-set"],
  ])("is the platform's on %s", async (_, platform, env, reader, writer) => {
    const { clipboard, calls } = recording(platform, env, () => done("token"));
    expect(new TextDecoder().decode(await clipboard.read(100))).toBe("token");
    await clipboard.write("text");
    expect(calls.map(({ command, input }) => [command, input])).toEqual([
      [reader, undefined],
      [writer, "text"],
    ]);
  });

  it("tries the next program when one is not installed, or fails", async () => {
    const { clipboard, calls } = recording("linux", { WAYLAND_DISPLAY: "w", DISPLAY: ":0" }, (command) =>
      command === "xsel"
        ? done("x")
        : command === "wl-paste"
          ? { kind: "failed", why: "ended with 1" }
          : missing,
    );
    await clipboard.read(100);
    expect(calls.map(({ command }) => command)).toEqual(["wl-paste", "xclip", "xsel"]);
  });

  it.each([
    ["without a desktop", "linux", {}, () => missing, "no clipboard available"],
    ["without a program", "linux", { DISPLAY: ":0" }, () => missing, "no clipboard available"],
    [
      "when its program fails",
      "darwin",
      {},
      (): Ran => ({ kind: "failed", why: "ended with 1" }),
      "the clipboard cannot be used: pbpaste ended with 1",
    ],
  ])("is refused %s, with a way out", async (_, platform, env, present, message) => {
    const { clipboard } = recording(platform, env, present);
    await expect(clipboard.read(100)).rejects.toMatchObject({
      code: "clipboard_unavailable",
      message,
      hints: [expect.stringContaining("a pipe or a file")],
    });
  });

  it("attack: a program of that name in the working directory, where Windows looks first, is not run", async () => {
    const { clipboard, calls } = recording("win32", {}, (command) =>
      command.endsWith("powershell.exe") ? missing : done(),
    );
    await clipboard.write("x");
    expect(calls.map(({ command }) => command)).toEqual([
      `C:\\Windows${POWERSHELL}`,
      "C:\\Windows\\System32\\clip.exe",
    ]);
  });

  it("never puts what is copied into an argument (command injection)", async () => {
    const evil = '"; rm -rf ~; echo "$(id)`id`';
    for (const [platform, env] of [
      ["darwin", {}],
      ["win32", {}],
      ["linux", { DISPLAY: ":0", WAYLAND_DISPLAY: "w" }],
    ] as const) {
      const { clipboard, calls } = recording(platform, env, (command) =>
        command.endsWith("powershell.exe") ? missing : done(),
      );
      await clipboard.write(evil);
      expect(calls.at(-1)?.input).toBe(evil);
      expect(JSON.stringify(calls.map(({ args }) => args))).not.toContain("rm -rf");
    }
  });
});

describe.skipIf(process.platform === "win32")("real programs", () => {
  /** Programs of the test's own, first in the path. */
  function install(programs: Record<string, string>): string {
    const directory = mkdtempSync(join(tmpdir(), "jwtctl-clipboard-"));
    directories.push(directory);
    for (const [name, script] of Object.entries(programs)) {
      const file = join(directory, name);
      writeFileSync(file, `#!/bin/sh\n${script.replaceAll("DIR", directory)}\n`);
      chmodSync(file, 0o755);
    }
    process.env["PATH"] = `${directory}:${path}`;
    return directory;
  }

  const clipboard = () => createClipboard({ platform: "linux", env: { DISPLAY: ":0" } });

  it("attack: a program that keeps the clipboard is looked at: it was not given the store's passphrase", async () => {
    const directory = install({ xclip: "cat > /dev/null; env > DIR/environment" });
    process.env["JWTCTL_PASSPHRASE"] = "an old oak behind the mill";
    try {
      await clipboard().write("x");
    } finally {
      delete process.env["JWTCTL_PASSPHRASE"];
    }
    const environment = readFileSync(join(directory, "environment"), "utf8");
    expect(environment).toContain("PATH=");
    expect(environment).not.toContain("an old oak");
  });

  it("are given what is copied on their stdin, and read from their stdout", async () => {
    const directory = install({ xclip: 'if [ "$3" = -in ]; then cat > DIR/held; else cat DIR/held; fi' });
    await clipboard().write("höhe\n");
    expect(readFileSync(join(directory, "held"), "utf8")).toBe("höhe\n");
    expect(new TextDecoder().decode(await clipboard().read(100))).toBe("höhe\n");
  });

  it("may stay in the background to serve what was copied (as xclip and wl-copy do)", async () => {
    const directory = install({ xclip: "cat > DIR/held; sleep 30 & echo $! > DIR/pid; exit 0" });
    await clipboard().write("text");
    expect(readFileSync(join(directory, "held"), "utf8")).toBe("text");
    process.kill(Number(readFileSync(join(directory, "pid"), "utf8")));
  });

  it("are stopped when they hold more than is read (a clipboard as a bomb)", async () => {
    install({ xclip: "yes" });
    await expect(clipboard().read(1000)).rejects.toMatchObject({ code: "input_too_large" });
  });

  it("are refused by how they end", async () => {
    install({ xclip: "exit 3", xsel: "exit 4" });
    await expect(clipboard().read(100)).rejects.toMatchObject({
      message: "the clipboard cannot be used: xclip ended with 3",
    });
  });
});
