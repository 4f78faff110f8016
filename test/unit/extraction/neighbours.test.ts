import { describe, expect, it } from "vitest";
import { findTokenToVerify } from "../../../src/app/token/find-token.ts";
import { findTokens } from "../../../src/core/analysis/extraction/find-tokens.ts";
import jwtIo from "../../fixtures/tokens/jwt-io.json" with { type: "json" };
import { unsignedToken } from "../token/make.ts";

const T = jwtIo.new.token;
/** Too long for one cookie. */
const LONG = unsignedToken({ alg: "HS256" }, { sub: "u", d: "y".repeat(5000) }, "a".repeat(43));
const FIRST = LONG.slice(0, 3000);
const SECOND = LONG.slice(3000, 6000);
const THIRD = LONG.slice(6000);
const [HEADER = "", PAYLOAD = "", SIGNATURE = ""] = T.split(".");

const b64 = (value: unknown) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64");
const percent = (text: string) => encodeURIComponent(text);
const bytes = [...Buffer.from(T)];
const hex = Buffer.from(T).toString("hex");
const lines = (text: string, width: number) => text.match(new RegExp(`.{1,${width}}`, "g")) ?? [];
const PIECES = lines(T, 60);

/** As hexdump -C and xxd write it. */
function dump(style: "hexdump" | "xxd"): string {
  return lines(hex, 32)
    .map((row, index) => {
      const at = (index * 16).toString(16).padStart(8, "0");
      const shown = Buffer.from(row, "hex").toString();
      return style === "xxd"
        ? `${at}: ${lines(row, 4).join(" ").padEnd(39)}  ${shown}`
        : `${at}  ${lines(row, 2).slice(0, 8).join(" ")}  ${lines(row, 2).slice(8).join(" ")}  |${shown}|`;
    })
    .join("\n");
}

type Case = readonly [name: string, text: string, token?: string];

const COOKIES: readonly Case[] = [
  [
    "in three parts among others, in any order",
    `__Secure-next-auth.session-token.2=${THIRD}; theme=dark; __Secure-next-auth.session-token.0=${FIRST}; __Secure-next-auth.session-token.1=${SECOND}`,
    LONG,
  ],
  [
    "in three lines of a response",
    [FIRST, SECOND, THIRD]
      .map((part, n) => `Set-Cookie: appSession.${n}=${part}; Path=/; HttpOnly`)
      .join("\n"),
    LONG,
  ],
  [
    "of ASP.NET Core with its count",
    `.AspNetCore.Cookies=chunks-3; .AspNetCore.CookiesC1=${FIRST}; .AspNetCore.CookiesC2=${SECOND}; .AspNetCore.CookiesC3=${THIRD}`,
    LONG,
  ],
  [
    "of an AWS load balancer",
    `AWSELBAuthSessionCookie-0=${FIRST}; AWSELBAuthSessionCookie-1=${SECOND}${THIRD}`,
    LONG,
  ],
  ["of oauth2-proxy", `_oauth2_proxy_0=${FIRST}; _oauth2_proxy_1=${SECOND}${THIRD}`, LONG],
  ["copied from a browser's table", `t.0\t${FIRST}\thost\t/\nt.1\t${SECOND}${THIRD}\thost\t/`, LONG],
  [
    "in a cookie jar of Netscape's form",
    `# Netscape HTTP Cookie File\n.h\tTRUE\t/\tTRUE\t0\tt.0\t${FIRST}\n.h\tTRUE\t/\tTRUE\t0\tt.1\t${SECOND}${THIRD}\n`,
    LONG,
  ],
  [
    "in an export in JSON",
    JSON.stringify([
      { name: "t.1", value: `${SECOND}${THIRD}` },
      { name: "t.0", value: FIRST },
    ]),
    LONG,
  ],
  ["of Nuxt", `auth._token.local=Bearer%20${T}; auth.strategy=local`],
  ["of Express with JSON", `user=j%3A${percent(JSON.stringify({ token: T }))}`],
  [
    "of Cognito",
    `CognitoIdentityServiceProvider.3n4.LastAuthUser=u; CognitoIdentityServiceProvider.3n4.u.idToken=${T}`,
  ],
  ["of a login at Cloudflare", `Cookie: CF_Authorization=${T}; other=1`],
];

const FILES: readonly Case[] = [
  ["docker's config.json with a registry token", JSON.stringify({ auths: { r: { registrytoken: T } } })],
  [
    "docker's config.json in a secret of Kubernetes",
    `kind: Secret\ndata:\n  .dockerconfigjson: ${b64({ auths: { r: { auth: b64(`x:${T}`) } } })}\n`,
  ],
  ["a secret of Kubernetes in JSON", JSON.stringify({ kind: "Secret", data: { token: b64(T) } })],
  [
    "a kubeconfig with an OIDC plugin",
    `user:\n  auth-provider:\n    config:\n      id-token: ${T}\n      refresh-token: abc\n`,
  ],
  [".netrc", `machine api.example.test\n  login u\n  password ${T}\n`],
  [".netrc in a line", `machine api.example.test login u password ${T}`],
  [".git-credentials", `https://oauth2:${T}@g.example.test\n`],
  [".yarnrc.yml", `npmRegistries:\n  "//r":\n    npmAuthToken: "${T}"\n`],
  ["pip.conf", `[global]\nindex-url = https://__token__:${T}@p.example.test/simple`],
  ["cargo's credentials.toml", `[registry]\ntoken = "Bearer ${T}"`],
  ["a string of TOML in three quotes", `token = '''${T}'''`],
  [
    "Maven's settings.xml",
    `<settings><servers><server><password>${T}</password></server></servers></settings>`,
  ],
  ["NuGet.Config", `<add key="ClearTextPassword" value="${T}" />`],
  ["gradle.properties", `mavenPassword=${T}\n`],
  [".terraformrc", `credentials "app.example.test" {\n  token = "${T}"\n}`],
  ["a here document of HCL", `token = <<-EOT\n    ${T}\nEOT`],
  ["folded YAML", `token: >-\n  ${PIECES.join("\n  ")}\nother: 1\n`],
  ["a double-quoted string of YAML over lines", `token: "${PIECES.join("\\\n  ")}"\n`],
  ["binary YAML", `token: !!binary ${b64(T)}\n`],
  ["an environment of Postman", JSON.stringify({ values: [{ key: "token", value: T, enabled: true }] })],
  ["a request of Bruno", `auth:bearer {\n  token: ${T}\n}`],
  ["a request in an .http file", `GET https://x\nAuthorization: Bearer ${T}\n\n{}`],
];

const RECORDS: readonly Case[] = [
  [
    "a HAR file with the body in base64",
    JSON.stringify({
      log: { entries: [{ response: { content: { text: b64({ access_token: T }), encoding: "base64" } } }] },
    }),
  ],
  ["JSON in a string, twice", JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ token: T }) }) })],
  ["a message of Pub/Sub", JSON.stringify({ message: { data: b64({ token: T }) } })],
  ["a pair of Consul", JSON.stringify([{ Key: "k", Value: b64(T) }])],
  ["a line of logfmt with escapes", `time=2026 msg="got {\\"access_token\\":\\"${T}\\"}"`],
  ["a line of nginx", `1.2.3.4 - - "GET /x?access_token=${T} HTTP/1.1" 200`],
  ["a line of docker", `{"log":"token=${T}\\n","stream":"stdout"}`],
  [
    "an item of Burp",
    `<request base64="true"><![CDATA[${b64(`GET / HTTP/1.1\r\nAuthorization: Bearer ${T}\r\n\r\n`)}]]></request>`,
  ],
  ["an event of a stream", `event: x\ndata: {"token":"${T}"}\n\n`],
  ["JSON behind a guard", `)]}',\n{"token":"${T}"}`],
  ["a part of a form", `--b\r\nContent-Disposition: form-data; name="token"\r\n\r\n${T}\r\n--b--`],
  ["a map of Go", `map[Authorization:[Bearer ${T}] Accept:[*/*]]`],
  ["a map of Java", `{Authorization=Bearer ${T}, Accept=*/*}`],
  ["an option of Swift", `Optional("${T}")`],
  ["an array of PHP", `array(1) { ["token"]=> string(100) "${T}" }`],
  ["bytes of Python", `{b'Authorization': b'Bearer ${T}'}`],
  ["what PowerShell lists", `access_token : ${PIECES.join("\n               ")}\ntoken_type   : Bearer`],
  ["a fragment", `https://app.example.test/cb#access_token=${T}&token_type=bearer`],
  ["an address in an address", `https://a/?next=${percent(percent(`https://b/?token=${T}`))}`],
];

const COMMANDS: readonly Case[] = [
  [
    "curl in cmd.exe",
    `curl ^"https://x^" ^\r\n  -H ^"authorization: Bearer ${T}^" ^\r\n  -H ^"accept: */*^"`,
  ],
  ["curl in PowerShell", `curl.exe -H "Authorization: Bearer ${T}" https://x`],
  ["Invoke-RestMethod", `Invoke-RestMethod https://x -Headers @{ "authorization"="Bearer ${T}" }`],
  ["curl with split cookies", `curl https://x -b 't.1=${SECOND}${THIRD}; t.0=${FIRST}'`, LONG],
  ["curl --oauth2-bearer", `curl --oauth2-bearer ${T} https://x`],
  ["fetch", `fetch("https://x", {\n  "headers": {\n    "authorization": "Bearer ${T}"\n  }\n});`],
  ["a string in several literals", `token = ("${PIECES.join('"\n         "')}")`],
  ["a token over lines of cmd.exe", PIECES.join("^\r\n")],
  ["a token over lines of PowerShell", PIECES.join("`\n")],
];

const SPELLED: readonly Case[] = [
  ["bytes as Node prints them", `<Buffer ${lines(hex, 2).join(" ")}>`],
  ["a Buffer in JSON", JSON.stringify(Buffer.from(T))],
  ["bytes as Go prints them", `[${bytes.join(" ")}]`],
  [
    "bytes of C",
    `{ ${lines(hex, 2)
      .map((pair) => `0x${pair}`)
      .join(", ")} }`.replace(/[{} ]/g, ""),
  ],
  ["bytes of .NET", lines(hex, 2).join("-")],
  ["characters in a list", JSON.stringify([...T])],
  ["hexdump -C", `${dump("hexdump")}\n${T.length.toString(16).padStart(8, "0")}\n`],
  ["xxd", dump("xxd")],
  [
    "a SMART Health Card",
    `shc:/${[...T].map((c) => String(c.charCodeAt(0) - 45).padStart(2, "0")).join("")}`,
  ],
  ["three parts in a list", JSON.stringify([HEADER, PAYLOAD, SIGNATURE])],
  ["three parts in members", JSON.stringify({ header: HEADER, payload: PAYLOAD, signature: SIGNATURE })],
  ["three parts in three lines", `${HEADER}\n${PAYLOAD}\n${SIGNATURE}`],
  ["commas in place of dots", `${HEADER},${PAYLOAD},${SIGNATURE}`],
  ["tags between the parts", `<b>${HEADER}</b>.<i>${PAYLOAD}</i>.<span class="s">${SIGNATURE}</span>`],
  ["tags inside", PIECES.join("<wbr>")],
];

const PLACES = {
  cookies: COOKIES,
  files: FILES,
  "records and logs": RECORDS,
  commands: COMMANDS,
  "unusual spellings": SPELLED,
};

for (const [place, cases] of Object.entries(PLACES)) {
  describe(`a token is found in ${place}`, () => {
    for (const [name, text, token = T] of cases) {
      it(name, () => {
        const found = findTokens(text);
        expect(found.tokens[0].token.text).toBe(token);
        expect(found.tokens[0].repairs.length).toBeGreaterThan(0);
        expect(findTokenToVerify(text).token.text).toBe(token);
      });
    }
  });
}

describe("what is not joined", () => {
  it("leaves a JWS in JSON form as it is", () => {
    const text = JSON.stringify({ protected: HEADER, payload: PAYLOAD, signature: SIGNATURE });
    expect(findTokens(text).tokens[0].form.kind).toBe("json");
  });

  it("adds no word of the next line to a cut token that a quote ends", () => {
    const [{ token }] = findTokens(`a: "${T.slice(0, 60)}"\nsomething\n`).tokens;
    expect(token.text).toBe(T.slice(0, 60));
  });

  it("joins no parts whose signature has not the length of its algorithm", () => {
    expect(() => findTokens(JSON.stringify([HEADER, PAYLOAD, SIGNATURE.slice(1)]))).toThrow(/no token in it/);
  });
});
