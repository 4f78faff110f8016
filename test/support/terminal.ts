import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { onTestFinished } from "vitest";
import { LAUNCHER, type Sandbox } from "./spawn.ts";

let terminals = 0;

/** A real terminal: tmux with a shell in which `jwtctl` is the program under test. */
export class Terminal {
  private readonly socket: string;

  constructor(sandbox: Sandbox, size: { columns: number; rows: number } = { columns: 100, rows: 40 }) {
    this.socket = `jwtctl-test-${process.pid}-${++terminals}`;
    const profile = sandbox.path("profile.sh");
    writeFileSync(
      profile,
      `unset HISTFILE\nPS1='READY> '\njwtctl() { "${process.execPath}" "${LAUNCHER}" "$@"; }\n`,
    );
    this.tmux(
      sandbox.env,
      ...["-f", "/dev/null", "new-session", "-d", "-x", String(size.columns), "-y", String(size.rows)],
      ...["-c", sandbox.directory, `bash --noprofile --rcfile ${profile} -i`],
    );
    onTestFinished(() => {
      spawnSync("tmux", ["-L", this.socket, "kill-server"]);
    });
  }

  /** Types text and presses Enter. */
  type(text: string): void {
    this.tmux(undefined, "send-keys", "-l", text);
    this.press("Enter");
  }

  /** Presses one key by its tmux name, as in `C-c`. */
  press(key: string): void {
    this.tmux(undefined, "send-keys", key);
  }

  /** The screen as text. */
  screen(): string {
    return this.tmux(undefined, "capture-pane", "-p").trimEnd();
  }

  /** Waits until the screen shows this. @throws when it never does; the message has the screen */
  async shows(expected: string | RegExp): Promise<string> {
    for (let tries = 0; tries < 600; tries++) {
      const screen = this.screen();
      if (typeof expected === "string" ? screen.includes(expected) : expected.test(screen)) return screen;
      await new Promise((wake) => setTimeout(wake, 50));
    }
    throw new Error(`the terminal never showed ${expected}:\n${this.screen()}`);
  }

  private tmux(env: Record<string, string> | undefined, ...args: string[]): string {
    const result = spawnSync("tmux", ["-L", this.socket, ...args], {
      encoding: "utf8",
      ...(env ? { env: { ...env, TERM: "xterm-256color" } } : {}),
    });
    if (result.status !== 0) throw new Error(`tmux ${args[0]}: ${result.stderr}`);
    return result.stdout;
  }
}
