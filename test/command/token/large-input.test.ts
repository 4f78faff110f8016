import { describe, expect, test } from "vitest";
import { Cli } from "../../support/run.ts";

const base64url = (text: string) => Buffer.from(text).toString("base64url");
const SIGNATURE = Buffer.alloc(32).toString("base64url");
const tokenOf = (payload: string) => `${base64url('{"alg":"HS256"}')}.${base64url(payload)}.${SIGNATURE}`;
const membersOf = (count: number) =>
  `{"a":1${Array.from({ length: count }, (_, index) => `,"k${index}":1`).join("")}}`;

const SECRET = "0123456789abcdef0123456789abcdef";

async function run(words: string, input: string) {
  const cli = new Cli();
  cli.file("secret", SECRET);
  const file = cli.file("token", input);
  return cli.run(words.replaceAll("TOKEN", `@${file}`).replaceAll("SECRET", cli.path("secret")));
}

describe("input made to be large", () => {
  test.each(["decode TOKEN", "verify TOKEN --secret-file SECRET"])(
    "%s: more disclosures than anybody makes are refused before they are read",
    async (words) => {
      const { code, stderr } = await run(`${words} --json`, `${tokenOf("{}")}${"~".repeat(200_000)}`);
      expect([code, JSON.parse(stderr).error.code]).toEqual([5, "input_too_large"]);
    },
  );

  test("decode --explain shows a payload of very many claims", async () => {
    const { code, stdout } = await run("decode --explain TOKEN", tokenOf(membersOf(150_000)));
    expect(code).toBe(0);
    expect(stdout).toContain("k149999");
  });

  test("deep nesting is not printed at many times its size", async () => {
    const nested = `${"[".repeat(250)}${"]".repeat(250)}`;
    const payload = `{"a":[${Array.from({ length: 300 }, () => nested).join(",")}]}`;
    for (const words of ["decode TOKEN", "decode TOKEN --json"]) {
      const { code, stdout } = await run(words, tokenOf(payload));
      expect(code).toBe(0);
      expect(stdout.length).toBeLessThan(3 * payload.length);
    }
  });

  test("diff and tamper look members up, and not through all of them for each", async () => {
    const token = tokenOf(membersOf(40_000));
    expect((await run("diff TOKEN TOKEN", token)).code).toBe(0);
    expect((await run("tamper TOKEN --secret-file SECRET", token)).code).toBe(0);
  });

  test("keys lint refuses a set of more keys than anybody publishes", async () => {
    const cli = new Cli();
    const file = cli.file("keys.json", `{"keys":[${"{},".repeat(20_000)}{}]}`);
    const { code, stderr } = await cli.run(`keys lint ${file} --json`);
    expect([code, JSON.parse(stderr).error.code]).toEqual([5, "input_too_large"]);
  });
});
