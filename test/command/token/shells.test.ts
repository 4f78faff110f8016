import { describe, expect, it } from "vitest";
import { Cli } from "../../support/run.ts";

const SECRET = ["--secret", "env:S"];
const env = { S: "0123456789abcdef0123456789abcdef" };

describe("hints in the shell in use", () => {
  const hint = async (shell: "posix" | "cmd" | "powershell", words: readonly string[]) =>
    (await new Cli().run(["mint", ...words, ...SECRET], { env, shell })).stderr;

  it.each([
    ["posix", `'{"sub":"bob"}'`],
    ["cmd", '"{\\"sub\\":\\"bob\\"}"'],
    ["powershell", `'{\\"sub\\":\\"bob\\"}'`],
  ] as const)("%s quotes JSON as %s", async (shell, quoted) => {
    expect(await hint(shell, ["nonsense"])).toContain(`hint: Give an object, as in ${quoted},`);
    expect(await hint(shell, ["{a:", "b}"])).toContain(
      `as in ${quoted}; --claim sub=bob and @claims.json need none`,
    );
  });

  it("does so in JSON, too", async () => {
    const { hints } = await new Cli().refusal(["mint", "nonsense", ...SECRET], { env, shell: "cmd" });
    expect(hints[0]).toContain('"{\\"sub\\":\\"bob\\"}"');
  });
});

describe("claims from which a shell took the quotes", () => {
  it.each([
    ["{userName:foobar}", /cmd\.exe and Windows PowerShell take them off/],
    ["{sub: bob, admin: true}", /take them off/],
    ["[a,b]", /take them off/],
    [`'{"sub":"bob"}'`, /begins with a single quote, which cmd\.exe does not take off/],
    ["'{sub:bob}'", /begins with a single quote/],
  ])("%s", async (claims, says) => {
    const refusal = await new Cli().refusal(["mint", claims, ...SECRET], { env });
    expect(refusal).toMatchObject({ code: "json_malformed", message: expect.stringMatching(says) });
    expect(refusal.hints[0]).toContain("@claims.json");
  });

  it("in a single claim", async () => {
    const refusal = await new Cli().refusal(["mint", "--claim", "scopes:=[a,b]", ...SECRET], { env });
    expect(refusal.message).toMatch(/what follows := is not JSON: its names have no double quotes/);
    expect(refusal.hints[0]).toContain("@claims.json");
  });

  it("what is otherwise wrong is told as before", async () => {
    const refusal = await new Cli().refusal(["mint", '{"sub":}', ...SECRET], { env });
    expect(refusal.message).toMatch(/the claims are not JSON: expected a value/);
  });
});
