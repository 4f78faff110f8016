import { describe, expect, it } from "vitest";
import jwtIo from "../../fixtures/tokens/jwt-io.json" with { type: "json" };
import { Cli } from "../../support/run.ts";

interface Entry {
  readonly where: string;
  readonly status: string;
  readonly left?: unknown;
  readonly right?: unknown;
  readonly verification?: boolean;
  readonly why?: string;
}

interface Diff {
  readonly header: readonly Entry[];
  readonly payload: readonly Entry[];
  readonly signature: { readonly status: string; readonly meaning: string };
  readonly same: boolean;
}

const PASSWORD = "seven green kettles hum";
const { old: first, new: second } = jwtIo;

describe("jwtctl diff", () => {
  it("shows what differs, exit 0, and needs no store, key or network", async () => {
    const { code, stdout, stderr } = await new Cli().run(["diff", first.token, second.token]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^\+ admin +true$/m);
    expect(stdout).toContain("1 difference, which does not matter for verification.");
  });

  it("as JSON has every member, with its status, and whether it matters", async () => {
    const diff = await new Cli().json<Diff>(["diff", first.token, second.token]);
    expect(diff.same).toBe(false);
    expect(diff.header).toEqual([
      { where: "/alg", status: "same", left: "HS256", right: "HS256" },
      { where: "/typ", status: "same", left: "JWT", right: "JWT" },
    ]);
    expect(diff.payload.filter(({ status }) => status !== "same")).toEqual([
      { where: "/admin", status: "added", right: true, verification: false },
    ]);
    expect(diff.signature.status).toBe("different");
  });

  it("with --exit-code exits 1 when the tokens differ, and 0 when they do not", async () => {
    const cli = new Cli();
    expect((await cli.run(["diff", first.token, second.token, "--exit-code"])).code).toBe(1);
    expect((await cli.run(["diff", first.token, first.token, "--exit-code"])).code).toBe(0);
    expect(
      (await cli.run(["diff", first.token, second.token, "--exit-code", "--ignore", "admin"])).code,
    ).toBe(0);
  });

  it("takes files and stdin, and calls the tokens by them", async () => {
    const cli = new Cli();
    const file = cli.file("old.txt", `Authorization: Bearer ${first.token}\n`);
    const { stdout } = await cli.run(["diff", `@${file}`, "-"], { stdin: second.token });
    expect(stdout).toContain(`- ${file}`);
    expect(stdout).toContain("+ stdin");
  });

  it("stacks what it shows below 80 columns", async () => {
    const cli = new Cli();
    const words = ["diff", first.token, second.token];
    const wide = (await cli.run(words, { terminal: true, columns: 80, env: { NO_COLOR: "1" } })).stdout;
    const narrow = (await cli.run(words, { terminal: true, columns: 79, env: { NO_COLOR: "1" } })).stdout;
    expect(wide).toMatch(/^HEADER +the first token +the second token$/m);
    expect(narrow).toMatch(/^- the first token\n\+ the second token$/m);
  });

  it("--at answers for another time", async () => {
    const segment = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const token = (exp: number) => `${segment({ alg: "HS256" })}.${segment({ exp })}.AA`;
    const words = ["diff", token(1000), token(2000), "--at"];
    const why = async (at: string) => (await new Cli().json<Diff>([...words, at])).payload[0]?.why;
    expect(await why("500")).toBe("neither has expired; the second is accepted 17 minutes longer");
    expect(await why("1500")).toBe("now only the first is expired");
    expect(await why("2500")).toBe("both are expired now");
  });
});

describe("jwtctl diff TOKEN", () => {
  it("compares the current login's access token with it", async () => {
    const cli = new Cli();
    await cli.ok("init --no-passphrase");
    await cli.ok("users add alice --claim role=reader --password-stdin", { stdin: PASSWORD });
    await cli.ok("login alice --password-stdin", { stdin: PASSWORD });
    const current = await cli.ok("access-token");
    expect((await cli.json<Diff>("diff -", { stdin: current })).same).toBe(true);
    const tampered = await cli.ok(["tamper", current.trim(), "--claim", "role=admin", "--quiet"]);
    const diff = await cli.json<Diff>(["diff", tampered.trim()]);
    expect(diff.payload.filter(({ status }) => status !== "same")).toMatchObject([
      { where: "/role", left: "reader", right: "admin", verification: false },
    ]);
    expect(diff.signature.meaning).toContain("one signature for two contents");
    const { stdout } = await cli.run(["diff", tampered.trim()]);
    expect(stdout).toContain("1 difference under one signature: at most one of the tokens verifies");
    expect(stdout).not.toContain("does not matter");
  });

  it("without a current login says what to do, exit 3", async () => {
    expect(await new Cli().refusal(["diff", first.token])).toMatchObject({
      exit: 3,
      code: "not_logged_in",
      hints: [expect.stringContaining("jwtctl login")],
    });
  });
});

describe("jwtctl diff refuses", () => {
  it("to guess among several tokens, unless one is picked", async () => {
    const cli = new Cli();
    const both = `${first.token}\n${second.token}\n`;
    expect(await cli.refusal(["diff", both, second.token])).toMatchObject({
      exit: 2,
      code: "token_ambiguous",
    });
    expect((await cli.json<Diff>(["diff", both, second.token, "--pick", "2"])).same).toBe(true);
    expect((await cli.json<Diff>(["diff", both, second.token, "--pick", "line 1"])).same).toBe(false);
  });

  it("stdin for both", async () => {
    expect(await new Cli().refusal("diff - -", { stdin: first.token })).toMatchObject({
      exit: 2,
      code: "usage",
    });
  });

  it("what is no token, exit 5", async () => {
    const refusal = await new Cli().refusal(["diff", first.token, "nothing like it"]);
    expect(refusal).toMatchObject({ exit: 5, code: "token_malformed" });
  });
});
