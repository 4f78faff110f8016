import { describe, expect, it } from "vitest";
import { findTokens } from "../../../src/core/analysis/extraction/find-tokens.ts";
import { unsignedToken } from "../token/make.ts";

const LONG = unsignedToken({ alg: "HS256" }, { sub: "u", d: "y".repeat(3000) }, "A".repeat(43));
const [FIRST, SECOND, THIRD] = [LONG.slice(0, 1500), LONG.slice(1500, 3000), LONG.slice(3000)];
const b64 = (text: string) => Buffer.from(text).toString("base64url");

function found(text: string) {
  const [{ token, name, repairs }] = findTokens(text).tokens;
  return [token.text, name, repairs.some(({ code }) => code === "parts_joined")];
}

describe("a value that was split over several cookies is put together", () => {
  const response = `base64-${b64(JSON.stringify({ access_token: LONG, token_type: "bearer" }))}`;
  it.each([
    [
      "Auth.js",
      `authjs.session-token.0=${FIRST}${SECOND}; authjs.session-token.1=${THIRD}`,
      "authjs.session-token",
    ],
    [
      "in any order, among others",
      `Cookie: a=b; __Secure-next-auth.session-token.2=${THIRD}; c=1; __Secure-next-auth.session-token.0=${FIRST}; __Secure-next-auth.session-token.1=${SECOND}`,
      "__Secure-next-auth.session-token",
    ],
    [
      "ASP.NET Core",
      `.AspNetCore.Cookies=chunks-2; .AspNetCore.CookiesC1=${FIRST}; .AspNetCore.CookiesC2=${SECOND}${THIRD}`,
      ".AspNetCore.Cookies",
    ],
    ["oauth2-proxy", `_oauth2_proxy_0=${FIRST}; _oauth2_proxy_1=${SECOND}${THIRD}`, "_oauth2_proxy"],
    ["Auth0", `appSession__0=${FIRST}; appSession__1=${SECOND}${THIRD}`, "appSession"],
    [
      "AWS ALB",
      `AWSELBAuthSessionCookie-0=${FIRST}; AWSELBAuthSessionCookie-1=${SECOND}${THIRD}`,
      "AWSELBAuthSessionCookie",
    ],
    ["WIF, whose first has no number", `FedAuth=${FIRST}; FedAuth1=${SECOND}${THIRD}`, "FedAuth"],
    [
      "Set-Cookie lines",
      `Set-Cookie: s.0=${FIRST}; Path=/\nSet-Cookie: s.1=${SECOND}${THIRD}; Path=/\n`,
      "s",
    ],
    ["a curl command", `curl -b 's.0=${FIRST}; s.1=${SECOND}${THIRD}' https://a.example`, "s"],
    ["a table of cookies", `s.0\t${FIRST}\tlocalhost\ns.1\t${SECOND}${THIRD}\tlocalhost\n`, undefined],
    ["a JSON object", JSON.stringify({ "s.0": FIRST, "s.1": SECOND + THIRD }), "s"],
    [
      "a HAR",
      JSON.stringify(
        {
          cookies: [
            { name: "s.0", value: FIRST },
            { name: "s.1", value: SECOND + THIRD },
          ],
        },
        null,
        2,
      ),
      "value",
    ],
    [
      "Supabase",
      `sb-abc-auth-token.0=${response.slice(0, 3000)}; sb-abc-auth-token.1=${response.slice(3000)}`,
      "access_token",
    ],
  ])("%s", (_, text, name) => {
    expect(found(text)).toEqual([LONG, name, true]);
  });

  it("says which", () => {
    const [{ repairs }] = findTokens(`s.0=${FIRST}${SECOND}; s.1=${THIRD}`).tokens;
    expect(repairs.map(({ message }) => message)).toContain("the parts of s were put together");
  });

  it("leaves numbered values alone that are tokens of their own, or of which one is missing", () => {
    const [a, b] = [
      unsignedToken({ alg: "HS256" }, { n: 1 }, "A".repeat(43)),
      unsignedToken({ alg: "HS256" }, { n: 2 }),
    ];
    expect(findTokens(`t.0=${a}; t.1=${b}`).tokens.map(({ token }) => token.text)).toEqual([a, b]);
    expect(findTokens(`t1=${a}; t2=${b}`).tokens.map(({ token }) => token.text)).toEqual([a, b]);
    const [{ token }] = findTokens(`t.0=${FIRST}; t.2=${THIRD}`).tokens;
    expect(token.fault).toEqual({
      code: "part_of_value",
      message: "this is one part of a value that was split (t.0): the other parts are missing",
    });
  });

  it("says of a later part alone what it is", () => {
    expect(() => findTokens(`session-token.1=${SECOND}`)).toThrow(
      "this is one part of a value that was split (session-token.1): the other parts are missing",
    );
  });
});
