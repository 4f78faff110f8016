import { describe, expect, it } from "vitest";
import { findTokens } from "../../../src/core/analysis/extraction/find-tokens.ts";
import jwtIo from "../../fixtures/tokens/jwt-io.json" with { type: "json" };
import { refusal } from "../recognition/refusal.ts";
import { segment } from "../token/make.ts";

const A = jwtIo.new.token;
const b64 = (text: string) => Buffer.from(text).toString("base64");
const b64url = (text: string) => Buffer.from(text).toString("base64url");
const RESPONSE = JSON.stringify({ access_token: A, token_type: "bearer" });

function found(text: string) {
  const { tokens } = findTokens(text);
  return [tokens.map(({ token }) => token.text), tokens[0].name, tokens[0].repairs.map(({ code }) => code)];
}

describe("a token is found in what encodes it", () => {
  it.each([
    ["Supabase's cookie", `sb-abc-auth-token=base64-${b64url(RESPONSE)}`, "access_token", "base64_decoded"],
    ["a token response in base64", b64(RESPONSE), "access_token", "base64_decoded"],
    ["a parameter in base64", `state=${b64(RESPONSE)}&x=1`, "access_token", "base64_decoded"],
    [
      "Basic, the password",
      `Authorization: Basic ${b64(`oauth2accesstoken:${A}`)}`,
      "oauth2accesstoken",
      "basic_decoded",
    ],
    ["Basic, the user", `Basic ${b64(`${A}:x-oauth-basic`)}`, undefined, "basic_decoded"],
    [
      "a docker configuration",
      JSON.stringify({ auths: { "r.example": { auth: b64(`0000:${A}`) } } }),
      "auth",
      "base64_decoded",
    ],
    [
      "an identity token of docker",
      JSON.stringify({ auths: { r: { identitytoken: A } } }),
      "identitytoken",
      "picked_from_json",
    ],
    [".npmrc", `//registry.example/:_authToken=${A}\n`, "_authToken", "picked_from_text"],
    [".npmrc, in base64", `//registry.example/:_auth=${b64(`u:${A}`)}\n`, "u", "base64_decoded"],
    [
      "git's extra header",
      `[http "https://g.example/"]\n\textraheader = AUTHORIZATION: basic ${b64(`x-access-token:${A}`)}\n`,
      "x-access-token",
      "basic_decoded",
    ],
    ["git's credentials", `https://oauth2:${A}@g.example/x.git\n`, "oauth2", "picked_from_text"],
    ["a kubeconfig", `users:\n- name: x\n  user:\n    token: ${A}\n`, "token", "picked_from_text"],
    [
      "an exec plugin's answer",
      JSON.stringify({ kind: "ExecCredential", status: { token: A } }),
      "token",
      "picked_from_json",
    ],
    [
      "a WebSocket's protocol of Kubernetes",
      `Sec-WebSocket-Protocol: base64url.bearer.authorization.k8s.io.${b64url(A)}, base64.binary.k8s.io`,
      "Sec-WebSocket-Protocol",
      "base64_decoded",
    ],
    ["the same alone", `base64url.bearer.authorization.k8s.io.${b64url(A)}`, undefined, "base64_decoded"],
    ["a data address", `data:application/jwt;base64,${b64(A)}`, undefined, "base64_decoded"],
    ["hexadecimal", Buffer.from(A).toString("hex"), undefined, "hex_decoded"],
    ["GitHub's new form", `ghs_123456_${A}`, undefined, "prefix_removed"],
    ["GitHub's new form, in a log", `2026-03-01 token=ghs_123456_${A} ok`, "token", "prefix_removed"],
    [
      "GitHub's new form, as a password",
      `Basic ${b64(`x-access-token:ghs_1_${A}`)}`,
      "x-access-token",
      "prefix_removed",
    ],
    ["Bearer+", `Bearer+${A}`, undefined, "scheme_removed"],
    ["Bearer%20", `Bearer%20${A}`, undefined, "scheme_removed"],
    ["Bearer without a blank", `Bearer${A}`, undefined, "scheme_removed"],
    [
      "Bearer without a blank in a command",
      `curl -H "Authorization: Bearer${A}" https://a.example`,
      undefined,
      "picked_from_text",
    ],
    ["quoted-printable signs", `<a href=3D"https://a.example/?t=3D${A}">`, "t", "picked_from_text"],
    ["quoted-printable dots", `token=3D${A.replaceAll(".", "=2E")}`, "token", "quoted_printable_decoded"],
    ["percent-encoding, twice", `state=%257B%2522t%2522%253A%2522${A}%2522`, undefined, "picked_from_text"],
    ["escapes of a log", `\\x22token\\x22:\\x22${A}\\x22`, undefined, "picked_from_text"],
    ["escaped dots", `"${A.replaceAll(".", "\\u002e")}"`, undefined, "escapes_decoded"],
    ["a signed cookie of Express", `s:${A}.${"a".repeat(43)}`, "s", "picked_from_text"],
  ])("%s", (_, text, name, repair) => {
    expect(found(text)).toEqual([[A], name, expect.arrayContaining([repair])]);
  });

  it("says whose the prefix of GitHub is, and that its signature is not for others", () => {
    const [{ repairs }] = findTokens(`ghs_123456_${A}`).tokens;
    expect(repairs[0]?.message).toMatch(/a token of GitHub, whose signature only GitHub can verify/);
  });

  it("finds claims alone behind the name of a header", () => {
    for (const [name, claims] of [
      ["x-jwt-payload", { iss: "https://i", sub: "u" }],
      ["X-MS-CLIENT-PRINCIPAL", { identityProvider: "aad", userId: "u", userRoles: [] }],
      ["X-Endpoint-API-UserInfo", { iss: "i", email: "a@b.example" }],
    ] as const) {
      const [{ token, name: named }] = findTokens(`${name}: ${b64(JSON.stringify(claims))}`).tokens;
      expect([token.fault?.code, named]).toEqual(["payload_alone", name]);
      expect(token.payload?.content).toMatchObject({ kind: "json" });
    }
  });

  it("reads claims and signature whose header is missing", () => {
    const [{ token }] = findTokens(`${segment({ sub: "a", exp: 1 })}.${"A".repeat(43)}`).tokens;
    expect([token.fault?.code, token.signature?.bytes.length]).toEqual(["payload_alone", 32]);
  });

  it("does not touch base64 in the segments of a token", () => {
    const inner = `{"alg":"HS256","x":"${A}"}`;
    const token = `${b64url(inner)}.${segment({ t: A })}.${"A".repeat(43)}`;
    expect(findTokens(token).tokens[0].token.text).toBe(token);
    expect(findTokens(`a token: ${token} here`).tokens[0].token.text).toBe(token);
  });

  it("does not show a user name and password that hold no token", () => {
    const { message, hints } = refusal(`Authorization: Basic ${b64("bob:hunter2-hunter2-hunter2")}`);
    expect(message).toMatch(/HTTP Basic authentication/);
    expect([message, ...hints].join()).not.toContain("hunter2");
  });
});
