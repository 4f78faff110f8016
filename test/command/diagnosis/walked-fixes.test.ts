import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createNetwork } from "../../../src/runtime/network.ts";
import { json, startServer, type TestServer } from "../../support/jwks-server.ts";
import { Cli } from "../../support/run.ts";
import { ecKey, secretKey, signed } from "../../unit/token/node-jws.ts";

// Every option that a fix or a hint of `verify` prints is put into the command that was refused, as a reader would do it,
// and the command is run again: it must get further than to the same refusal.

const KEY = ecKey({ kid: "k1" });
const { d: _, ...PUBLIC } = KEY;
const NOW = Date.UTC(2026, 2, 1, 12) / 1000;
const CLAIMS = { sub: "u", iat: NOW - 60, exp: NOW + 600 };
const TENANT = "11111111-2222-3333-4444-555555555555";
const SECRET = "a secret of thirty-two bytes, yes";

interface Scenario {
  readonly claims?: object;
  /** What the user typed. */
  readonly asked?: readonly string[];
  /** The cause, or the code of a refusal without a report. */
  readonly expected: string;
  /** What stands in capitals in the advice, as the reader knows it. */
  readonly known?: Readonly<Record<string, string>>;
}

const entra = (tenant: string) => `https://login.microsoftonline.com/${tenant}/v2.0`;
const COGNITO = {
  iss: "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC",
  token_use: "access",
  client_id: "3n4b5urk",
};

const SCENARIOS: readonly Scenario[] = [
  { expected: "clock_skew", claims: { nbf: NOW + 42 } },
  { expected: "clock_skew", claims: { iat: NOW - 72, exp: NOW - 12 } },
  { expected: "expired", claims: { iat: NOW - 3600, exp: NOW - 12 } },
  {
    expected: "issuer_other_host",
    claims: { iss: "http://localhost:8080/realms/demo" },
    asked: ["--iss", "http://keycloak:8080/realms/demo"],
  },
  {
    expected: "issuer_base_path",
    claims: { iss: "http://localhost:8080/realms/demo" },
    asked: ["--iss", "http://localhost:8080/auth/realms/demo"],
  },
  { expected: "issuer_quoted", claims: { iss: '"aks.example.test"' }, asked: ["--iss", "aks.example.test"] },
  { expected: "issuer_quoted", claims: { iss: "aks.example.test" }, asked: ["--iss", "'aks.example.test'"] },
  {
    expected: "issuer_spelling",
    claims: { iss: "accounts.google.com" },
    asked: ["--iss", "https://accounts.google.com"],
  },
  {
    expected: "entra_version",
    claims: { iss: `https://sts.windows.net/${TENANT}/` },
    asked: ["--iss", entra(TENANT)],
  },
  {
    expected: "entra_version",
    claims: { iss: entra(TENANT) },
    asked: ["--iss", `https://sts.windows.net/${TENANT}/`],
  },
  { expected: "issuer_other_path", claims: { iss: entra(TENANT) }, asked: ["--iss", entra("common")] },
  {
    expected: "issuer_legacy",
    claims: { iss: "https://kubernetes.default.svc" },
    asked: ["--iss", "kubernetes/serviceaccount"],
  },
  {
    expected: "issuer_other_path",
    claims: { iss: "https://o.okta.com/oauth2/aus1" },
    asked: ["--iss", "https://o.okta.com/oauth2/default"],
  },
  {
    expected: "adfs_access_token_issuer",
    claims: { iss: "http://fs.example.org/adfs/services/trust" },
    asked: ["--iss", "https://fs.example.org/adfs"],
  },
  {
    expected: "audience_in_other_claim",
    claims: { aud: "account", azp: "my app" },
    asked: ["--aud", "my app"],
  },
  { expected: "audience_in_other_claim", claims: COGNITO, asked: ["--aud", "3n4b5urk"] },
  { expected: "audience_absent", claims: COGNITO, asked: ["--aud", "api"] },
];

/** Runs of options with their values, as they stand in a sentence. */
const OPTIONS = /--[a-z][a-z-]*(?:[ =](?:'[^']*'|(?!--)[^\s;:,()]\S*))?/g;
/** Options of other programs, and of other commands. */
const FOREIGN = new Set(["--audience", "--http-relative-path", "--hostname"]);

/** The words that a reader adds to the command. */
function adviceIn(text: string, known: Readonly<Record<string, string>> = {}): readonly string[] {
  return [...text.matchAll(OPTIONS)].flatMap(([found]) => {
    const [option = "", ...rest] = found.split(/[ =]/);
    if (FOREIGN.has(option) || option === "--aud") return [];
    const value =
      rest.length === 0
        ? ""
        : found
            .slice(option.length + 1)
            .replace(/^'(.*)'$/s, "$1")
            .replace(/[.,;]$/, "");
    return value === "" || WORDS.has(value) ? [option] : [option, known[value] ?? value];
  });
}

/** Words of the sentence that go on behind an option. */
const WORDS = new Set(["is", "and", "or", "in", "with", "without"]);

/** The command as the advice has it: an option that is given anew takes the place of the old one. */
function followed(words: readonly string[], fix: string, advice: readonly string[]): readonly string[] {
  const replaced = new Set(advice.filter((word) => word.startsWith("--")));
  if (/--aud out/.test(fix)) replaced.add("--aud");
  if (replaced.has("--jwks")) for (const option of ["--issuer-url", "--key"]) replaced.add(option);
  const kept = words.filter((word, index) => !replaced.has(word) && !replaced.has(words[index - 1] ?? ""));
  return [...kept, ...advice];
}

interface Report {
  readonly valid: boolean;
  readonly checks: readonly { name: string; status: string; code?: string }[];
  readonly diagnosis: readonly { cause: string; fix: string }[];
}

describe("the fix of a cause, followed", () => {
  it.each(
    SCENARIOS.map(
      (scenario) => [`${scenario.expected}: ${JSON.stringify(scenario.claims)}`, scenario] as const,
    ),
  )("%s", async (_, { claims = {}, asked = [], expected, known }) => {
    const cli = new Cli();
    const token = await signed({ alg: "ES256", kid: "k1" }, { ...CLAIMS, ...claims }, KEY, "ES256");
    const words = ["verify", token, "--key", cli.file("key.json", JSON.stringify(PUBLIC)), ...asked];
    const first = await cli.run([...words, "--json"]);
    const { valid, diagnosis } = JSON.parse(first.stdout) as Report;
    expect(valid).toBe(false);
    const found = diagnosis.find(({ cause }) => cause === expected);
    const advice = adviceIn(found?.fix ?? "", known);
    expect(advice, `${found?.fix} names an option`).not.toEqual([]);
    const again = await cli.run([...followed(words, found?.fix ?? "", advice), "--json"]);
    expect(again.stderr).toBe("");
    expect([again.code, advice]).toEqual([0, advice]);
  });

  it("payload_detached: the payload is given as it was sent", async () => {
    const cli = new Cli();
    const header = Buffer.from('{"alg":"HS256","b64":false,"crit":["b64"]}').toString("base64url");
    const signature = createHmac("sha256", SECRET).update(`${header}.{"a":1}`).digest("base64url");
    const words = ["verify", `${header}..${signature}`, "--secret", `@${cli.file("s", SECRET)}`];
    const { diagnosis } = JSON.parse((await cli.run([...words, "--json"])).stdout) as Report;
    const fix = diagnosis[0]?.fix ?? "";
    const advice = adviceIn(fix, { FILE: cli.file("body", '{"a":1}') });
    expect((await cli.run(followed(words, fix, advice))).code).toBe(0);
  });
});

describe("the hint of a refusal, followed", () => {
  const network = () => createNetwork({ env: {}, limits: { time: 20_000, size: 1024 * 1024, redirects: 3 } });
  const CONTAINER = "http://keycloak:8080/realms/demo";

  async function hintsOf(cli: Cli, words: readonly string[]): Promise<string> {
    const { stdout, stderr, code } = await cli.run([...words, "--json"], { network: network() });
    expect(code).not.toBe(0);
    if (stdout !== "") return (JSON.parse(stdout) as Report).diagnosis.map(({ fix }) => fix).join("\n");
    const { error } = JSON.parse(stderr.slice(stderr.indexOf("{"))) as {
      error: { hints: readonly string[] };
    };
    return error.hints.join("\n");
  }

  async function serve(document: (server: () => TestServer) => object): Promise<TestServer> {
    let server: TestServer;
    const metadata = () => document(() => server);
    server = await startServer({
      "/jwks": json({ keys: [PUBLIC] }),
      "/realms/demo/.well-known/openid-configuration": (request, response) =>
        json(metadata())(request, response),
      "/adfs/.well-known/openid-configuration": (request, response) => json(metadata())(request, response),
    });
    return server;
  }

  it("the JSON form of a JWS: --json-form", async () => {
    const cli = new Cli();
    const [first, second, third] = (await signed({ alg: "HS256" }, CLAIMS, secretKey(SECRET), "HS256")).split(
      ".",
    );
    const text = JSON.stringify({ payload: second, protected: first, signature: third });
    const words = ["verify", text, "--secret", `@${cli.file("s", SECRET)}`];
    const hints = await hintsOf(cli, words);
    expect((await cli.run([...words, ...adviceIn(hints)])).code).toBe(0);
  });

  it("an issuer whose own name is not reached from here: keys and issuer apart", async () => {
    const cli = new Cli();
    const server = await serve((own) => ({ issuer: CONTAINER, jwks_uri: own().url("/jwks") }));
    const token = await signed({ alg: "ES256", kid: "k1" }, { ...CLAIMS, iss: CONTAINER }, KEY, "ES256");
    const words = ["verify", token, "--issuer-url", server.url("/realms/demo")];
    const hints = await hintsOf(cli, words);
    const followedWords = followed(words, hints, adviceIn(hints));
    expect((await cli.run(followedWords, { network: network() })).code).toBe(0);
  });

  it("AD FS: its access tokens name another issuer, and its metadata say which", async () => {
    const cli = new Cli();
    const iss = "http://fs.example.org/adfs/services/trust";
    const server = await serve((own) => ({
      issuer: own().url("/adfs"),
      jwks_uri: own().url("/jwks"),
      access_token_issuer: iss,
    }));
    const token = await signed({ alg: "ES256", kid: "k1" }, { ...CLAIMS, iss }, KEY, "ES256");
    const words = ["verify", token, "--issuer-url", server.url("/adfs")];
    const hints = await hintsOf(cli, words);
    const followedWords = followed(words, hints, adviceIn(hints));
    expect((await cli.run(followedWords, { network: network() })).code).toBe(0);
  });

  it("an address that is not fetched: what curl fetched is given with --key -", async () => {
    const cli = new Cli();
    const token = await signed({ alg: "ES256", kid: "k1" }, CLAIMS, KEY, "ES256");
    const hints = await hintsOf(cli, ["verify", token, "--jwks", "http://keycloak:8080/keys"]);
    expect(hints).toContain("curl -s http://keycloak:8080/keys | jwtctl verify TOKEN --key -");
    const piped = await cli.run(["verify", token, "--key", "-"], {
      stdin: JSON.stringify({ keys: [PUBLIC] }),
    });
    expect(piped.code).toBe(0);
  });

  it.each([
    ["--as", "id-token"],
    ["--as", "client-assertion"],
    ["--as", "dpop", "--method", "GET"],
  ])("an option that is missing: %s %s", async (...words) => {
    const cli = new Cli();
    const { code, stderr } = await cli.run(["verify", "a.b.c", ...words, "--json"]);
    expect(code).toBe(2);
    const { error } = JSON.parse(stderr) as { error: { message: string; hints: readonly string[] } };
    const [, option = ""] = /Give (--[a-z-]+) </.exec(error.hints.join()) ?? [];
    const again = await cli.run(["verify", "a.b.c", ...words, option, "x", "--json"]);
    expect(again.stderr).not.toContain(error.message);
  });
});
