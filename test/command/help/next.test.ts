import { describe, expect, it } from "vitest";
import { Cli } from "../../support/run.ts";

const stdin = "seven green kettles hum";

describe("what can be done next", () => {
  it("is told to a person on stderr, never on stdout, and to no script, nor with --quiet or --json", async () => {
    const told: string[] = [];
    for (const [terminal, ...flags] of [[true], [false], [true, "--quiet"], [true, "--json"]] as const) {
      const cli = new Cli();
      for (const command of [
        ["init", "--no-passphrase"],
        ["users", "add", "alice", "--password-stdin"],
        ["login", "alice", "--password-stdin"],
        ["keys", "rotate"],
        ["keys", "rotate", "--dry-run"],
      ]) {
        const { code, stdout, stderr } = await cli.run([...command, ...flags, "--color=never"], {
          stdin,
          terminal: { stderr: terminal },
        });
        expect({ code, next: /next:|Next:|Publish/i.test(stdout.replace("published ahead", "")) }).toEqual({
          code: 0,
          next: false,
        });
        if (terminal && flags.length === 0) told.push(stderr);
        else expect(stderr).toBe("");
      }
    }
    expect(told).toEqual([
      "next: jwtctl users add alice, then jwtctl login alice\n",
      "next: jwtctl login alice\n",
      expect.stringMatching(/^next: curl .*\nnext: jwtctl logout ends the login\n$/),
      "next: publish the new set: jwtctl keys jwks --out FILE\n",
      "",
    ]);
  });
});

describe("the first screen", () => {
  it.each([60, 80, 120])("of a new user fits: %i columns", async (columns) => {
    const cli = new Cli();
    const { stdout } = await cli.run("init --no-passphrase --color never", { terminal: true, columns });
    const [, ...lines] = stdout.split("\n");
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
  });
});
