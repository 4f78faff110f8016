// What runs in the processes of the crash tests (command-processes.ts bundles and starts it): whole commands, one after
// the other without end, in the real world of this process. Each output is a line of JSON on stdout at the moment at
// which jwtctl prints it.
import { copyFileSync, renameSync, writeSync } from "node:fs";
import { main } from "../../src/main.ts";
import { createSystemRuntime } from "../../src/runtime/system.ts";

export interface Loops {
  /** Trades a refresh token for the next, and the next; rotates the keys and signs in between. */
  trade: { token: string };
  /** Brings one copy after another of an old store up to date. */
  upgrade: { old: string; into: string; from: number };
}

/** What a command printed. */
export interface Printed {
  readonly command: string;
  readonly text: string;
}

/** Runs a command to its end. @returns what it printed @throws when it fails */
async function command(args: readonly string[], stdin = ""): Promise<string> {
  let said = "";
  let wrong = "";
  const code = await main(args, {
    ...createSystemRuntime(),
    stdin: { isTerminal: false, readAll: async () => Buffer.from(stdin) },
    stdout: {
      isTerminal: false,
      columns: undefined,
      write(text) {
        said += text;
        // At once and whole, so that what was printed before a kill -9 has been printed.
        writeSync(1, `${JSON.stringify({ command: args.slice(0, 2).join(" "), text: String(text) })}\n`);
      },
    },
    stderr: {
      isTerminal: false,
      columns: undefined,
      write(text) {
        wrong += text;
      },
    },
  });
  if (code !== 0) throw new Error(`jwtctl ${args.join(" ")} ended with ${code}: ${wrong}`);
  return said;
}

const LOOPS: { [Name in keyof Loops]: (input: Loops[Name]) => Promise<never> } = {
  async trade({ token }) {
    for (let turn = 1; ; turn++) {
      token = (JSON.parse(await command(["refresh", "-", "--json"], token)) as { refresh_token: string })
        .refresh_token;
      if (turn % 3 === 0) await command(["keys", "rotate", "--now", "--json"]);
      if (turn % 5 === 0) await command(["mint", "--sub", "alice", "--ttl", "5m", "--quiet"]);
    }
  },
  async upgrade({ old, into, from }) {
    for (let number = from; ; number++) {
      const path = `${into}/${number}.db`;
      // A copy that a kill cuts short is no store that jwtctl left behind: it gets its name when it is whole.
      copyFileSync(old, `${path}.part`);
      renameSync(`${path}.part`, path);
      await command(["users", "list", "--json", "--db", path]);
    }
  },
};

const { loop, input } = JSON.parse(process.argv[2] ?? "") as { loop: keyof Loops; input: unknown };
(LOOPS[loop] as (input: unknown) => Promise<never>)(input).catch((error: Error) => {
  writeSync(1, `${JSON.stringify({ command: "failed", text: error.message })}\n`);
});
