import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { inNamespace } from "./namespace.ts";
import { type Ended, LAUNCHER, Sandbox } from "./spawn.ts";

const PAGE = readFileSync(resolve(import.meta.dirname, "../../docs/cookbook.md"), "utf8");

/** A fenced block of the cookbook, and the comment before it that says what it is: `file`, `run`, `unit`… */
export interface Block {
  readonly kind: string;
  /** A path or a name. */
  readonly label: string;
  readonly text: string;
}

const FENCE = /^(?:<!-- (\w+)(?:: ([^\n]*?))? -->\n)?^```\w*\n(.*?)^```/gms;

export const BLOCKS: readonly Block[] = [...PAGE.matchAll(FENCE)].map(
  ([, kind = "", label = "", text = ""]) => ({ kind, label, text }),
);

/** The text of a block. @throws when the page has none of that kind and label */
export function block(kind: string, label = ""): string {
  const found = BLOCKS.find((one) => one.kind === kind && one.label === label);
  if (found === undefined) throw new Error(`the cookbook has no ${kind} ${label}`);
  return found.text;
}

const SHIM = `#!/bin/sh\nexec "${process.execPath}" "${LAUNCHER}" "$@"\n`;
/** Stands for the password manager of the same name. */
const PASS = "#!/bin/sh\ncase $1 in show) cat /srv/pass ;; insert) cat > /srv/pass ;; *) exit 2 ;; esac\n";

/** How a script is run: see {@link Kitchen.run}. */
export interface RunOptions {
  readonly env?: Record<string, string>;
  /** With a network of its own. */
  readonly network?: boolean;
  /** Whether the variables of the page are set; true if not said. */
  readonly settled?: boolean;
}

/**
 * A system as the cookbook describes it: /srv with a store, every file of the page in its place, and jwtctl on the PATH.
 * Nothing outside sees it.
 */
export class Kitchen {
  readonly sandbox = new Sandbox();

  private constructor() {
    for (const directory of ["jwtctl/bin", "www/.well-known", "backup", "robot", "nginx", "tls", "bin"]) {
      mkdirSync(this.path(directory), { recursive: true });
    }
    this.install("jwtctl/bin/jwtctl", SHIM);
    this.install("bin/pass", PASS);
    for (const { kind, label, text } of BLOCKS) {
      if (kind === "file") this.install(label.replace("/srv/", ""), text);
    }
  }

  /** With the store of the recipe "setup". */
  static async open(): Promise<Kitchen> {
    const kitchen = new Kitchen();
    const { code, stderr } = await kitchen.run(block("run", "setup"), { settled: false });
    if (code !== 0) throw new Error(`the recipe "setup" ended with ${code}: ${stderr}`);
    return kitchen;
  }

  /** Where a path below /srv is outside. */
  path(...parts: readonly string[]): string {
    return this.sandbox.path("srv", ...parts);
  }

  install(name: string, text: string): void {
    const path = this.path(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, text.startsWith("#!") ? 0o755 : 0o644);
  }

  read(name: string): string {
    return readFileSync(this.path(name), "utf8");
  }

  /** Runs bash with /srv in its place. */
  run(script: string, options: RunOptions = {}): Promise<Ended> {
    const { settled = true, ...rest } = options;
    const environment = settled ? "set -a; . /srv/jwtctl/environment; set +a\n" : "";
    const path = "export PATH=/srv/jwtctl/bin:/srv/bin:$PATH\n";
    return inNamespace(
      this.sandbox,
      `mount --bind "${this.path()}" /srv || exit 99\ncd "${this.sandbox.directory}"\n${path}${environment}${script}`,
      rest,
    );
  }

  /** Runs recipes as they are written, one after the other in one shell. @throws when the code is not 0 */
  async cook(names: readonly string[], options: RunOptions = {}): Promise<Ended> {
    const script = names.map((name) => block("run", name)).join("\n");
    const ended = await this.run(`set -e\n${script}`, options);
    if (ended.code !== 0) throw new Error(`${names.join(", ")} ended with ${ended.code}: ${ended.stderr}`);
    return ended;
  }

  /** @throws when the code is not 0 */
  async ok(script: string, options: RunOptions = {}): Promise<string> {
    const ended = await this.run(`set -e\n${script}`, options);
    if (ended.code !== 0)
      throw new Error(`${script} ended with ${ended.code}: ${ended.stderr}${ended.stdout}`);
    return ended.stdout;
  }
}
