import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UNSAFE_CHARACTERS } from "../../../src/core/base/text/unsafe-characters.ts";
import jwtIo from "../../fixtures/tokens/jwt-io.json" with { type: "json" };
import { Cli } from "../../support/run.ts";

const segment = (text: string) => Buffer.from(text).toString("base64url");

/** A token cut, with characters changed, or made of anything. */
const damaged = fc.oneof(
  fc.nat(jwtIo.old.token.length).map((length) => jwtIo.old.token.slice(0, length)),
  fc
    .tuple(fc.nat(jwtIo.old.token.length - 1), fc.string({ unit: "binary", minLength: 1, maxLength: 3 }))
    .map(([at, text]) => jwtIo.old.token.slice(0, at) + text + jwtIo.old.token.slice(at + text.length)),
  fc
    .tuple(fc.json({ maxDepth: 3 }), fc.json({ maxDepth: 3 }), fc.uint8Array({ maxLength: 70 }))
    .map(
      ([header, payload, signature]) =>
        `${segment(header)}.${segment(payload)}.${Buffer.from(signature).toString("base64url")}`,
    ),
  fc.string({ unit: "binary", minLength: 1 }),
);

const UNSAFE = new RegExp(UNSAFE_CHARACTERS);

describe("damaged and hostile tokens", () => {
  it.each([
    ["lint", ["lint", "-"]],
    ["diff", ["diff", "-", jwtIo.old.token]],
    ["tamper", ["tamper", "-", "--claim", "role=admin"]],
    ["tamper with every attack", ["tamper", "-", "--secret", "env:S"]],
  ])("never crash %s, and no character of theirs acts on the terminal", async (_, words) => {
    const cli = new Cli();
    await fc.assert(
      fc.asyncProperty(damaged, async (token) => {
        const { code, stdout, stderr } = await cli.run(words, { stdin: token, env: { S: "s".repeat(40) } });
        expect([0, 1, 2, 3, 4, 5], stderr).toContain(code);
        for (const line of `${stdout}\n${stderr}`.split("\n")) expect(line).not.toMatch(UNSAFE);
      }),
      { numRuns: 250 },
    );
  });
});
