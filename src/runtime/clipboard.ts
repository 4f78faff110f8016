import { spawn } from "node:child_process";
import { AppError } from "../core/base/errors.ts";
import type { Clipboard } from "./runtime.ts";

/** A program that reads or writes the clipboard. Text goes through its streams, never through its arguments. */
interface Tool {
  readonly command: string;
  readonly args: readonly string[];
  /** How it wants its input. */
  readonly encoding?: "utf16le";
}

interface Tools {
  readonly read: readonly Tool[];
  readonly write: readonly Tool[];
}

/** What became of a program. */
export type Ran =
  | { readonly kind: "missing" }
  | { readonly kind: "failed"; readonly why: string }
  | { readonly kind: "done"; readonly output: Uint8Array };

export type RunTool = (
  command: string,
  args: readonly string[],
  options: { readonly input?: Uint8Array; readonly limit: number },
) => Promise<Ran>;

export interface ClipboardOptions {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** In place of real programs. */
  readonly run?: RunTool;
}

/**
 * The clipboard through the platform's own programs. The terminal is never asked for it (OSC 52): what answers there
 * can be anyone.
 */
export function createClipboard({ platform, env, run = runTool }: ClipboardOptions): Clipboard {
  const tools = toolsOf(platform, env);
  return {
    async read(limit) {
      return firstThatRuns(tools.read, (tool) => run(tool.command, tool.args, { limit }));
    },
    async write(text) {
      await firstThatRuns(tools.write, (tool) =>
        run(tool.command, tool.args, { input: Buffer.from(text, tool.encoding ?? "utf8"), limit: 0 }),
      );
    },
  };
}

async function firstThatRuns(tools: readonly Tool[], run: (tool: Tool) => Promise<Ran>): Promise<Uint8Array> {
  let failure: string | undefined;
  for (const tool of tools) {
    const ran = await run(tool);
    if (ran.kind === "done") return ran.output;
    if (ran.kind === "failed") failure ??= `${tool.command} ${ran.why}`;
  }
  throw new AppError(
    "clipboard_unavailable",
    failure === undefined ? "no clipboard available" : `the clipboard cannot be used: ${failure}`,
    { hints: [hintFor(tools)] },
  );
}

function hintFor(tools: readonly Tool[]): string {
  const names = [...new Set(tools.map(({ command }) => command))];
  return names.length === 0
    ? "Use a pipe or a file instead: jwtctl decode @FILE"
    : `Install one of ${names.join(", ")}, or use a pipe or a file instead`;
}

const tool = (command: string, ...args: readonly string[]): Tool => ({ command, args });

const POWERSHELL = ["-NoProfile", "-NonInteractive", "-Command"];

/** @param programs where they are; without it they are looked for as the system does */
function windowsTools(programs?: { readonly powershell: string; readonly clip: string }): Tools {
  const powershell = programs?.powershell ?? "powershell.exe";
  return {
    read: [
      tool(
        powershell,
        ...POWERSHELL,
        "[Console]::OutputEncoding=[Text.Encoding]::UTF8; [Console]::Out.Write((Get-Clipboard -Raw))",
      ),
    ],
    write: [
      tool(
        powershell,
        ...POWERSHELL,
        "[Console]::InputEncoding=[Text.Encoding]::UTF8; Set-Clipboard -Value ([Console]::In.ReadToEnd())",
      ),
      { ...tool(programs?.clip ?? "clip.exe"), encoding: "utf16le" },
    ],
  };
}

/** Windows looks for a program in the working directory first, where anyone may have put one of that name. */
function ownToolsOfWindows(env: ClipboardOptions["env"]): Tools {
  const system = `${env.SystemRoot ?? env.windir ?? "C:\\Windows"}\\System32`;
  return windowsTools({
    powershell: `${system}\\WindowsPowerShell\\v1.0\\powershell.exe`,
    clip: `${system}\\clip.exe`,
  });
}

/** The programs for where this runs, the likeliest first. */
function toolsOf(platform: string, env: ClipboardOptions["env"]): Tools {
  if (platform === "darwin") return { read: [tool("pbpaste")], write: [tool("pbcopy")] };
  if (platform === "win32") return ownToolsOfWindows(env);
  const sets: Tools[] = [];
  if (env.WSL_DISTRO_NAME || env.WSL_INTEROP) sets.push(windowsTools());
  if (env.TERMUX_VERSION) {
    sets.push({ read: [tool("termux-clipboard-get")], write: [tool("termux-clipboard-set")] });
  }
  if (env.WAYLAND_DISPLAY) {
    sets.push({ read: [tool("wl-paste", "--no-newline")], write: [tool("wl-copy", "--type", "text/plain")] });
  }
  if (env.DISPLAY) {
    sets.push({
      read: [tool("xclip", "-selection", "clipboard", "-out"), tool("xsel", "--clipboard", "--output")],
      write: [tool("xclip", "-selection", "clipboard", "-in"), tool("xsel", "--clipboard", "--input")],
    });
  }
  return { read: sets.flatMap(({ read }) => read), write: sets.flatMap(({ write }) => write) };
}

function tooLarge(limit: number): AppError {
  return new AppError("input_too_large", `the clipboard holds more than ${limit} bytes`, {
    hints: ["Copy the token alone"],
  });
}

/** The environment without the store's passphrase: what holds the clipboard goes on running, with all it was given. */
function withoutPassphrase(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => name.toUpperCase() !== "JWTCTL_PASSPHRASE"),
  );
}

/** A clipboard answers at once, or not at all. */
const TIME_LIMIT = 5_000;

const runTool: RunTool = (command, args, { input, limit }) =>
  new Promise((resolve, reject) => {
    // Programs that keep serving what was copied stay in the background, holding the streams they were given.
    const child = spawn(command, [...args], {
      stdio: ["pipe", input === undefined ? "pipe" : "ignore", "ignore"],
      windowsHide: true,
      env: withoutPassphrase(process.env),
    });
    const chunks: Uint8Array[] = [];
    let size = 0;
    const timer = setTimeout(() => end({ kind: "failed", why: "does not answer" }), TIME_LIMIT);
    const end = (ran: Ran | AppError) => {
      clearTimeout(timer);
      child.kill();
      if (ran instanceof AppError) reject(ran);
      else resolve(ran);
    };
    child.on("error", (error: NodeJS.ErrnoException) =>
      end(
        error.code === "ENOENT"
          ? { kind: "missing" }
          : { kind: "failed", why: `cannot be started: ${error.code}` },
      ),
    );
    child.stdout?.on("data", (chunk: Uint8Array) => {
      size += chunk.length;
      if (size > limit) end(tooLarge(limit));
      else chunks.push(chunk);
    });
    child.on(input === undefined ? "close" : "exit", (code) =>
      end(
        code === 0
          ? { kind: "done", output: Buffer.concat(chunks) }
          : { kind: "failed", why: `ended with ${code}` },
      ),
    );
    // A program that does not read is told by how it ends.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input ?? "");
  });
