import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CATALOG, type CatalogEntry } from "../../../src/cli/catalog.ts";
import type { Verb } from "../../../src/cli/command.ts";
import { type DeclaredOptions, flagOf } from "../../../src/cli/declare.ts";
import { GLOBAL_OPTIONS } from "../../../src/cli/global-options.ts";
import { Cli } from "../../support/run.ts";

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const PEM = privateKey.export({ format: "pem", type: "pkcs8" }) as string;
const JWK = privateKey.export({ format: "jwk" });

/** What people paste where a name belongs, and the parts of it that nobody may read. */
const SECRETS: readonly (readonly [what: string, given: string, parts: readonly string[]])[] = [
  ["a private key", PEM, PEM.split("\n").slice(1, 3)],
  ["a private key on one line", PEM.replaceAll("\n", "\\n"), [PEM.split("\n")[1] ?? ""]],
  [
    "a private key in base64",
    Buffer.from(PEM).toString("base64"),
    [Buffer.from(PEM).toString("base64").slice(0, 60)],
  ],
  ["a private JWK", JSON.stringify(JWK), [JWK.d ?? ""]],
  ["a set with a private JWK", JSON.stringify({ keys: [JWK] }, null, 2), [JWK.d ?? ""]],
  ["a secret", "0123456789abcdef0123456789abcdef", ["0123456789abcdef0123456789abcdef"]],
  [
    "a secret in base64",
    "q83vASNFZ4mrze8BI0VniavN7wEjRWeJ/83vASNFZ4k=",
    ["q83vASNFZ4mrze8BI0VniavN7wEjRWeJ"],
  ],
  ["a passphrase", "violet kettle of nine slow rivers", ["kettle of nine"]],
  ["a passphrase with hyphens", "correct-horse-battery-staple", ["horse-battery"]],
];

let home: string;
beforeAll(() => {
  home = process.cwd();
});
afterAll(() => process.chdir(home));

/** Where a value goes that is what the command makes or shows: an answer names what was asked for. */
const isAnswer = (code: number, what: string) => code === 0 && !/key|JWK/.test(what);

/** Every way to give a text to a command: in place of each argument, and as the value of each option. */
function commandLines(entry: CatalogEntry, verb: Verb, given: string): readonly (readonly string[])[] {
  const names = Object.keys(verb.arguments ?? {});
  const filled = names.map(() => "x");
  const inArguments = names.map((_, index) => [...entry.path, ...filled.slice(0, index), given]);
  const declared: DeclaredOptions = { ...verb.options, ...GLOBAL_OPTIONS };
  const options = Object.entries(declared);
  const inOptions = options.flatMap(([name, { value, refused }]) =>
    value === undefined || refused
      ? []
      : [
          [...entry.path, ...filled, flagOf(name), given],
          [...entry.path, ...filled, `${flagOf(name)}=${given}`],
        ],
  );
  return [...inArguments, ...inOptions, [...entry.path, ...filled, given, given]];
}

describe.each(CATALOG.map((entry) => [entry.path.join(" "), entry] as const))("%s", (_, entry) => {
  it("repeats no secret that was given where something else belongs", async () => {
    const cli = new Cli();
    process.chdir(cli.directory);
    await cli.ok("init --no-passphrase");
    const verb = await entry.load();
    const leaks: string[] = [];
    for (const [what, given, parts] of SECRETS) {
      for (const words of commandLines(entry, verb, given)) {
        for (const json of [[], ["--json"]]) {
          const { code, stdout, stderr } = await cli.run([...words, ...json, "--no-input"]);
          const told = isAnswer(code, what) ? stderr : stdout + stderr;
          const line = words.map((word) => word.slice(0, 30)).join(" ");
          if (parts.some((part) => told.includes(part))) leaks.push(`${what}: ${line}: ${code}`);
          if (code === 70) leaks.push(`a bug: ${line}`);
        }
      }
    }
    expect(leaks).toEqual([]);
  });
});

describe("in place of a command or an option", () => {
  it.each(SECRETS)("%s is not repeated", async (_, given, parts) => {
    const cli = new Cli();
    for (const words of [
      [given],
      ["keys", given],
      [`--${given}`],
      ["verify", `--${given}`],
      ["verify", `-${given}`],
    ]) {
      for (const json of [[], ["--json"]]) {
        const { stdout, stderr } = await cli.run([...words, ...json]);
        for (const part of parts) expect(stdout + stderr).not.toContain(part);
      }
    }
  });
});

describe("keys in a variable, or as text", () => {
  const publicPem = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({
    format: "pem",
    type: "spki",
  });

  it("env:NAME gives a key to every command that reads one", async () => {
    const cli = new Cli();
    cli.env["PRIVATE_KEY"] = PEM;
    const token = await cli.ok(["mint", "--sub", "x", "--key", "env:PRIVATE_KEY"]);
    await cli.ok(["verify", String(token).trim(), "--key", "env:PRIVATE_KEY"]);
    await cli.ok(["verify", String(token).trim(), "--jwks", "env:PRIVATE_KEY"]);
    await cli.ok(["keys", "thumbprint", "env:PRIVATE_KEY"]);
    await cli.ok(["keys", "convert", "env:PRIVATE_KEY", "--to", "jwk", "--public"]);
    await cli.ok("init --no-passphrase");
    await cli.ok(["keys", "import", "env:PRIVATE_KEY"]);
    const { code } = await cli.run(["keys", "lint", "env:PRIVATE_KEY"]);
    expect(code).toBe(1);
    const missing = await cli.run(["verify", String(token).trim(), "--key", "env:NOT_THERE"]);
    expect(missing.stderr).toContain("the environment variable NOT_THERE (from --key) is not set or empty");
  });

  it("a public key or a key set is taken as it is; a private one is not, and it is said how to give it", async () => {
    const cli = new Cli();
    await cli.ok(["keys", "thumbprint", String(publicPem)]);
    await cli.ok(["keys", "thumbprint", JSON.stringify({ keys: [{ ...JWK, d: undefined }] })]);
    const { stderr } = await cli.run(["mint", "--sub", "x", "--key", PEM]);
    expect(stderr).toContain("what --key names is the text of a private key, not a file name");
    expect(stderr).toContain("env:PRIVATE_KEY");
  });
});
