import { describe, expect, it } from "vitest";
import { Cli } from "../../support/run.ts";

const PASSWORD = "seven green kettles hum";

async function authority(): Promise<Cli> {
  const cli = new Cli();
  await cli.ok("init --no-passphrase");
  await cli.ok("users add alice --password-stdin", { stdin: PASSWORD });
  return cli;
}

const guess = (cli: Cli, name: string) =>
  cli.refusal(`login ${name} --password-stdin`, { stdin: "not the password" });

async function guesses(cli: Cli, name: string, times: number): Promise<void> {
  for (let time = 0; time < times; time++) await guess(cli, name);
}

describe("guessing a password at the login", () => {
  it("is free five times, then has to wait, and the right password has to wait, too", async () => {
    const cli = await authority();
    for (let time = 0; time < 5; time++) {
      expect(await guess(cli, "alice")).toMatchObject({ exit: 1, code: "credentials_refused" });
    }
    expect(await guess(cli, "alice")).toEqual({
      exit: 1,
      retry_after: 1,
      stdout: "",
      code: "login_throttled",
      message: "too many wrong passwords for this user: nobody can log in before 2026-03-01T12:00:01Z",
      hints: ["Try again in 1 second, or have an operator end the wait: jwtctl users unlock alice"],
    });
    const right = await cli.refusal("login alice --password-stdin", { stdin: PASSWORD });
    expect(right.code).toBe("login_throttled");
    cli.clock.advance(1);
    await cli.ok("login alice --password-stdin", { stdin: PASSWORD });
    expect(await guess(cli, "alice")).toMatchObject({ code: "credentials_refused" });
  });

  it("tells a name that nobody has from one that somebody has by nothing", async () => {
    const cli = await authority();
    await cli.ok("users add malice --password-stdin", { stdin: PASSWORD });
    const answers = async (name: string) => {
      const told: unknown[] = [];
      for (let time = 0; time < 8; time++) {
        const { message, hints, ...rest } = await guess(cli, name);
        told.push({ ...rest, message, hints: hints.map((hint) => hint.replace(name, "NAME")) });
      }
      return told;
    };
    expect(await answers("wallace")).toEqual(await answers("malice"));
  });

  it("is shown in the list of users, and ended by an operator", async () => {
    const cli = await authority();
    const terminal = { terminal: true, env: { NO_COLOR: "1" } };
    await guesses(cli, "alice", 15);
    for (let wait = 1; wait <= 64; wait *= 2) {
      cli.clock.advance(wait);
      await guess(cli, "alice");
    }
    expect(await cli.ok("users list", terminal)).toContain("active, locked");
    expect((await cli.ok("users show alice", terminal)).replace(/\s+/g, " ")).toContain(
      "locked until 2026-03-01 12:04:15 UTC (in 2 minutes): 12 wrong passwords since the last right one",
    );
    expect(await cli.json("users list")).toMatchObject([{ locked_until: "2026-03-01T12:04:15.000Z" }]);
    expect(await cli.ok("users unlock Alice", terminal)).toBe(
      "unlocked alice: 12 wrong passwords forgotten, can log in at once\n",
    );
    expect(await cli.ok("users unlock alice", terminal)).toBe("alice was not locked; nothing was changed\n");
    expect(await cli.json("users list")).toMatchObject([{ locked_until: null }]);
    await cli.ok("login alice --password-stdin", { stdin: PASSWORD });
  });

  it("is unlocked in JSON, too, and only for users there are", async () => {
    const cli = await authority();
    await guesses(cli, "alice", 3);
    expect(await cli.json("users show alice")).toMatchObject({ failed_attempts: 3, locked_until: null });
    expect(await cli.json("users unlock alice")).toEqual({
      name: "alice",
      changed: true,
      failed_attempts: 3,
      locked_until: null,
    });
    expect(await cli.refusal("users unlock bob")).toMatchObject({ exit: 3, code: "user_not_found" });
  });

  it("is in the audit log, and so is its end", async () => {
    const cli = await authority();
    await guesses(cli, "alice", 7);
    await cli.ok("users unlock alice");
    const entries = await cli.json<{ type: string; reason: string | null }[]>("audit --user alice");
    expect(entries.map(({ type, reason }) => [type, reason].filter(Boolean).join(" "))).toEqual([
      "user_added",
      ...Array.from({ length: 5 }, () => "login_refused wrong_password"),
      ...Array.from({ length: 2 }, () => "login_refused throttled"),
      "user_unlocked",
    ]);
  });

  it("with a password that nobody can have is not counted: it is never hashed", async () => {
    const cli = await authority();
    for (let time = 0; time < 10; time++) {
      const { code } = await cli.refusal("login alice --password-stdin", { stdin: "x".repeat(2000) });
      expect(code).toBe("credentials_refused");
    }
    await cli.ok("login alice --password-stdin", { stdin: PASSWORD });
  });
});
