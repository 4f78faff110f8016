import { describe, expect, it } from "vitest";
import type { ScriptedAnswer } from "../../support/fake-runtime.ts";
import { Cli } from "../../support/run.ts";

const PASSWORD = "seven green kettles hum";
const SECRET = "a secret of thirty-two bytes, yes";

async function aliceStore(): Promise<Cli> {
  const cli = new Cli();
  await cli.ok("init --no-passphrase");
  await cli.ok("users add alice --password-stdin", { stdin: PASSWORD });
  return cli;
}

const atTerminal = (...answers: readonly ScriptedAnswer[]) => ({
  terminal: { stdin: true, stderr: true },
  answers,
});

describe("the Enter key alone", () => {
  it.each<readonly [string, ScriptedAnswer]>([
    ["decode", ["The token:", ""]],
    ["decode", ["The token:", "  "]],
    ["verify", ["The token:", ""]],
    ["login", ["User name:", ""]],
    ["login alice", ["Password for alice:", ""]],
    ["users passwd alice", ["New password for alice:", ""]],
    ["users add bob", ["New password for bob:", ""]],
    ["mint --secret -", ["The secret:", ""]],
    ["refresh -", ["The refresh token:", ""]],
    ["keys passphrase", ["New passphrase", ""]],
  ])("is a slip with a way out, whatever was asked for: %s", async (command, answer) => {
    const cli = await aliceStore();
    const refusal = await cli.refusal(command, atTerminal(answer));
    expect(refusal).toMatchObject({ exit: 2, code: "usage" });
    expect(refusal.message).toMatch(/^no .+ entered$/);
    expect(refusal.hints[0]).toMatch(/^Run the command again and type it, or give it with /);
  });

  it("at the password is no attempt: nothing is counted, and nothing is in the log", async () => {
    const cli = await aliceStore();
    const before = await cli.json<unknown[]>("audit");
    for (let count = 0; count < 6; count++) {
      await cli.refusal("login", atTerminal(["User name:", ""]));
      await cli.refusal("login alice", atTerminal(["Password for alice:", ""]));
    }
    expect(await cli.json("audit")).toEqual(before);
    await cli.ok("login alice --password-stdin", { stdin: PASSWORD });
  });
});

describe("an empty argument", () => {
  it.each([
    [["mint", "--secret", ""]],
    [["verify", "e30.e30.", "--secret", ""]],
    [["refresh", ""]],
    [["logout", ""]],
    [["decode", ""]],
  ])("is a variable that was not set, and is told so: %j", async (command) => {
    const cli = await aliceStore();
    expect(await cli.refusal(command)).toMatchObject({
      exit: 2,
      code: "usage",
      hints: [expect.not.stringMatching(/^See:/)],
    });
  });

  it("of a secret file that is empty is told with what to do", async () => {
    const cli = new Cli();
    const { code, hints } = await cli.refusal(["mint", "--secret-file", cli.file("empty", "")]);
    expect({ code, hints }).toEqual({ code: "usage", hints: ["Check what is written there"] });
  });

  it("does not send claims into a pipe that mint does not read without -", async () => {
    const { hints } = await new Cli().refusal(["mint", "-", "--secret", `b64:${btoa(SECRET)}`], {
      stdin: "",
    });
    expect(hints).toEqual(["Give the claims as an argument, as @file, or through a pipe with -"]);
  });
});

describe("a secret given as - at a terminal", () => {
  it("is asked for without an echo: mint and verify", async () => {
    const cli = new Cli();
    const token = await cli.ok("mint --sub bob --secret -", atTerminal(["The secret:", SECRET]));
    await cli.ok(["verify", token.trim(), "--secret", "-"], atTerminal(["The secret:", SECRET]));
    expect(token).toBe(await cli.ok("mint --sub bob --secret -", { stdin: SECRET }));
  });

  it("is asked for without an echo: refresh, logout and tokens revoke", async () => {
    const cli = await aliceStore();
    const { refresh_token } = await cli.json<{ refresh_token: string }>("login alice --password-stdin", {
      stdin: PASSWORD,
    });
    const next = await cli.json<{ refresh_token: string }>(
      "refresh -",
      atTerminal(["refresh token", refresh_token]),
    );
    const answer = ["refresh token", next.refresh_token] as const;
    expect(await cli.json("tokens revoke --token -", atTerminal(answer))).toMatchObject({
      revoked: [expect.any(String)],
    });
    await cli.ok("logout -", atTerminal(answer));
  });

  it("is an error when nobody may be asked, naming the other ways", async () => {
    const { code, hints } = await new Cli().refusal("mint --secret - --no-input", {
      terminal: { stdin: true, stderr: true },
    });
    expect({ code, hints }).toEqual({
      code: "input_required",
      hints: ["Give it with --secret @file, --secret env:NAME, or a pipe"],
    });
  });
});
