import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { describeWith } from "../support/needs.ts";
import { type Ended, LAUNCHER, run, Sandbox } from "../support/spawn.ts";

/** A store with a user whose name is hard on a shell, and `jwtctl` among the programs. */
async function prepared(shell: string): Promise<Sandbox> {
  const sandbox = new Sandbox();
  await sandbox.ok(["init", "--no-passphrase"]);
  for (const name of ["alice", "o'neill $(touch pwned)"]) {
    await sandbox.ok(["users", "add", name, "--password-stdin"], { stdin: "seven green kettles hum" });
  }
  const start = `#!/bin/sh\nexec '${process.execPath}' '${LAUNCHER}' "$@"\n`;
  writeFileSync(sandbox.path("jwtctl"), start, { mode: 0o755 });
  writeFileSync(sandbox.path("token.txt"), "");
  writeFileSync(sandbox.path("script"), await sandbox.ok(["completion", shell]));
  return sandbox;
}

function runIn({ directory, env }: Sandbox, program: string, args: readonly string[]): Promise<Ended> {
  const PATH = `${directory}:${env["PATH"]}`;
  return run(program, args, { cwd: directory, env: { ...env, PATH, TERM: "dumb" }, stdin: "" }).ended;
}

describe("completion in bash", () => {
  /** What bash would put in for the line, when it has cut it into these words. */
  async function completed(line: string, cut: readonly string[]): Promise<readonly string[]> {
    const sandbox = await prepared("bash");
    const call = `set -u; source ./script; complete -p jwtctl >&2
      COMP_LINE=$1 COMP_POINT=\${#1}; shift; COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
      _jwtctl; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { code, stdout, stderr } = await runIn(sandbox, "bash", ["-c", call, "bash", line, ...cut]);
    expect([code, stderr]).toEqual([0, "complete -o bashdefault -o default -F _jwtctl jwtctl\n"]);
    return stdout.trimEnd().split("\n");
  }

  it("offers verbs, options and the users of the store", async () => {
    expect(await completed("jwtctl config s", ["jwtctl", "config", "s"])).toEqual(["set"]);
    expect(await completed("jwtctl  tokens list --so", ["jwtctl", "tokens", "list", "--so"])).toEqual([
      "--sort",
    ]);
    expect(await completed("jwtctl users show a", ["jwtctl", "users", "show", "a"])).toEqual(["alice"]);
    expect(await completed("jwtctl config ", ["jwtctl", "config", ""])).toEqual(["get", "set", "list"]);
  });

  it("puts together what bash has cut at =", async () => {
    const words = ["jwtctl", "mint", "--alg", "="];
    expect(await completed("jwtctl mint --alg=ES2", [...words, "ES2"])).toEqual(["ES256"]);
    expect(await completed("jwtctl mint --alg=", words)).toContain("ES256");
  });

  it("quotes what the shell would take apart or run", async () => {
    expect(await completed("jwtctl users show o", ["jwtctl", "users", "show", "o"])).toEqual([
      "o\\'neill\\ \\$\\(touch\\ pwned\\)",
    ]);
    expect(await completed('jwtctl users show "o', ["jwtctl", "users", "show", '"o'])).toEqual([""]);
  });
});

describeWith("completion in zsh", ["zsh", "--version"], () => {
  /** Tab at a real prompt, then a key that writes the line down. The marks are not what is typed for them. */
  const RC = `autoload -Uz compinit; compinit -u -D; source ./script; PS1=
told() { print -r -- "$BUFFER" >> lines; print DO''NE; zle kill-buffer }
zle -N told; bindkey '^X' told; print REA''DY`;
  const DRIVER = `zmodload zsh/zpty; zpty z 'zsh -f -i'; zpty -w z 'source ./rc'; zpty -r z seen '*READY*'
for line in "$@"; do zpty -w -n z "$line"$'\\t\\x18'; zpty -r z seen '*DONE*'; done
zpty -d z`;

  it("completes commands, values after =, users as the shell must quote them, and files", async () => {
    const sandbox = await prepared("zsh");
    writeFileSync(sandbox.path("rc"), RC);
    const lines = [
      "jwtctl config s",
      "jwtctl mint --alg=ES2",
      "jwtctl users show a",
      "jwtctl users show o",
      "jwtctl decode @tok",
    ];
    const { code, stderr } = await runIn(sandbox, "zsh", ["-f", "-c", DRIVER, "zsh", ...lines]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(readFileSync(sandbox.path("lines"), "utf8").trimEnd().split("\n")).toEqual([
      "jwtctl config set ",
      "jwtctl mint --alg=ES256 ",
      "jwtctl users show alice ",
      "jwtctl users show o\\'neill\\ \\$\\(touch\\ pwned\\) ",
      "jwtctl decode @token.txt",
    ]);
  });
});

describeWith("completion in fish", ["fish", "--version"], () => {
  it("completes commands, values after =, users and files, with what they are", async () => {
    const sandbox = await prepared("fish");
    const call = "source ./script; for line in $argv; complete -C $line; end";
    const lines = [
      "jwtctl config s",
      "jwtctl mint --alg=ES2",
      "jwtctl users show a",
      "jwtctl users show o",
      "jwtctl decode @tok",
    ];
    const { code, stdout, stderr } = await runIn(sandbox, "fish", ["--no-config", "-c", call, ...lines]);
    expect([code, stderr, stdout.trimEnd().split("\n")]).toEqual([
      0,
      "",
      [
        "set\tChange one setting",
        "--alg=ES256",
        "alice\tactive",
        "o'neill $(touch pwned)\tactive",
        "@token.txt",
      ],
    ]);
  });
});
