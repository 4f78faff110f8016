import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError, ERROR_CODES } from "../../../src/core/base/errors.ts";
import { errorJson, errorText } from "../../../src/output/error-view.ts";
import { createStyle } from "../../../src/output/style.ts";
import { Cli } from "../../support/run.ts";
import { ecKey } from "../token/node-jws.ts";
import {
  ATTACKS,
  asFileName,
  EVERYTHING,
  expectHarmless,
  expectHarmlessCommand,
  hostileTokens,
} from "./terminal-safety.ts";

const SECRET = ["--secret", "b64:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="];

/** Every command that reads a token, on every hostile token, with hostile keys, files and options. */
async function readHostile(attack: string): Promise<void> {
  const cli = new Cli();
  const { d, ...publicKey } = ecKey({ kid: attack });
  const key = cli.file(
    asFileName(`key ${attack}`),
    JSON.stringify({ keys: [publicKey, { ...publicKey, kid: `${attack}2` }, { kty: attack, kid: attack }] }),
  );
  const tokens = hostileTokens(attack);
  for (const [index, token] of tokens.entries()) {
    const file = cli.file(asFileName(`${index} ${attack}`), token);
    const other = tokens[(index + 1) % tokens.length] ?? "";
    const always = [
      ["decode", `@${file}`, "--explain", "--all"],
      ["decode", `@${file}`, "--part", "payload"],
      ["verify", `@${file}`, "--pick", "1", ...SECRET, ...expecting(attack)],
      ["verify", `@${file}`, "--jwks", key, "--try-all"],
      ["lint", `@${file}`, ...SECRET],
    ];
    const forSome = [
      ["decode", `@${file}`],
      ["decode", `@${file}`, "--part", "header"],
      ["decode", `@${file}`, "--part", "signature"],
      ["decode", `@${file}`, "--pick", attack],
      ["tamper", `@${file}`, ...SECRET, "--claim", `${attack.replaceAll("=", "")}=${attack}`],
      ["diff", `@${file}`, other],
    ];
    for (const words of index < 4 ? [...always, ...forSome] : always) {
      await expectHarmlessCommand(cli, words, { stdin: token });
    }
  }
}

function expecting(attack: string): readonly string[] {
  return ["--iss", attack, "--aud", attack, "--typ", attack, "--require", attack];
}

describe("a terminal on which a token is shown", () => {
  it.each(ATTACKS)("is not reached by %s", async (_, attack) => {
    await readHostile(attack);
  });

  it("is not reached by the question which of several tokens is meant", async () => {
    const cli = new Cli();
    const file = cli.file("several", hostileTokens(EVERYTHING).slice(0, 2).join(`\n${EVERYTHING}\n`));
    const outcome = await cli.run(["decode", `@${file}`], {
      terminal: true,
      answers: [["Which one?", "line"]],
    });
    for (const printed of [outcome.stdout, outcome.stderr, ...outcome.asked])
      expectHarmless(printed, "the choice");
  });

  it("is not reached by any error, in message, hint or data", () => {
    for (const color of [true, false]) {
      const style = createStyle({ color, isTerminal: true, columns: 80 });
      for (const code of ERROR_CODES) {
        const error = new AppError(code, `there is no "${EVERYTHING}"`, {
          hints: [EVERYTHING],
          data: { name: EVERYTHING },
        });
        expectHarmless(errorText(error, style), code);
        expectHarmless(errorJson(error), code);
      }
    }
  });

  it("is not reached by any text at any place of a token (random)", async () => {
    const cli = new Cli();
    const nasty = fc
      .array(
        fc.oneof(
          fc.string({ unit: "binary", maxLength: 4 }),
          fc.constantFrom(...ATTACKS.map(([, text]) => text)),
        ),
        { minLength: 1, maxLength: 4 },
      )
      .map((parts) => parts.join(""));
    await fc.assert(
      fc.asyncProperty(nasty, fc.nat(17), async (attack, index) => {
        const token = hostileTokens(attack)[index] ?? attack;
        for (const words of [
          ["decode", "-", "--explain"],
          ["verify", "-", ...SECRET],
          ["lint", "-"],
        ]) {
          const { code, stdout, stderr } = await cli.run(words, {
            stdin: token,
            terminal: { stdout: true, stderr: true },
            columns: 60,
          });
          expectHarmless(stdout + stderr, words.join(" "));
          expect(code, stderr).not.toBe(70);
        }
      }),
      { numRuns: 400 },
    );
  });
});
