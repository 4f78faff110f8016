import { once } from "node:events";
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { LAUNCHER, type Running, run, Sandbox } from "../support/spawn.ts";

/** A launcher as it was installed, with another program behind it, started by what it takes for an old Node. */
class Installed extends Sandbox {
  constructor(program: string) {
    super();
    cpSync(dirname(LAUNCHER), this.path("bin"), { recursive: true });
    mkdirSync(this.path("dist"));
    writeFileSync(this.path("dist/start.js"), `exports.start = () => { ${program} };`);
    writeFileSync(
      this.path("old.cjs"),
      `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2", napi: "9" } });`,
    );
  }

  bringNode(): void {
    mkdirSync(this.path("node_modules/.bin"), { recursive: true });
    symlinkSync(process.execPath, this.path("node_modules/.bin/node"));
  }

  launch(...args: readonly string[]): Running {
    const command = ["--require", this.path("old.cjs"), this.path("bin/jwtctl.js"), ...args];
    return run(process.execPath, command, { env: this.env, stdin: "typed" });
  }
}

describe("started by a Node that is too old", () => {
  it("says which one is needed, and loads nothing", async () => {
    const ended = await new Installed("console.log('loaded')").launch("decode").ended;
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toBe(
      "error: jwtctl needs Node 22.14 or later; this is Node 20.20.2\n" +
        "hint: Install a current version of Node, then run the command again\n",
    );
  });

  it("in a checkout runs the program on the Node that the checkout brought", async () => {
    const installed = new Installed(
      `process.stdin.pipe(process.stdout);
       console.error(process.versions.node, ...process.argv.slice(2));
       process.exitCode = 4;`,
    );
    installed.bringNode();
    const ended = await installed.launch("two words", "--json").ended;
    const stderr = `${process.versions.node} two words --json\n`;
    expect(ended).toEqual({ code: 4, signal: null, stdout: "typed", stderr });
  });

  it("hands on the signals that end the program", async () => {
    const installed = new Installed(`console.log("ready"); setInterval(() => undefined, 1000);`);
    installed.bringNode();
    const { child, ended } = installed.launch();
    if (child.stdout) await once(child.stdout, "data");
    child.kill("SIGTERM");
    expect(await ended).toMatchObject({ code: null, signal: "SIGTERM" });
  });
});
