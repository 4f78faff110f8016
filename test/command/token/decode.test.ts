import { describe, expect, it } from "vitest";
import rfc7515 from "../../fixtures/rfc/rfc7515.json" with { type: "json" };
import rfc7519 from "../../fixtures/rfc/rfc7519.json" with { type: "json" };
import rfc7520 from "../../fixtures/rfc/rfc7520.json" with { type: "json" };
import jwtIo from "../../fixtures/tokens/jwt-io.json" with { type: "json" };
import { START } from "../../support/fake-runtime.ts";
import { Cli, transcript } from "../../support/run.ts";
import { segment, unsignedToken } from "../../unit/token/make.ts";
import { Session } from "./session.ts";

const now = START / 1000;
const person = { terminal: true, columns: 80, env: { NO_COLOR: "1" } } as const;
const accessToken = unsignedToken(
  { alg: "ES256", typ: "at+jwt", kid: "2026-02" },
  {
    ...{ iss: "https://auth.example.com", sub: "alice", aud: ["https://api.example.com", "web"] },
    ...{
      client_id: "shop",
      scope: "cart:read cart:write",
      auth_time: now - 4000,
      iat: now - 420,
      exp: now + 480,
    },
    ...{ jti: "kG3lX0", "https://example.com/tier": "gold", account: { id: 7, roles: ["owner"] } },
  },
  "A".repeat(86),
);

describe("jwtctl decode, as a person sees it", () => {
  it.each([
    [60, "plain", { NO_COLOR: "1" }],
    [80, "plain", { NO_COLOR: "1" }],
    [80, "colour", { FORCE_COLOR: "1" }],
    [120, "plain", { NO_COLOR: "1" }],
  ])("an access token on a terminal of %i columns, %s", async (columns, name, env) => {
    const cli = new Cli();
    const stdout = await cli.ok(["decode", accessToken], { terminal: true, columns, env, utcOffset: 60 });
    await expect(stdout).toMatchFileSnapshot(`golden/decode-${columns}-${name}.txt`);
  });

  it("names the kind of token, in a line and as JSON, and says nothing where nothing shows it", async () => {
    const cli = new Cli();
    expect(await cli.ok(["decode", accessToken])).toContain(
      "\nkind: an access token: its typ is at+jwt (RFC 9068)\n",
    );
    const { kind } = await cli.json<{ kind: unknown }>(["decode", accessToken]);
    const known = { id: "access-token", name: "an access token", specification: "RFC 9068" };
    expect(kind).toEqual({ ...known, sign: "its typ is at+jwt" });
    const plain = unsignedToken({ alg: "ES256", typ: "JWT" }, { sub: "alice" }, "A".repeat(86));
    expect(await cli.ok(["decode", plain])).not.toContain("kind:");
  });

  it("tells the whole story of a token in a pipe", async () => {
    const cli = new Cli();
    await expect(await cli.ok(["decode", accessToken, "--explain"])).toMatchFileSnapshot(
      "golden/decode-explain.txt",
    );
  });

  it("reads the published tokens", async () => {
    const story = new Session();
    for (const { compact } of rfc7515.examples) await story.tell(["decode", compact]);
    for (const token of [rfc7519["3.1"].compact, jwtIo.old.token, jwtIo.new.token, rfc7520["5.3"].jwe]) {
      await story.tell(["decode", token, "--utc"]);
    }
    await expect(story.toString()).toMatchFileSnapshot("golden/decode-published.txt");
  });

  it("shows odd tokens for what they are", async () => {
    const story = new Session();
    const odd = [
      unsignedToken({ alg: "nOnE", jku: "https://evil.example/keys" }, { sub: "admin" }, ""),
      unsignedToken('{"alg":"RS256","alg":"none"}', '{"exp":1,"id":9007199254740993,"exp":1e400}'),
      unsignedToken({ alg: "HS256", typ: "JWT" }, { exp: START + 60_000, iat: "now" }, "A".repeat(43)),
      `${segment({ alg: "ES256K" })}.${segment("plain text\nof two lines")}.AAAA`,
      `${segment({ alg: "HS256" })}.${segment(Uint8Array.from({ length: 40 }, (_, index) => 255 - index))}.${"A".repeat(43)}`,
      `${segment({ alg: "HS256", b64: false, crit: ["b64"] })}.$02.${"A".repeat(43)}`,
    ];
    for (const token of odd) await story.tell(["decode", token]);
    await expect(story.toString()).toMatchFileSnapshot("golden/decode-odd.txt");
  });

  it("repairs what was pasted, and tells what is damaged", async () => {
    const story = new Session();
    const [header = "", payload = "", signature = ""] = jwtIo.new.token.split(".");
    const damaged = [
      `Authorization: Bearer ${jwtIo.new.token}`,
      JSON.stringify({ access_token: "opaque", id_token: jwtIo.new.token }),
      `${header}=.${payload}.${signature.replace("-", "+")}=`,
      `${header}.${payload}`,
      `${header}.${payload.slice(0, 30)}`,
      header,
      header.slice(0, 12),
      `${header.replace("J", "*")}.${payload}.${signature}`,
      "garbage",
      "jwtctl_rt_abcdef",
      '{"error":"invalid_grant"}',
    ];
    for (const text of damaged) await story.tell(["decode"], { stdin: text });
    await expect(story.toString()).toMatchFileSnapshot("golden/decode-damaged.txt");
  });
});

describe("jwtctl decode", () => {
  const token = jwtIo.new.token;

  it("reads an argument, @file, - and a pipe; the argument wins over the pipe", async () => {
    const cli = new Cli();
    const file = cli.file("token.txt", `${token}\n`);
    for (const [words, stdin] of [
      [["decode", token], "something else"],
      [["decode", `@${file}`], ""],
      [["decode", "-"], token],
      [["decode"], token],
      [["inspect"], token],
    ] as const) {
      expect(await cli.json(words, { stdin })).toMatchObject({ payload: { name: "John Doe" } });
    }
  });

  it("asks for the token at a terminal", async () => {
    const cli = new Cli();
    const { code, stdout } = await cli.run("decode", { ...person, answers: [["token", token]] });
    expect([code, stdout.includes('"name": "John Doe"')]).toEqual([0, true]);
  });

  it("is 0 for an expired token, and says since when", async () => {
    const cli = new Cli();
    const { code, stdout } = await cli.run(["decode", rfc7519["3.1"].compact]);
    expect([code, stdout.includes("expired 15 years ago")]).toEqual([0, true]);
  });

  it("answers for another time with --at", async () => {
    const cli = new Cli();
    const then = await cli.json<{ times: object }>(["decode", accessToken, "--at", "2026-03-01T12:08:01Z"]);
    expect(then.times).toMatchObject({ at: "2026-03-01T12:08:01Z", expired: true });
    expect(await cli.json(["decode", accessToken, "--at", "-1h"])).toMatchObject({
      times: { expired: false },
    });
    expect(await cli.refusal(["decode", accessToken, "--at", "yesterday"])).toMatchObject({
      exit: 2,
      code: "usage",
    });
  });

  it("shows local times with their offset, and UTC with --utc or in JSON", async () => {
    const cli = new Cli();
    const options = { utcOffset: -330 };
    expect(await cli.ok(["decode", accessToken], options)).toContain("2026-03-01 06:38:00 -05:30");
    expect(await cli.ok(["decode", accessToken, "--utc"], options)).toContain("2026-03-01 12:08:00 UTC");
    expect(await cli.json(["decode", accessToken], options)).toMatchObject({
      times: { claims: { exp: { iso: "2026-03-01T12:08:00Z", in_seconds: 480 } } },
    });
  });

  it("has the documented JSON shape and loses nothing", async () => {
    const cli = new Cli();
    const text = unsignedToken(
      '{"alg":"HS256"}',
      '{"b":1,"2":[],"id":9007199254740993,"n":1.0,"b":2}',
      "AAAA",
    );
    const stdout = await cli.ok(["decode", text, "--json"]);
    expect(stdout).toContain('"id": 9007199254740993,\n    "n": 1.0,\n    "b": 2');
    expect(Object.keys(JSON.parse(stdout))).toEqual([
      ...["header", "payload", "signature", "verified", "encrypted", "repairs", "warnings", "times"],
    ]);
    expect(JSON.parse(stdout)).toMatchObject({
      signature: "AAAA",
      verified: null,
      encrypted: false,
      repairs: [],
      warnings: [{ code: "signature_cut" }, { code: "duplicate_member" }],
    });
  });

  it("gives payloads that are not JSON as text or base64url", async () => {
    const cli = new Cli();
    const header = segment({ alg: "HS256" });
    expect(await cli.json(["decode", `${header}.${segment("hi\u0007")}.AA`])).toMatchObject({
      payload: null,
      payload_text: "hi\u0007",
      times: null,
    });
    expect(await cli.json(["decode", `${header}._w.AA`])).toMatchObject({
      payload: null,
      payload_base64url: "_w",
    });
    expect(await cli.json(["decode", rfc7520["5.3"].jwe])).toMatchObject({
      ...{ payload: null, signature: null, encrypted: true },
      header: { enc: "A128CBC-HS256" },
    });
  });

  it("shows a damaged token and is 5 all the same", async () => {
    const cli = new Cli();
    const { code, stdout, stderr } = await cli.run(["decode", token.slice(0, 60), "--json"]);
    expect([code, JSON.parse(stdout).header]).toEqual([5, { alg: "HS256", typ: "JWT" }]);
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: "token_malformed", message: "the token is cut off inside its payload" },
    });
  });

  it("prints the exact bytes of a part into a pipe, so that they can be hashed and verified", async () => {
    const cli = new Cli();
    const [header = "", payload = "", signature = ""] = rfc7515.examples[0]?.compact.split(".") ?? [];
    const part = async (name: string) =>
      (await cli.run(["decode", `${header}.${payload}.${signature}`, "--part", name])).bytes;
    expect(await part("header")).toEqual(Buffer.from(header, "base64url"));
    expect(await part("payload")).toEqual(Buffer.from(payload, "base64url"));
    expect(await part("signature")).toEqual(Buffer.from(signature, "base64url"));
  });

  it.each([
    ["header", '{\n  "alg": "HS256",\n  "typ": "JWT"\n}\n'],
    ["signature", `${token.split(".")[2]}\n`],
  ])("prints a readable %s on a terminal", async (part, expected) => {
    expect(await new Cli().ok(["decode", token, "--part", part], person)).toBe(expected);
  });

  it("prints a part as JSON with --json: text as text, other bytes as base64url", async () => {
    const cli = new Cli();
    const header = segment({ alg: "HS256" });
    expect(await cli.json(["decode", token, "--part", "payload"])).toMatchObject({ sub: "1234567890" });
    expect(await cli.json(["decode", `${header}.${segment("hi")}.AA`, "--part", "payload"])).toBe("hi");
    expect(await cli.json(["decode", `${header}._w.AA`, "--part", "payload"])).toBe("_w");
    expect(await cli.json(["decode", token, "--part", "signature"])).toBe(token.split(".")[2]);
  });

  it("does not let the text of a payload act on a terminal (OSC 52)", async () => {
    const cli = new Cli();
    const text = `${segment({ alg: "HS256" })}.${segment("\u001b]52;c;AAAA\u0007")}.AA`;
    expect(await cli.ok(["decode", text, "--part", "payload"], person)).toBe("\\u001b]52;c;AAAA\\u0007\n");
  });

  it("refuses a part that is not there", async () => {
    const cli = new Cli();
    expect(await cli.refusal(["decode", rfc7520["5.3"].jwe, "--part", "payload"])).toMatchObject({
      exit: 1,
      code: "token_encrypted",
    });
    const [header, payload] = token.split(".");
    expect(await cli.refusal(["decode", `${header}.${payload}`, "--part", "signature"])).toMatchObject({
      exit: 5,
      code: "token_malformed",
    });
    expect(await cli.refusal(["decode", token, "--part", "claims"])).toMatchObject({ exit: 2 });
  });

  it("opens no store, asks no network and needs no key", async () => {
    const cli = new Cli();
    cli.env["JWTCTL_DB"] = cli.path("missing", "store.db");
    expect(transcript("decode", await cli.run(["decode", accessToken]))).not.toContain("store");
  });
});
