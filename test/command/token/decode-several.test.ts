import { describe, expect, it } from "vitest";
import rfc7515 from "../../fixtures/rfc/rfc7515.json" with { type: "json" };
import jwtIo from "../../fixtures/tokens/jwt-io.json" with { type: "json" };
import { FakeClipboard } from "../../support/fake-runtime.ts";
import { Cli } from "../../support/run.ts";
import { segment, unsignedToken } from "../../unit/token/make.ts";
import { Session } from "./session.ts";

const A = jwtIo.new.token;
const B = jwtIo.old.token;
const person = { terminal: true, columns: 80, env: { NO_COLOR: "1" } } as const;
const log = `GET /a\nAuthorization: Bearer ${A}\nCookie: session=${B}; theme=dark\n`;
const response = JSON.stringify({ refresh_token: "opaque", data: { id_token: B, access_token: A } });

describe("jwtctl decode with several tokens", () => {
  it("lets a person choose", async () => {
    const cli = new Cli();
    const file = cli.file("log.txt", log);
    const { code, stdout, asked } = await cli.run(["decode", `@${file}`], {
      ...person,
      answers: [["There are 2 tokens in the input. Which one?", "session"]],
    });
    expect([code, stdout.includes("picked out of a text that holds 2")]).toEqual([0, true]);
    expect(stdout.replaceAll("\n", "")).toContain(B);
    expect(asked[0]).toContain("line 2 (Authorization): HS256, sub 1234567890");
  });

  it("shows a script the likeliest and tells of the others on stderr", async () => {
    const story = new Session();
    await story.tell(["decode"], { stdin: log });
    await story.tell(["decode", "--json", "--quiet"], { stdin: response });
    await story.tell(["decode", "--all"], { stdin: response });
    await story.tell(["decode", "--pick", "3"], { stdin: response });
    await expect(story.toString()).toMatchFileSnapshot("golden/decode-several.txt");
  });

  it("shows one with --pick, by number or name, without asking", async () => {
    const cli = new Cli();
    const file = cli.file("log.txt", log);
    for (const pick of ["2", "session", "line 3 (session)"]) {
      const stdout = await cli.ok(["decode", `@${file}`, "--pick", pick], person);
      expect(stdout.replaceAll("\n", "")).toContain(B);
    }
    expect(await cli.refusal(["decode", `@${file}`, "--pick", "id_token"])).toMatchObject({
      exit: 2,
      code: "usage",
    });
    expect(await cli.json(["decode", A, "--pick", "1"])).toMatchObject({ signature: A.split(".")[2] });
    expect(await cli.refusal(["decode", A, "--pick", "2"])).toMatchObject({ exit: 2 });
  });

  it("gives all of them as an array, with where each was", async () => {
    const cli = new Cli();
    expect(await cli.json(["decode", "--all"], { stdin: log })).toMatchObject([
      { where: "line 2 (Authorization)", name: "Authorization", signature: A.split(".")[2] },
      { where: "line 3 (session)", name: "session", signature: B.split(".")[2] },
    ]);
    expect(await cli.json(["decode", A, "--all"])).toMatchObject([{ where: null, name: null }]);
  });

  it("is 5 when one of all is damaged, and shows every one", async () => {
    const cli = new Cli();
    const stdin = `a=${A} b=${B.slice(0, 60)}.AA`;
    const { code, stdout } = await cli.run(["decode", "--all", "--json"], { stdin });
    expect([code, (JSON.parse(stdout) as unknown[]).length]).toEqual([5, 2]);
  });

  it("takes words that were pasted without quotes, and several files", async () => {
    const cli = new Cli();
    expect(await cli.json(["decode", "Authorization:", "Bearer", A])).toMatchObject({ repairs: [{}, {}] });
    const files = [cli.file("a.txt", A), cli.file("b.txt", `${B}\n`)].map((file) => `@${file}`);
    expect(await cli.json(["decode", ...files, "--all"])).toHaveLength(2);
  });

  it.each([
    ["--all", "--pick", "1"],
    ["--all", "--part", "payload"],
    ["--explain", "--part", "payload"],
    ["--lines", "--all"],
    ["--lines", "--pick", "1"],
    ["--lines", "--copy"],
  ])("refuses %s with %s", async (...words) => {
    expect(await new Cli().refusal(["decode", A, ...words])).toMatchObject({ exit: 2, code: "usage" });
  });
});

describe("jwtctl decode and the clipboard", () => {
  it("reads what was copied, whatever stands around it", async () => {
    const clipboard = new FakeClipboard(`Bearer ${A}\n`);
    expect(await new Cli().json(["decode", "--paste"], { clipboard })).toMatchObject({
      payload: { name: "John Doe" },
    });
  });

  it("copies what is printed, without colours, and prints it all the same", async () => {
    const cli = new Cli();
    for (const words of [
      ["decode", A],
      ["decode", A, "--json"],
      ["decode", A, "--explain"],
      ["decode", A, "--part", "header"],
    ]) {
      const clipboard = new FakeClipboard("");
      const { stdout } = await cli.run([...words, "--copy"], { clipboard });
      expect(clipboard.text?.replace(/\s/g, "")).toBe(stdout.replace(/\s/g, ""));
      const colourful = new FakeClipboard("");
      await cli.run([...words, "--copy"], {
        clipboard: colourful,
        terminal: true,
        env: { FORCE_COLOR: "1" },
      });
      expect(colourful.text).toBe(clipboard.text);
    }
  });

  it("copies nothing that acts where it is pasted (paste injection)", async () => {
    const clipboard = new FakeClipboard("");
    const evil = `${segment({ alg: "HS256" })}.${segment("\u001b]52;c;AA\u0007\nrm -rf ~\r")}.AA`;
    await new Cli().ok(["decode", evil, "--part", "payload", "--copy"], { clipboard });
    expect(clipboard.text).toBe("\\u001b]52;c;AA\\u0007\\u000arm -rf ~\\u000d\n");
  });

  it("says when there is none, and when it is empty", async () => {
    const cli = new Cli();
    expect(await cli.refusal(["decode", "--paste"])).toMatchObject({
      exit: 2,
      code: "clipboard_unavailable",
    });
    expect(await cli.refusal(["decode", A, "--copy"])).toMatchObject({
      exit: 2,
      code: "clipboard_unavailable",
    });
    expect(await cli.refusal(["decode", "--paste"], { clipboard: new FakeClipboard(" \n") })).toMatchObject({
      code: "usage",
    });
    expect(await cli.refusal(["decode", A, "--paste"], { clipboard: new FakeClipboard(A) })).toMatchObject({
      code: "usage",
    });
  });
});

describe("jwtctl verify with what was pasted", () => {
  const secret = ["--secret", "a-string-secret-at-least-256-bits-long", "--quiet"];

  it("refuses several tokens naming --pick, and verifies the one that is picked", async () => {
    const cli = new Cli();
    const refused = await cli.refusal(["verify", ...secret], { stdin: response });
    expect(refused).toMatchObject({
      exit: 2,
      code: "token_ambiguous",
      message: expect.stringContaining("2 tokens"),
    });
    expect(refused.hints[0]).toContain("--pick");
    expect(
      await cli.json(["verify", ...secret, "--pick", "access_token"], { stdin: response }),
    ).toMatchObject({ valid: true });
  });

  it("verifies the JSON form that the compact form equals, and says so", async () => {
    const [header, payload, signature] = A.split(".");
    const cli = new Cli();
    const verifying = ["verify", "--secret", "a-string-secret-at-least-256-bits-long"];
    const stdin = JSON.stringify({ payload, protected: header, signature });
    const { code, stderr } = await cli.run([...verifying, "--json-form"], { stdin });
    expect(await cli.refusal(verifying, { stdin })).toMatchObject({
      exit: 5,
      code: "token_not_compact",
      hints: [expect.stringContaining("--json-form")],
    });
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining("the JSON form of a JWS was written compactly"),
    ]);
  });

  it("refuses what it would have to leave something out of: unprotected headers", async () => {
    const cli = new Cli();
    const stdin = JSON.stringify(rfc7515.json[1]?.json);
    expect(await cli.refusal(["verify", ...secret], { stdin })).toMatchObject({
      exit: 5,
      code: "token_not_compact",
    });
  });

  it("takes the one good token beside a damaged one, and says what it has left out", async () => {
    const cli = new Cli();
    const key = secret.slice(0, 2);
    const stdin = `${A}\n${B.slice(0, 10)}A${B.slice(10)}\n`;
    const said = /what is at line 2 looks like a token and cannot be read/;
    const verified = await cli.run(["verify", ...key], { stdin });
    expect([verified.code, verified.stderr]).toEqual([0, expect.stringMatching(said)]);
    expect((await cli.run(["tamper", "-", ...key], { stdin })).stderr).toMatch(said);
    expect((await cli.run(["diff", "-", A], { stdin })).stderr).toMatch(said);
    const lines = await cli.run(["verify", "--lines", ...secret], { stdin: stdin.replace("\n", " ") });
    expect(JSON.parse(lines.stdout)).toMatchObject({ valid: true, others: 1 });
  });

  it.each([
    ["decode -", "token"],
    ["verify -", "token"],
    ["tamper -", "token"],
    ["lint -", "token"],
    [`diff - ${B}`, "token"],
    ["keys lint -", "key"],
    ["keys thumbprint -", "key"],
  ])("%s at a terminal tells what it waits for, and how that ends", async (command, what) => {
    const cli = new Cli();
    const options = /^(?:verify|tamper)/.test(command) ? secret.slice(0, 2) : [];
    const { stderr } = await cli.run([...command.split(" "), ...options], {
      ...{ terminal: true, columns: 200, stdin: A },
    });
    expect(stderr).toContain(`reading the ${what} from this terminal; Ctrl-D on a new line ends`);
  });

  it("says nothing of a terminal where there is none, and with --quiet", async () => {
    expect((await new Cli().run("decode -", { stdin: A })).stderr).not.toContain("terminal");
    const quiet = await new Cli().run("decode - --quiet", { terminal: true, stdin: A });
    expect(quiet.stderr).toBe("");
  });

  it("refuses several tokens on a line of --lines as it refuses them alone", async () => {
    const cli = new Cli();
    const { code, stdout } = await cli.run(["verify", "--lines", ...secret], {
      stdin: `${response}\n${A}\n`,
    });
    const [first, second] = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { valid: boolean; code?: string });
    expect([code, first?.code, second?.valid]).toEqual([1, "token_ambiguous", true]);
  });

  it("reads the clipboard with --paste", async () => {
    const clipboard = new FakeClipboard(`"${A}"`);
    expect(await new Cli().json(["verify", "--paste", ...secret], { clipboard })).toMatchObject({
      valid: true,
    });
  });
});

describe("the lifetime bar", () => {
  const token = unsignedToken({ alg: "HS256" }, { iat: 1772365980, exp: 1772366880 }, "A".repeat(43));
  const bar = async (env: Record<string, string>) => {
    const stdout = await new Cli().ok(["decode", token], {
      terminal: true,
      columns: 80,
      env: { NO_COLOR: "1", ...env },
    });
    return stdout.split("\n").find((line) => line.startsWith("issued"));
  };

  it("is drawn in ASCII where the locale is not UTF-8", async () => {
    const plain = `issued ${"=".repeat(16)}O${"-".repeat(18)} expires (now 7 minutes of 15 minutes)`;
    for (const env of [
      { LANG: "C" },
      { LANG: "de_DE.ISO-8859-1" },
      { LC_ALL: "POSIX", LANG: "de_DE.UTF-8" },
      { TERM: "dumb" },
    ] as const) {
      expect(await bar(env as unknown as Record<string, string>)).toBe(plain);
    }
    for (const env of [
      {},
      { LANG: "de_DE.UTF-8" },
      { LC_ALL: "", LANG: "en_US.utf8" },
      { LC_CTYPE: "C.UTF-8", LANG: "C" },
    ] as const) {
      expect(await bar(env as unknown as Record<string, string>)).toContain("━●─");
    }
  });
});
