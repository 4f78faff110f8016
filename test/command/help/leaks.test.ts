import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CATALOG, type CatalogEntry } from "../../../src/cli/catalog.ts";
import type { Verb } from "../../../src/cli/command.ts";
import { type DeclaredOptions, flagOf } from "../../../src/cli/declare.ts";
import { GLOBAL_OPTIONS } from "../../../src/cli/global-options.ts";
import { AppError } from "../../../src/core/base/errors.ts";
import type { Network } from "../../../src/core/remote/ports.ts";
import { Cli } from "../../support/run.ts";

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const PEM = privateKey.export({ format: "pem", type: "pkcs8" }) as string;
const JWK = privateKey.export({ format: "jwk" });
const body = PEM.split("\n").slice(1, 3);

interface Secret {
  readonly what: string;
  readonly given: string;
  /** The parts of it that nobody may read. */
  readonly parts: readonly string[];
  /** Nothing tells it from the name of a user, an issuer or a file: it is one where one belongs. */
  readonly likeName?: true;
}

const base64 = Buffer.from(PEM).toString("base64");
const random = "q83vASNFZ4mrze8BI0VniavN7wEjRWeJ";
const refreshToken = "jwtctl_rt_0123456789abcdefghijABCDEFGHIJ0123456789abcdef0";
const bearer = ["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiJ4IiwiZXhwIjoyMDAwMDAwMDAwfQ", `${random}-_e`].join(".");

/** What people paste where a name belongs. */
const SECRETS: readonly Secret[] = [
  { what: "a private key", given: PEM, parts: body },
  { what: "a private key on one line", given: PEM.replaceAll("\n", "\\n"), parts: [body[0] ?? ""] },
  { what: "a private key without line breaks", given: PEM.replaceAll("\n", " "), parts: [body[0] ?? ""] },
  { what: "a private key in base64", given: base64, parts: [base64.slice(0, 60)] },
  { what: "a private JWK", given: JSON.stringify(JWK), parts: [JWK.d ?? ""] },
  { what: "a private JWK Set", given: JSON.stringify({ keys: [JWK] }, null, 2), parts: [JWK.d ?? ""] },
  { what: "a token", given: bearer, parts: [random] },
  { what: "a refresh token", given: refreshToken, parts: ["0123456789abcdefghij"] },
  {
    what: "a secret in hexadecimal",
    given: "0123456789abcdef0123456789abcdef",
    parts: ["456789abcdef01"],
    likeName: true,
  },
  { what: "a secret in base64", given: `${random}/83vASNFZ4kx`, parts: [random], likeName: true },
  {
    what: "a passphrase",
    given: "violet kettle of nine slow rivers",
    parts: ["kettle of nine"],
    likeName: true,
  },
  {
    what: "a passphrase with hyphens",
    given: "correct-horse-battery-staple",
    parts: ["horse-battery"],
    likeName: true,
  },
];

const OFFLINE: Network = {
  visit: async () => {
    throw new AppError("network_unreachable", "this test has no network");
  },
};

let home: string;
beforeAll(() => {
  home = process.cwd();
});
afterAll(() => process.chdir(home));

/** A store with a user, and a value for each argument with which its command gets as far as its options. */
async function world(entry: CatalogEntry): Promise<{ cli: Cli; fill: Readonly<Record<string, string>> }> {
  const cli = new Cli();
  process.chdir(cli.directory);
  await cli.ok("init --no-passphrase");
  if (entry.path[0] === "login" || entry.path[0] === "users") {
    await cli.ok("users add alice --password-stdin", { stdin: "seven green kettles hum" });
  }
  const token = (await cli.ok("mint --sub x")).trim();
  const [active] = await cli.json<readonly { kid: string }[]>("keys list");
  const file = cli.file("public.pem", publicKey.export({ format: "pem", type: "spki" }));
  const name = entry.path[0] === "config" ? "issuer" : "alice";
  const tokens = { token, tokens: token, first: token, second: token, claims: '{"a":1}' };
  const names = {
    kid: active?.kid ?? "",
    user: "alice",
    name,
    value: "https://x.example",
    id: "x",
    ids: "x",
  };
  return { cli, fill: { ...tokens, ...names, file, key: file } };
}

/** Every way to give a text to a command: in place of each argument, and as the value of each option. */
function commandLines(
  entry: CatalogEntry,
  verb: Verb,
  given: string,
  fill: Readonly<Record<string, string>>,
): readonly (readonly string[])[] {
  const names = Object.keys(verb.arguments ?? {});
  const filled = names.map((name) => fill[name] ?? "x");
  const inArguments = names.map((_, index) => [...entry.path, ...filled.with(index, given)]);
  const declared: DeclaredOptions = { ...verb.options, ...GLOBAL_OPTIONS };
  const inOptions = Object.entries(declared).flatMap(([name, { value = "", refused }]) => {
    if (value === "" || refused) return [];
    const before = [...entry.path, ...filled];
    const flag = flagOf(name);
    const asFile = /file|source/.test(value) ? [[...before, flag, `@${given}`]] : [];
    return [
      [...before, flag, given],
      [...before, flag, given, "--json"],
      [...before, `${flag}=${given}`],
      ...asFile,
    ];
  });
  const misplaced = [
    [...entry.path, ...filled, given, given],
    [...entry.path, `--key${given}`],
  ];
  return [...inArguments, ...inArguments.map((words) => [...words, "--json"]), ...inOptions, ...misplaced];
}

/** What the command is there to show or to sign stands where it belongs. */
function belongsThere(entry: CatalogEntry, words: readonly string[], { what, given }: Secret): boolean {
  return (
    what === "a token" &&
    /^(?:decode|verify|lint|diff|tamper)$/.test(entry.path[0] ?? "") &&
    words.indexOf(given) <= 2
  );
}

/** What may come out: a report or an answer names what was asked for, where that could be a name. */
function told(
  { code, stdout, stderr }: { code: number; stdout: string; stderr: string },
  { likeName }: Secret,
): string {
  const isReport = code === 0 || (stdout !== "" && !stderr.includes("error:"));
  return likeName && isReport ? stderr : stdout + stderr;
}

describe.each(CATALOG.map((entry) => [entry.path.join(" "), entry] as const))("%s", (_, entry) => {
  it("repeats no secret that was given where something else belongs", async () => {
    const { cli, fill } = await world(entry);
    const verb = await entry.load();
    const leaks: string[] = [];
    for (const secret of SECRETS) {
      for (const words of commandLines(entry, verb, secret.given, fill)) {
        const outcome = await cli.run([...words, "--no-input"], { network: OFFLINE });
        const line = words.map((word) => word.slice(0, 30)).join(" ");
        const shown = told(outcome, secret);
        const isLeak =
          secret.parts.some((part) => shown.includes(part)) && !belongsThere(entry, words, secret);
        if (isLeak) leaks.push(`${secret.what}: ${line}: ${outcome.code}`);
        if (outcome.code === 70) leaks.push(`a bug: ${line}`);
      }
    }
    expect(leaks).toEqual([]);
  });
});

describe("in place of a command or an option", () => {
  it.each(SECRETS)("$what is not repeated", async ({ given, parts }) => {
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
