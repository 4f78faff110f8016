import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { main } from "../../src/main.ts";
import {
  createFakeRuntime,
  FakeClock,
  type FakeRuntimeOptions,
  SeededRandom,
  UnexpectedQuestion,
} from "./fake-runtime.ts";

export type RunOptions = Omit<FakeRuntimeOptions, "directory" | "clock" | "random">;

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  /** The same as bytes. */
  readonly bytes: Buffer;
  readonly stderr: string;
  /** The questions that were asked, in order. */
  readonly asked: readonly string[];
}

/**
 * jwtctl in this process, for one test: a directory, a clock and chance of its own, kept from command to command.
 *
 *     const cli = new Cli();
 *     await cli.ok("init --no-passphrase");
 *     await cli.ok("users add alice --password-stdin", { stdin: "seven green kettles hum" });
 *     const { code, stderr } = await cli.run("login bob", { terminal: true, answers: [["Password", "…"]] });
 */
export class Cli {
  readonly directory: string;
  readonly clock = new FakeClock();
  readonly random: SeededRandom;
  /** For every command of this test. */
  readonly env: Record<string, string | undefined> = {};

  constructor(options: { seed?: string } = {}) {
    this.directory = mkdtempSync(join(tmpdir(), "jwtctl-test-"));
    this.random = new SeededRandom(options.seed);
    onTestFinished(() => rmSync(this.directory, { recursive: true, force: true }));
  }

  /** A path in the test's directory. */
  path(...parts: readonly string[]): string {
    return join(this.directory, ...parts);
  }

  /** Writes a file in the test's directory and gives its path. */
  file(name: string, content: string | Uint8Array): string {
    const path = this.path(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  }

  read(name: string): string {
    return readFileSync(this.path(name), "utf8");
  }

  /** @param command words, or a line that is split at blanks outside quotes */
  async run(command: string | readonly string[], options: RunOptions = {}): Promise<Outcome> {
    const { directory, clock, random } = this;
    const runtime = createFakeRuntime({
      ...options,
      directory,
      clock,
      random,
      env: { ...this.env, ...options.env },
    });
    const code = await main(typeof command === "string" ? words(command) : command, runtime);
    const { asked, unused, surprise } = runtime.script;
    if (surprise) throw surprise;
    if (unused.length > 0)
      throw new UnexpectedQuestion(`never asked: ${unused.map(([text]) => text).join(", ")}`);
    return {
      code,
      stdout: runtime.stdout.text,
      bytes: Buffer.concat(runtime.stdout.chunks),
      stderr: runtime.stderr.text,
      asked,
    };
  }

  /** Like {@link run}, for the steps a test builds on. @returns stdout @throws when the exit code is not 0 */
  async ok(command: string | readonly string[], options: RunOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(command, options);
    if (code === 0) return stdout;
    throw new Error(
      `jwtctl ${typeof command === "string" ? command : command.join(" ")}: ${code}\n${stderr}`,
    );
  }

  /** The document that `--json` prints. */
  async json<T = unknown>(command: string | readonly string[], options: RunOptions = {}): Promise<T> {
    return JSON.parse(
      await this.ok([...(typeof command === "string" ? words(command) : command), "--json"], options),
    );
  }

  /** The refusal under `--json`, with its exit code. @throws when the command succeeds */
  async refusal(command: string | readonly string[], options: RunOptions = {}): Promise<Refusal> {
    const line = [...(typeof command === "string" ? words(command) : command), "--json"];
    const { code, stdout, stderr } = await this.run(line, options);
    if (code === 0) throw new Error(`jwtctl ${line.join(" ")} was not refused: ${stdout}`);
    const { error } = JSON.parse(stderr.slice(stderr.lastIndexOf('{\n  "error"'))) as {
      error: Omit<Refusal, "exit" | "stdout">;
    };
    return { exit: code, stdout, ...error };
  }
}

export interface Refusal {
  readonly exit: number;
  readonly stdout: string;
  readonly code: string;
  readonly message: string;
  readonly hints: readonly string[];
}

/** A command with all that it said, as a person would see it; what golden files are compared with. */
export function transcript(command: string, { code, stdout, stderr, asked }: Outcome): string {
  // The steps that come next are told behind the answer, whichever stream they are on.
  const [said = "", next = ""] = stderr.split(/(?=^next: )(.*)/ms);
  const parts = [`$ jwtctl ${command}\n`, ...asked.map((question) => `? ${question}\n`), said, stdout, next];
  if (code !== 0) parts.push(`[exit ${code}]\n`);
  return parts.join("");
}

/** Words as a shell would split them: blanks outside single and double quotes. */
export function words(line: string): string[] {
  const found = line.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  return found.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single));
}

/**
 * A session at the shell: commands and all that they said. What differs from run to run (paths, ids, tokens, kids)
 * gets a name of the same width, so that the text can be compared with a golden file.
 */
export class Story {
  private readonly cli: Cli;
  private readonly names = new Map<string, string>();
  private text = "";

  constructor(cli: Cli) {
    this.cli = cli;
  }

  /** Runs a command and writes it down. */
  async tell(command: string, options: RunOptions = {}): Promise<Outcome> {
    const outcome = await this.cli.run(command, options);
    this.text += `${this.masked(transcript(command, outcome))}\n`;
    return outcome;
  }

  toString(): string {
    return this.text;
  }

  private masked(text: string): string {
    return text
      .replaceAll(this.cli.directory, "~")
      .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, (token) => this.name(token, "jwt"))
      .replace(/\b[0-9a-f]{64}\b/g, (hash) => this.name(hash, "hash"))
      .replace(/\bjwtctl_rt_\w{49}\b/g, (token) => this.name(token, "refresh-token"))
      .replace(/(?<![\w-])[\w-]{43}(?![\w-])/g, (kid) => this.name(kid, "kid", 43))
      .replace(/\b(?=[a-z]*\d)[0-9a-hjkmnp-tv-z]{16}\b/g, (id) => this.name(id, "id", 16));
  }

  private name(value: string, kind: string, width = 0): string {
    const number = [...this.names.values()].filter((name) => name.startsWith(`<${kind}-`)).length + 1;
    const name = this.names.get(value) ?? `<${kind}-${number}>`.padEnd(width, ".");
    this.names.set(value, name);
    return name;
  }
}
