import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { Cli, type RunOptions } from "../../support/run.ts";

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const PEM = privateKey.export({ format: "pem", type: "pkcs8" }) as string;
const SECRET = "violet kettles of nine slow rivers";
const PASSWORD = "seven green kettles hum";
const PASSPHRASE = "a passphrase that nobody guesses";

/** A refusal that says how to give it, and the ways that it names, each walked. */
async function walk(
  cli: Cli,
  refused: readonly string[],
  hint: RegExp,
  ways: readonly (readonly [words: readonly string[], options?: RunOptions])[],
): Promise<void> {
  const refusal = await cli.refusal(refused);
  expect(refusal.exit).toBe(2);
  expect((refusal as unknown as { hints: readonly string[] }).hints.join("\n")).toMatch(hint);
  for (const [words, options] of ways) await cli.ok(words, options);
}

describe("a key given where its name belongs", () => {
  const ways = (before: readonly string[], cli: Cli, after: readonly string[] = []) =>
    [
      [[...before, "env:PRIVATE_KEY", ...after], { env: { PRIVATE_KEY: PEM } }],
      [[...before, "-", ...after], { stdin: PEM }],
      [[...before, cli.file("key.pem", PEM), ...after]],
    ] as const;
  const HINT =
    /Write it to a file, pipe it in with -, or name the variable that holds it, as in env:PRIVATE_KEY/;

  it.each([
    ["mint --sub x --key", ""],
    ["verify TOKEN --key", ""],
    ["verify TOKEN --jwks", ""],
    ["tamper TOKEN --attack hs-rs --key", ""],
    ["keys thumbprint", ""],
    ["keys convert", "--to jwk"],
    ["keys import", "--dry-run"],
  ])("%s: each way that is printed works", async (before, after) => {
    const cli = new Cli();
    await cli.ok("init --no-passphrase");
    const token = (await cli.ok(["mint", "--sub", "x", "--key", cli.file("k.pem", PEM)])).trim();
    const words = before.replace("TOKEN", token).split(" ");
    const end = after === "" ? [] : after.split(" ");
    await walk(cli, [...words, PEM, ...end], HINT, ways(words, cli, end));
  });

  it("what cannot be read as a file may be the key itself: that is said, too", async () => {
    const cli = new Cli();
    await walk(
      cli,
      ["mint", "--sub", "x", "--key", SECRET],
      /A key itself is given as env:NAME, or piped in with -/,
      [...ways(["mint", "--sub", "x", "--key"], cli)],
    );
  });
});

describe("a secret given where its name belongs", () => {
  const at = `@${SECRET}`;
  it("--secret-file leads to --secret", async () => {
    const cli = new Cli();
    await walk(
      cli,
      ["mint", "--sub", "x", "--secret-file", SECRET],
      /--secret: env:NAME, or - to type or pipe it in/,
      [
        [["mint", "--sub", "x", "--secret", "env:NAME"], { env: { NAME: SECRET } }],
        [["mint", "--sub", "x", "--secret", "-"], { stdin: SECRET }],
        [["mint", "--sub", "x", "--secret", "-"], { terminal: true, answers: [["The secret:", SECRET]] }],
      ],
    );
  });

  it("a secret that begins with @", async () => {
    const cli = new Cli();
    await walk(
      cli,
      ["mint", "--sub", "x", "--secret", at],
      /begins with @ is given with --secret env:NAME, or --secret -/,
      [
        [["mint", "--sub", "x", "--secret", "env:NAME"], { env: { NAME: at } }],
        [["mint", "--sub", "x", "--secret", "-"], { stdin: at }],
      ],
    );
  });

  it("--password-file leads to --password-stdin", async () => {
    const cli = new Cli();
    await cli.ok("init --no-passphrase");
    await walk(cli, ["users", "add", "alice", "--password-file", PASSWORD], /piped in: --password-stdin/, [
      [["users", "add", "alice", "--password-stdin"], { stdin: PASSWORD }],
      [["login", "alice", "--no-save", "--password-stdin"], { stdin: PASSWORD }],
      [["login", "alice", "--no-save"], { terminal: true, answers: [["Password for alice:", PASSWORD]] }],
    ]);
  });

  it("--passphrase-file leads to the variable", async () => {
    const cli = new Cli();
    const env = { JWTCTL_PASSPHRASE: PASSPHRASE };
    await walk(cli, ["init", "--passphrase-file", PASSPHRASE], /in the variable JWTCTL_PASSPHRASE/, [
      [["init"], { env }],
      [["mint", "--sub", "x"], { env }],
      [["mint", "--sub", "x"], { terminal: true, answers: [["Passphrase of the store:", PASSPHRASE]] }],
    ]);
  });

  it("--key-passphrase-file is left out, and asked for", async () => {
    const cli = new Cli();
    const lock = { cipher: "aes-256-cbc", passphrase: PASSPHRASE };
    const key = cli.file("k.pem", privateKey.export({ format: "pem", type: "pkcs8", ...lock }));
    const mint = ["mint", "--sub", "x", "--key", key];
    await walk(cli, [...mint, "--key-passphrase-file", PASSPHRASE], /asked for when the option is left out/, [
      [mint, { terminal: true, answers: [["Passphrase of the key file:", PASSPHRASE]] }],
    ]);
  });

  it("a refresh token behind @", async () => {
    const cli = new Cli();
    await cli.ok("init --no-passphrase");
    await cli.ok("users add alice --password-stdin", { stdin: PASSWORD });
    const session = ["login", "alice", "--no-save", "--password-stdin"];
    const issue = async () =>
      (JSON.parse(await cli.ok([...session, "--json"], { stdin: PASSWORD })) as { refresh_token: string })
        .refresh_token;
    const token = await issue();
    await walk(cli, ["refresh", `@${token}`], /the token itself, without @/, [
      [["refresh", "env:NAME"], { env: { NAME: token } }],
      [["logout", "-"], { stdin: await issue() }],
      [["tokens", "revoke", "--token", "env:NAME"], { env: { NAME: await issue() } }],
    ]);
  });
});

describe("a variable that is named", () => {
  it.each(["--key", "--jwks", "--secret"])("%s: unset and empty are said in words", async (flag) => {
    const cli = new Cli();
    const token = (await cli.ok(["mint", "--sub", "x", "--key", cli.file("k.pem", PEM)])).trim();
    for (const env of [{}, { KEY: "" }]) {
      const { code, stderr } = await cli.run(["verify", token, flag, "env:KEY"], { env });
      expect(code).toBe(2);
      expect(stderr).toContain(`the environment variable KEY (from ${flag}) is not set or empty`);
    }
  });

  it("a byte order mark before the value is no part of a secret, unless it is to be kept", async () => {
    const cli = new Cli();
    const token = (
      await cli.ok(["mint", "--sub", "x", "--secret", "env:NAME"], { env: { NAME: SECRET } })
    ).trim();
    const env = { NAME: `\ufeff${SECRET}` };
    await cli.ok(["verify", token, "--secret", "env:NAME"], { env });
    const { code } = await cli.run(["verify", token, "--secret", "env:NAME", "--raw-secret"], { env });
    expect(code).toBe(1);
  });

  it("b64: and hex: take what people write around the encoding", async () => {
    const cli = new Cli();
    const bytes = Buffer.from(SECRET);
    const token = (
      await cli.ok(["mint", "--sub", "x", "--secret", "env:NAME"], { env: { NAME: SECRET } })
    ).trim();
    const hex = bytes.toString("hex");
    for (const [mark, text] of [
      ["b64:", `base64:${bytes.toString("base64")}`],
      ["hex:", `0x${hex}`],
      ["hex:", hex.replace(/..(?=.)/g, "$&:")],
      ["hex:", hex.replace(/../g, "\\x$&")],
      ["hex:", `hex:${hex.replace(/.{8}/g, "$& ")}\n`],
    ] as const) {
      await cli.ok(["verify", token, "--secret", `${mark}env:NAME`], { env: { NAME: text } });
      await cli.ok(["verify", token, "--secret", `${mark}@${cli.file("secret", text)}`]);
    }
  });
});
