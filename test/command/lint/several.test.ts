import { describe, expect, it } from "vitest";
import jwtIo from "../../fixtures/tokens/jwt-io.json" with { type: "json" };
import { START } from "../../support/fake-runtime.ts";
import { Cli } from "../../support/run.ts";

const SECONDS = START / 1000;
const segment = (value: object | string) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const SIGNATURE = segment("s".repeat(64));
const CLAIMS = {
  ...{ iss: "https://auth.example.com", sub: "u-1", aud: "https://api.example.com", client_id: "shop" },
  ...{ iat: SECONDS, exp: SECONDS + 900, jti: "a1" },
};
const tokenOf = (header: object | string, claims: object = CLAIMS) =>
  `${segment(header)}.${segment(claims)}.${SIGNATURE}`;

const GOOD = tokenOf({ alg: "ES256", typ: "at+jwt", kid: "k1" });
const NONE = tokenOf({ alg: "none", typ: "at+jwt", kid: "k1" });
const WRAPPED = GOOD.replace(/(.{60})/g, "$1\n");

interface Report {
  readonly tokens: readonly { source: string | null; line: number; alg: string | null }[];
  readonly findings: readonly { token: number; rule: string }[];
  readonly unread: readonly { source: string | null; line: number; code: string; message: string }[];
  readonly failed: boolean;
}

async function report(
  words: readonly string[],
  exit: number,
  { stdin }: { stdin?: string } = {},
): Promise<Report> {
  const { code, stdout } = await new Cli().run(["lint", ...words, "--json"], {
    ...(stdin === undefined ? {} : { stdin }),
  });
  expect(code).toBe(exit);
  return JSON.parse(stdout) as Report;
}

const found = ({ findings }: Report) => findings.map(({ token, rule }) => `${token} ${rule}`);

describe("a token that hides behind another one from lint", () => {
  it.each([
    ["on the next line", `${GOOD}\n${NONE}\n`, 2],
    ["in a log", `12:00 INFO token=${GOOD}\n\n12:01 INFO token=${NONE} ok\n`, 3],
    ["in the same line", `a=${GOOD}&b=${NONE}`, 1],
    ["after one that is wrapped", `${WRAPPED}\n${NONE}\n`, WRAPPED.split("\n").length + 1],
    ["wrapped itself", `x\n${GOOD}\n\n${NONE.replace(/(.{60})/g, "$1\n")}`, 4],
    ["in JSON", JSON.stringify({ access_token: GOOD, other: [{ jwt: NONE }] }, null, 1), 5],
    ["without its signature", `${GOOD}\n${NONE.slice(0, NONE.lastIndexOf("."))}\n`, 2],
    ["with a header that begins with white space", `${GOOD}\n${tokenOf(' {"alg":"none"}')}\n`, 2],
  ])("is reviewed as well: %s", async (_, stdin, line) => {
    const result = await report(["-"], 1, { stdin });
    expect(result.tokens.map(({ alg }) => alg)).toEqual(["ES256", "none"]);
    expect(found(result)).toContain("1 alg-none");
    expect(result.tokens[1]).toMatchObject({ source: "stdin", line });
  });

  it("is reviewed as a second signature of a JWS in JSON", async () => {
    const [header, payload, signature] = GOOD.split(".");
    const signatures = [
      { protected: header, signature },
      { protected: segment({ alg: "none" }), signature: "" },
    ];
    const result = await report(["-"], 1, { stdin: JSON.stringify({ payload, signatures }) });
    expect(found(result)).toContain("1 alg-none");
  });

  it("is told of when it cannot be read, and lint fails with exit 5", async () => {
    const damaged = `${NONE.slice(0, 10)}!${NONE.slice(10)}`.replace("!", "A");
    const result = await report(["-"], 5, { stdin: `${GOOD}\n${damaged}\n` });
    expect(result.tokens).toHaveLength(1);
    expect(result.unread).toMatchObject([{ source: "stdin", line: 2, code: "token_malformed" }]);
    const response = JSON.stringify({ id_token: GOOD, access_token: damaged });
    expect((await report(["-"], 5, { stdin: response })).unread).toHaveLength(1);
  });

  it("is told of when there are more than are looked for", async () => {
    const many = Array.from({ length: 1001 }, (_, index) => tokenOf({ alg: "ES256", kid: `${index}` }));
    const { tokens, unread } = await report(["-", "--fail-on", "never"], 5, { stdin: many.join("\n") });
    expect(tokens).toHaveLength(1000);
    expect(unread).toMatchObject([{ code: "input_too_large" }]);
  });

  it("is not seen in what merely shortens a token, nor in an opaque token", async () => {
    const log = `token eyJhbGciOi... was accepted: ${GOOD}`;
    expect(await report(["-"], 0, { stdin: log })).toMatchObject({ unread: [], failed: false });
    const response = JSON.stringify({ id_token: GOOD, access_token: "2YotnFZFEjr1zCsicMWpAA" });
    expect(await report(["-"], 0, { stdin: response })).toMatchObject({ unread: [], failed: false });
  });
});

describe("lint of several inputs, one of which is no token", () => {
  const BAD = tokenOf({ alg: "ES256", typ: "at+jwt", kid: "k1" }, { ...CLAIMS, exp: undefined });
  const CUT = GOOD.slice(0, 120);

  it("reviews the others; findings are graver than what could not be read", async () => {
    const result = await report([GOOD, "notatoken", BAD], 1);
    expect(result.tokens).toHaveLength(2);
    expect(found(result)).toContain("1 no-exp");
    expect(result.unread).toEqual([
      { source: null, line: 1, code: "token_malformed", message: "this is not a token: it has no dots" },
    ]);
    expect((await report([GOOD, "notatoken"], 5)).failed).toBe(false);
    expect((await report([GOOD, CUT], 5)).unread[0]?.message).toContain("only a whole token");
    expect((await report([GOOD, "notatoken", "--fail-on", "never"], 5)).unread).toHaveLength(1);
  });

  it("says to a person what was not reviewed, and never 'nothing found' alone", async () => {
    const { code, stdout } = await new Cli().run(["lint", GOOD, "notatoken"]);
    expect(code).toBe(5);
    expect(stdout).toContain("not reviewed: this is not a token: it has no dots");
    expect(stdout).toMatch(/nothing found by \d+ rules in 1 token; 1 could not be reviewed: failed\n$/);
  });

  it("names the lines of a file that holds several", async () => {
    const cli = new Cli();
    const file = cli.file("gate.txt", `${GOOD}\n${NONE}\n`);
    const { stdout } = await cli.run(["lint", `@${file}`]);
    expect(stdout).toContain(`${file}, line 1\n`);
    expect(stdout).toContain(`${file}, line 2\n`);
  });

  it("ends with an error when nothing could be reviewed at all", async () => {
    const refusal = await new Cli().refusal(["lint", "notatoken", "neither"]);
    expect(refusal).toMatchObject({ exit: 5, code: "token_malformed", stdout: "" });
  });
});

describe("the SARIF log of several inputs", () => {
  // biome-ignore lint/suspicious/noExplicitAny: a document of another specification
  async function sarif(words: readonly string[], exit: number, stdin?: string): Promise<any> {
    const { code, stdout } = await new Cli().run(
      ["lint", ...words, "--sarif"],
      stdin === undefined ? {} : { stdin },
    );
    expect(code).toBe(exit);
    return JSON.parse(stdout).runs[0];
  }

  it("is whole although an input is broken, which it tells in a notification", async () => {
    for (const words of [[NONE, "notatoken"], ["notatoken"]]) {
      const run = await sarif(words, words.length === 2 ? 1 : 5);
      expect(run.invocations).toMatchObject([
        {
          executionSuccessful: false,
          toolExecutionNotifications: [
            { level: "error", message: { text: "not reviewed: this is not a token: it has no dots" } },
          ],
        },
      ]);
    }
    const good = await sarif([NONE], 1);
    expect(good.invocations).toEqual([{ executionSuccessful: true }]);
  });

  it("names the line of each token, and a place for what is no file: GitHub refuses a log without", async () => {
    const run = await sarif([jwtIo.old.token, "-"], 1, `# log\n${GOOD}\n${NONE}\n`);
    const places = run.results.map(
      // biome-ignore lint/suspicious/noExplicitAny: a document of another specification
      ({ locations: [{ physicalLocation: at }] }: any) => `${at.artifactLocation.uri}:${at.region.startLine}`,
    );
    expect(new Set(places)).toEqual(new Set(["argument-1:1", "stdin:3"]));
  });
});
