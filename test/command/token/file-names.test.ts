import { join } from "node:path";
import { describe, expect, it } from "vitest";
import jwtIo from "../../fixtures/tokens/jwt-io.json" with { type: "json" };
import { Cli } from "../../support/run.ts";

const A = jwtIo.new.token;
const B = jwtIo.old.token;
const SECRET = "a-string-secret-at-least-256-bits-long";

describe("the name of a file without @", () => {
  it("is the file for decode, verify and lint, with a note", async () => {
    const cli = new Cli();
    const file = cli.file("token.jwt", `${A}\n`);
    const { code, stderr } = await cli.run(["decode", file]);
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining(`the token was read from the file ${file} (written @${file})`),
    ]);
    expect(await cli.json(["decode", file])).toMatchObject({ signature: A.split(".")[2] });
    expect(await cli.json(["verify", file, "--secret", SECRET])).toMatchObject({ valid: true });
    expect(JSON.parse((await cli.run(["lint", file, "--json"])).stdout)).toMatchObject({
      tokens: [{ source: file }],
    });
  });

  it("is each of several files", async () => {
    const cli = new Cli();
    const [first, second] = [cli.file("a.jwt", A), cli.file("b.jwt", B)];
    const both = await cli.json(["decode", first, second, "--all"]);
    expect(both).toMatchObject([{ signature: A.split(".")[2] }, { signature: B.split(".")[2] }]);
  });

  it("is a file of claims for mint", async () => {
    const cli = new Cli();
    const file = cli.file("claims.json", '{"sub":"bob"}');
    const minted = await cli.json(["mint", file, "--secret", SECRET]);
    expect(minted).toMatchObject({ payload: { sub: "bob" } });
  });

  it("is a text as before when there is no such file", async () => {
    const cli = new Cli();
    const missing = join(cli.directory, "missing.jwt");
    expect(await cli.refusal(["decode", missing])).toMatchObject({ exit: 5, code: "token_malformed" });
    expect(await cli.refusal(["decode", "undefined"])).toMatchObject({
      message: expect.stringContaining('the word "undefined"'),
    });
  });

  it("asks nothing of the disk for what a token can be", async () => {
    const asked: string[] = [];
    const files = { exists: async (path: string) => asked.push(path) > 0 };
    const cli = new Cli();
    for (const text of [A, `Bearer ${A}`.slice(7), JSON.stringify({ token: A }), `"${A}"`])
      expect((await cli.run(["decode", text], { files })).code).toBe(0);
    expect(asked).toEqual([]);
  });
});
