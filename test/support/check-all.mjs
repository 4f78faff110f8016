// `npm test`: the linter and the type checker beside the tests. What any of them finds fails the run; arguments are
// the tests' (`npm test -- test/unit/json`).
import { spawn } from "node:child_process";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../..");
const bin = (name) => join(ROOT, "node_modules", ".bin", name);

/** Runs a command to its end. @returns whether it found nothing, and what it said unless that was shown at once */
function run(command, args, stdio) {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd: ROOT, stdio });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => (said += text));
    child.on("error", (error) => done({ ok: false, said: String(error) }));
    child.on("close", (code) => done({ ok: code === 0, said }));
  });
}

const quietly = ["ignore", "pipe", "pipe"];
const checks = {
  lint: run(bin("biome"), ["check", "--error-on-warnings", "."], quietly),
  types: run(bin("tsc"), [], quietly),
};
const tests = await run(bin("vitest"), ["run", ...process.argv.slice(2)], "inherit");
let isGood = tests.ok;
for (const [name, check] of Object.entries(checks)) {
  const { ok, said } = await check;
  isGood &&= ok;
  console.log(ok ? `${name}: nothing found` : `${name}: failed\n${said}`);
}
process.exitCode = isGood ? 0 : 1;
