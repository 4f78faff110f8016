import { describe, expect, it } from "vitest";
import { fakeSource, START } from "../../support/fake-runtime.ts";
import { Cli, type RunOptions, transcript } from "../../support/run.ts";
import { segment, unsignedToken } from "../../unit/token/make.ts";
import { ecKey, secretKey, signed } from "../../unit/token/node-jws.ts";

const now = START / 1000;
const SECRET = "a secret of thirty-two bytes, yes";
const WITH_SECRET = ["--secret", `b64:${segment(SECRET)}`];
const claims = { sub: "bob", iat: now - 60, exp: now + 840 };
const token = (body: object = claims, header: object = {}) =>
  signed({ alg: "HS256", typ: "JWT", ...header }, body, secretKey(SECRET), "HS256");

const good = await token();
const expired = await token({ ...claims, exp: now - 60 });
const early = await token({ ...claims, nbf: now + 60 });
const forged = `${good.split(".")[0]}.${segment({ ...claims, sub: "admin" })}.${good.split(".")[2]}`;
const file = [good, "", "Bearer garbage", expired, forged, `"${good}"`, good.slice(0, 60), ""].join("\n");

interface Entry {
  readonly line: number;
  readonly [member: string]: unknown;
}

const entriesOf = (stdout: string) =>
  stdout
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Entry);

describe("decode --lines and verify --lines", () => {
  it("tell an entry for every line on stdout, and a summary on stderr", async () => {
    const cli = new Cli();
    cli.file("tokens.txt", file);
    let text = "";
    for (const words of [
      ["decode", "--lines", "@tokens.txt"],
      ["verify", "--lines", "@tokens.txt", ...WITH_SECRET],
      ["verify", "--lines", "@tokens.txt", ...WITH_SECRET, "--json"],
    ]) {
      const given = words.map((word) => word.replace("@tokens.txt", `@${cli.path("tokens.txt")}`));
      text += `${transcript(words.join(" "), await cli.run(given))}\n`;
    }
    await expect(text).toMatchFileSnapshot("golden/lines.txt");
  });

  it("read stdin, with and without a -", async () => {
    const cli = new Cli();
    for (const words of [
      ["decode", "--lines"],
      ["decode", "--lines", "-"],
    ]) {
      const { stdout, code } = await cli.run(words, { stdin: `${good}\n${expired}\n` });
      expect(code).toBe(0);
      expect(entriesOf(stdout).map(({ line }) => line)).toEqual([1, 2]);
    }
  });

  it("say nothing on stderr with --quiet", async () => {
    const { stderr, code } = await new Cli().run(["decode", "--lines", "--quiet"], { stdin: `${good}\n` });
    expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
  });

  it("end quietly when the reader has gone", async () => {
    const { stderr, stdout, code } = await new Cli().run(["decode", "--lines"], {
      stdin: `${good}\n`.repeat(100),
      stdoutClosed: true,
    });
    expect({ stderr, stdout, code }).toEqual({ stderr: "", stdout: "", code: 0 });
  });

  it("let go of the input when they end, whether it is over or not", async () => {
    for (const stdoutClosed of [false, true]) {
      const source = fakeSource(Buffer.from(`${good}\n`.repeat(50)));
      await new Cli().run(["decode", "--lines"], { stdoutClosed, lines: { stdin: () => source } });
      expect(source.isClosed).toBe(true);
    }
  });

  it("have nothing to say of an empty input", async () => {
    const { stdout, stderr, code } = await new Cli().run(["decode", "--lines"], { stdin: "" });
    expect({ stdout, stderr, code }).toEqual({ stdout: "", stderr: "0 tokens: 0 decoded\n", code: 0 });
  });

  it("tell a person at a terminal where the tokens are expected from", async () => {
    const { stderr } = await new Cli().run(["decode", "--lines"], {
      terminal: { stdin: true },
      stdin: `${good}\n`,
    });
    expect(stderr).toBe(
      "note: reading tokens from this terminal, one a line; Ctrl-D ends\n1 token: 1 decoded\n",
    );
  });
});

describe("the exit code of verify --lines", () => {
  it.each<[string, readonly string[], number]>([
    ["0 when all are valid", [good, good], 0],
    ["4 when only the time is wrong", [good, expired, early], 4],
    ["1 when one is forged, whatever else there is", [good, expired, forged], 1],
    ["1 when one is no token", [good, "garbage"], 1],
  ])("%s", async (_, lines, exit) => {
    const { code } = await new Cli().run(["verify", "--lines", ...WITH_SECRET], { stdin: lines.join("\n") });
    expect(code).toBe(exit);
  });

  it("asks about another time with --at", async () => {
    const words = ["verify", "--lines", ...WITH_SECRET, "--at", "-2m"];
    expect((await new Cli().run(words, { stdin: expired })).code).toBe(4);
    expect((await new Cli().run([...words, "--leeway", "2m"], { stdin: expired })).code).toBe(0);
  });
});

describe("the keys of verify --lines", () => {
  it("are those of the store, with its issuer and audience, by kid", async () => {
    const cli = new Cli();
    await cli.ok("init --no-passphrase");
    const first = (await cli.ok("mint --sub bob")).trim();
    await cli.ok("keys rotate");
    const second = (await cli.ok("mint --sub bob")).trim();
    const other = (await cli.ok("mint --sub bob --iss https://other.example.com")).trim();
    const { stdout, code } = await cli.run("verify --lines", {
      stdin: [first, second, other, first].join("\n"),
    });
    const entries = entriesOf(stdout);
    expect(entries.map(({ valid, code: why }) => [valid, why])).toEqual([
      [true, undefined],
      [true, undefined],
      [false, "issuer_mismatch"],
      [true, undefined],
    ]);
    expect(entries[0]?.["kid"]).not.toBe(entries[1]?.["kid"]);
    expect(code).toBe(1);
  });

  it("a key that is revoked while the input goes on is refused from then on", async () => {
    const cli = new Cli();
    await cli.ok("init --no-passphrase");
    const minted = (await cli.ok("mint --sub bob")).trim();
    const kid = JSON.parse(await cli.ok(["decode", minted, "--json"])).header.kid as string;
    async function* chunks() {
      yield Buffer.from(`${minted}\n`);
      await cli.ok(["keys", "revoke", kid, "--yes"]);
      cli.clock.advance(10);
      yield Buffer.from(`${minted}\n`);
    }
    const { stdout } = await cli.run("verify --lines", {
      lines: { stdin: () => ({ chunks: chunks(), close: () => undefined }) },
    });
    expect(entriesOf(stdout).map(({ valid, code }) => [valid, code])).toEqual([
      [true, undefined],
      [false, "key_revoked"],
    ]);
  });

  it("are read from a file once", async () => {
    const cli = new Cli();
    const key = ecKey();
    const { d, ...publicKey } = key;
    cli.file("key.jwk", JSON.stringify(publicKey));
    const lines = await Promise.all(
      ["a", "b"].map((sub) => signed({ alg: "ES256" }, { ...claims, sub }, key, "ES256")),
    );
    const { stdout, code } = await cli.run(["verify", "--lines", "--key", cli.path("key.jwk")], {
      stdin: lines.join("\n"),
    });
    expect(entriesOf(stdout)).toEqual([
      { line: 1, valid: true },
      { line: 2, valid: true },
    ]);
    expect(code).toBe(0);
  });

  it("a public key is never taken for a secret, in bulk neither (RFC 8725 section 2.1)", async () => {
    const cli = new Cli();
    const { d, ...publicKey } = ecKey();
    const bytes = JSON.stringify(publicKey);
    cli.file("key.jwk", bytes);
    const confused = await signed({ alg: "HS256" }, claims, secretKey(bytes), "HS256");
    const none = unsignedToken({ alg: "none" }, claims, "");
    const { stdout, code } = await cli.run(["verify", "--lines", "--key", cli.path("key.jwk")], {
      stdin: `${confused}\n${none}`,
    });
    expect(entriesOf(stdout).map((entry) => entry["code"])).toEqual([
      "algorithm_not_allowed",
      "algorithm_not_allowed",
    ]);
    expect(code).toBe(1);
  });
});

describe("the progress of a long run", () => {
  const run = async (options: RunOptions) => {
    const cli = new Cli();
    async function* chunks() {
      for (let count = 0; count < 4; count++) {
        cli.clock.advance(0.15);
        yield Buffer.from(`${good}\n`);
      }
    }
    const lines = { stdin: () => ({ chunks: chunks(), close: () => undefined }) };
    return cli.run(["decode", "--lines"], { env: { NO_COLOR: "1" }, lines, ...options });
  };

  it("is one line on a terminal that is taken away at the end", async () => {
    const { stderr } = await run({ terminal: { stderr: true } });
    expect(stderr).toMatch(
      /^(?:\r\u001b\[K\d tokens?, \d\/s, 0 failed)+\r\u001b\[K4 tokens in 0\.6 s \(7\/s\): 4 decoded\n$/,
    );
  });

  it.each<[string, RunOptions]>([
    ["where stderr is a file", { terminal: false }],
    ["where the entries are on the same terminal", { terminal: { stderr: true, stdout: true } }],
  ])("is not shown %s", async (_, options) => {
    expect((await run(options)).stderr).toBe("4 tokens in 0.6 s (7/s): 4 decoded\n");
  });
});

describe("what --lines refuses", () => {
  it.each<[readonly string[], string]>([
    [["decode", "--lines", good], "with --lines the tokens are not arguments"],
    [["decode", "--lines", "--part", "payload"], "--lines and --part contradict each other"],
    [["decode", "--lines", "--at", "now"], "--lines and --at contradict each other"],
    [["verify", "--lines", "--session"], "--lines and --session contradict each other"],
    [["verify", "--lines", "--pick", "2"], "--lines and --pick contradict each other"],
    [["verify", "--lines", "--paste"], "--lines and --paste contradict each other"],
    [["decode", "--lines", "--copy"], "--lines and --copy contradict each other"],
    [["decode", "--jobs", "2", good], "--jobs needs --lines"],
    [["verify", "--jobs", "2", good], "--jobs needs --lines"],
    [["decode", "--lines", "--jobs", "0"], '--jobs needs a number of threads from 1 to 256, not "0"'],
    [["decode", "--lines", "--jobs", "257"], '--jobs needs a number of threads from 1 to 256, not "257"'],
    [["decode", "--lines", "--jobs", "two"], '--jobs needs a number of threads from 1 to 256, not "two"'],
    [
      ["verify", "--lines", "--secret", "-"],
      "the key is read from stdin: the token cannot be read from there too",
    ],
  ])("%j", async (words, message) => {
    const refusal = await new Cli().refusal(words, { stdin: good });
    expect(refusal).toMatchObject({ exit: 2, code: "usage", stdout: "", message });
  });

  it("a file that is not there", async () => {
    const cli = new Cli();
    const refusal = await cli.refusal(["decode", "--lines", `@${cli.path("none.txt")}`]);
    expect(refusal).toMatchObject({ exit: 2, code: "file_unreadable", stdout: "" });
  });

  it("a key file that is not there, before a line is read", async () => {
    const cli = new Cli();
    const source = fakeSource(Buffer.from(good));
    const words = ["verify", "--lines", "--key", cli.path("none.pem")];
    expect(await cli.refusal(words, { lines: { stdin: () => source } })).toMatchObject({
      exit: 2,
      stdout: "",
    });
  });

  it("no store and no key", async () => {
    const refusal = await new Cli().refusal(["verify", "--lines"], { stdin: good });
    expect(refusal).toMatchObject({ exit: 3, code: "store_not_found", stdout: "" });
  });
});
