import { describe, expect, it } from "vitest";
import type { VerificationOptions } from "../../../src/core/jose/verification/report.ts";
import { type Answer, ask, ec, GOOD_CLAIMS, NOW, SECONDS, token } from "./bench.ts";

const pair = ec("P-256");

async function claim(
  claims: Record<string, unknown>,
  options: Partial<VerificationOptions> = {},
  header: Record<string, unknown> = {},
): Promise<Answer> {
  const text = await token({ alg: "ES256", key: pair.privateJwk, claims, header });
  const answer = await ask(text, { keys: [pair.publicJwk], options });
  expect(answer.report.valid).toBe(false);
  return answer;
}

describe("clocks", () => {
  it.each([
    ["iat", { iat: SECONDS + 42 }, "iat is 42 s ahead", 42],
    ["nbf", { nbf: SECONDS + 299 }, "nbf is 299 s ahead", 299],
    ["both, by the larger one", { iat: SECONDS + 10, nbf: SECONDS + 20 }, "nbf is 20 s ahead", 20],
    ["a fraction of a second", { iat: SECONDS + 0.5 }, "iat is 1 s ahead", 1],
    ["exp of a token for a minute", { iat: SECONDS - 72, exp: SECONDS - 12 }, "exp passed 12 s ago", 13],
  ])("clock_skew: %s", async (_, claims, words, leeway) => {
    const { causes, diagnosis } = await claim(claims);
    expect(causes).toEqual(["clock_skew"]);
    expect(diagnosis[0]?.evidence).toContain(words);
    expect(diagnosis[0]?.fix).toContain(`--leeway ${leeway} is enough`);
  });

  it.each([
    ["12 s ago", { exp: SECONDS - 12 }, "exp passed 12 s ago", 13],
    ["this very second", { exp: SECONDS }, "exp passed 0 s ago", 1],
    ["12 s ago, after an hour", { iat: SECONDS - 3612, exp: SECONDS - 12 }, "live for 1 hour", 13],
  ])("expired comes first, for most tokens simply expire: %s", async (_, claims, words, leeway) => {
    const { causes, diagnosis } = await claim(claims);
    expect(causes).toEqual(["expired"]);
    expect(diagnosis[0]?.evidence).toContain(words);
    expect(diagnosis[0]?.fix).toContain(`--leeway ${leeway} is enough`);
  });

  it("the leeway it names really is enough, and one second less is not", async () => {
    for (const claims of [
      { exp: SECONDS - 12.5 },
      { exp: SECONDS - 299 },
      { iat: SECONDS + 299.2 },
      { nbf: SECONDS + 1 },
    ]) {
      const text = await token({ alg: "ES256", key: pair.privateJwk, claims });
      const { diagnosis } = await ask(text, { keys: [pair.publicJwk] });
      const leeway = Number(/--leeway (\d+)/.exec(diagnosis[0]?.fix ?? "")?.[1]);
      const valid = async (seconds: number) =>
        (await ask(text, { keys: [pair.publicJwk], options: { leeway: seconds } })).report.valid;
      expect(await valid(leeway)).toBe(true);
      expect(await valid(leeway - 1)).toBe(false);
    }
  });

  it("no leeway above 300 seconds is ever suggested", async () => {
    for (const claims of [
      { exp: SECONDS - 300 },
      { exp: SECONDS - 9000 },
      { iat: SECONDS + 301 },
      { nbf: SECONDS + 1e6 },
    ]) {
      const { diagnosis } = await claim(claims);
      expect(JSON.stringify(diagnosis)).not.toContain("--leeway");
    }
  });

  it("expired: hours ago", async () => {
    const { causes, diagnosis } = await claim({ exp: SECONDS - 3 * 3600 });
    expect(causes).toEqual(["expired"]);
    expect(diagnosis[0]?.evidence).toContain("3 hours ago");
  });

  it.each([3600, 2 * 3600, 19_800, 34_200])("time_zone: iat lies %d s ahead", async (offset) => {
    const { causes } = await claim({ iat: SECONDS + offset - 20, exp: SECONDS + offset + 600 });
    expect(causes).toEqual(["time_zone"]);
  });

  it.each([301, 900, 1000, 3 * 86_400])(
    "clock_skew: iat is %d s ahead, and no leeway covers that",
    async (ahead) => {
      for (const claims of [{ iat: SECONDS + ahead }, { iat: SECONDS + ahead, nbf: SECONDS + ahead }]) {
        const { causes, diagnosis } = await claim(claims);
        expect(causes).toEqual(["clock_skew"]);
        expect(diagnosis[0]?.evidence).toContain(`iat is ${ahead} s`);
        expect(diagnosis[0]?.fix).not.toContain("leeway");
      }
    },
  );

  it("clock_skew: a token that is to be used much later tells by its iat how far the clocks differ", async () => {
    const { diagnosis } = await claim({ iat: SECONDS + 400, nbf: SECONDS + 5000 });
    expect(diagnosis[0]).toMatchObject({ cause: "clock_skew", evidence: expect.stringContaining("400 s") });
  });

  it.each([301, 1000, 3 * 86_400])("not_yet_valid: only nbf is ahead, by %d s", async (ahead) => {
    for (const claims of [{ nbf: SECONDS + ahead }, { iat: SECONDS - 5, nbf: SECONDS + ahead }]) {
      const { causes, diagnosis } = await claim(claims);
      expect(causes).toEqual(["not_yet_valid"]);
      expect(diagnosis[0]?.evidence).toContain(`${ahead} s`);
    }
  });

  it("exp_is_duration: exp holds the lifetime", async () => {
    const { causes, diagnosis } = await claim({ iat: SECONDS, exp: 3600 });
    expect(causes).toEqual(["exp_is_duration"]);
    expect(diagnosis[0]?.evidence).toContain("1970");
    expect(diagnosis[0]?.evidence).toContain("1 hour");
  });
});

describe("dates", () => {
  it.each([
    ["iat", { iat: NOW, exp: NOW + 600_000 }, "milliseconds"],
    ["nbf", { nbf: NOW }, "milliseconds"],
    ["microseconds", { nbf: NOW * 1000 }, "microseconds"],
    ["nanoseconds", { nbf: NOW * 1_000_000 }, "nanoseconds"],
  ])("date_in_milliseconds: %s", async (_, claims, unit) => {
    const { causes, diagnosis } = await claim(claims);
    expect(causes).toEqual(["date_in_milliseconds"]);
    expect(diagnosis[0]?.evidence).toContain(`in ${unit} that is 2026-03-01`);
  });

  it("exp in milliseconds is told together with the date that fails for it", async () => {
    const { diagnosis } = await claim({ iat: NOW, exp: NOW + 600_000 });
    expect(diagnosis[0]?.evidence).toContain(`exp ${NOW + 600_000}, iat ${NOW}`);
  });

  it.each([
    ["digits", { exp: String(SECONDS + 600) }],
    ["a calendar date", { exp: "2026-03-01T13:00:00Z" }],
    ["the date of issue", { iat: "2026-03-01T11:00:00Z", exp: SECONDS + 600 }],
  ])("date_as_text: %s", async (_, claims) => {
    expect((await claim(claims)).causes).toEqual(["date_as_text"]);
  });

  it("text that is no date is left to the check", async () => {
    expect((await claim({ exp: "soon" })).causes).toEqual([]);
  });
});

const ISS = "https://auth.example.com/tenant";

describe("issuer", () => {
  it.each([
    ["a trailing slash too many", `${ISS}/`, "the final slash"],
    ["case", "https://auth.example.com/Tenant", "upper and lower case"],
    ["the scheme", "http://auth.example.com/tenant", "the scheme"],
    ["no scheme at all", "auth.example.com/tenant", "the scheme"],
    ["the port", "https://auth.example.com:443/tenant", "the port"],
    ["another port", "https://auth.example.com:8443/tenant", "the port"],
    ["white space", `${ISS} `, "white space"],
    [
      "several of these",
      "HTTP://Auth.example.com/tenant/",
      "the scheme and in the final slash and in upper and lower case",
    ],
  ])("issuer_spelling: %s", async (_, iss, words) => {
    const { causes, diagnosis } = await claim({ ...GOOD_CLAIMS, iss }, { issuers: [ISS] });
    expect(causes).toEqual(["issuer_spelling"]);
    expect(diagnosis[0]?.evidence).toContain(`they differ in ${words}`);
    expect(diagnosis[0]?.evidence).toContain(iss);
    expect(diagnosis[0]?.evidence).toContain(ISS);
  });

  it.each([
    ["a Cyrillic letter", "https://\u0430uth.example.com/tenant", "\\u0430uth", 'U+0430 for "a"'],
    ["a Greek letter and a slash", "https://auth.example.c\u03bfm/tenant/", "\\u03bf", 'U+03BF for "o"'],
    ["full width", "https://auth\uff0eexample.com/tenant", "\\uff0e", 'U+FF0E for "."'],
  ])("name_lookalike: %s", async (_, iss, shown, words) => {
    const { causes, diagnosis } = await claim({ ...GOOD_CLAIMS, iss }, { issuers: [ISS] });
    expect(causes).toEqual(["name_lookalike"]);
    expect(diagnosis[0]?.evidence).toContain(shown);
    expect(diagnosis[0]?.evidence).toContain(words);
    expect(diagnosis[0]?.fix).toContain("do not accept");
  });

  it("the check shows a look-alike in its escapes, too: two texts that look the same explain nothing", async () => {
    const { report } = await claim({ ...GOOD_CLAIMS, iss: ISS.replace("a", "\u0430") }, { issuers: [ISS] });
    expect(report.checks.find(({ name }) => name === "iss")?.detail).toBe(
      `iss is "https://\\u0430uth.example.com/tenant"; expected "${ISS}"`,
    );
  });

  it("name_lookalike: it is what is expected that has the strange letter", async () => {
    const { causes, diagnosis } = await claim(
      { ...GOOD_CLAIMS, iss: ISS },
      { issuers: [ISS.replace("a", "\u0430")] },
    );
    expect(causes).toEqual(["name_lookalike"]);
    expect(diagnosis[0]?.evidence).toContain("what is expected has U+0430");
  });

  it("name_lookalike is not said of a name in another script that differs in a slash", async () => {
    const iss = "https://\u043f\u043e\u0447\u0442\u0430.example";
    expect((await claim({ ...GOOD_CLAIMS, iss: `${iss}/` }, { issuers: [iss] })).causes).toEqual([
      "issuer_spelling",
    ]);
  });

  it("issuer_other_path: another tenant of the same server", async () => {
    const iss = "https://auth.example.com/other";
    expect((await claim({ ...GOOD_CLAIMS, iss }, { issuers: [ISS] })).causes).toEqual(["issuer_other_path"]);
  });

  it("says nothing of an issuer that is simply another", async () => {
    const answer = await claim({ ...GOOD_CLAIMS, iss: "https://evil.example/tenant" }, { issuers: [ISS] });
    expect(answer.causes).toEqual([]);
  });

  it("other_environment: another issuer, and a kid that is unknown here", async () => {
    const text = await token({
      alg: "ES256",
      key: ec("P-256").privateJwk,
      header: { kid: "staging" },
      claims: { ...GOOD_CLAIMS, iss: "https://staging.example.com" },
    });
    const { causes } = await ask(text, {
      keys: [{ ...pair.publicJwk, kid: "production" }],
      options: { issuers: [ISS] },
    });
    expect(causes).toEqual(["other_environment"]);
  });
});

describe("audience", () => {
  const API = "https://api.example.com";
  const about = (aud: unknown, audiences = [API]) => claim({ ...GOOD_CLAIMS, aud }, { audiences });

  it.each([
    ["a trailing slash", `${API}/`],
    ["in a list", ["account", `${API}/`]],
    ["case", "https://API.example.com"],
    ["the scheme", "http://api.example.com"],
  ])("audience_spelling: %s", async (_, aud) => {
    expect((await about(aud)).causes).toEqual(["audience_spelling"]);
  });

  it.each([`${API},account`, `account ${API}`, `["${API}","account"]`, `account; ${API}`])(
    "audience_list_as_text: %s",
    async (aud) => {
      expect((await about(aud)).causes).toEqual(["audience_list_as_text"]);
    },
  );

  it("name_lookalike: in the audience", async () => {
    const { causes, report } = await about(["account", API.replace("a", "\u0430")]);
    expect(causes).toEqual(["name_lookalike"]);
    expect(report.checks.find(({ name }) => name === "aud")?.detail).toContain("\\u0430pi");
  });

  it("audience_list_as_text: several in one option", async () => {
    const { causes, diagnosis } = await about(API, [`${API},other`]);
    expect(causes).toEqual(["audience_list_as_text"]);
    expect(diagnosis[0]?.fix).toContain("--aud a --aud b");
  });

  it.each(["api.example", `${API}/v1/orders`])("audience_partial: %s", async (aud) => {
    expect((await about(aud)).causes).toEqual(["audience_partial"]);
  });

  it("says nothing of an audience that is simply another", async () => {
    expect((await about("https://evil.example")).causes).toEqual([]);
    expect((await about(["a", "b"])).causes).toEqual([]);
  });

  it("issuer_audience_swapped: --aud was given the issuer", async () => {
    const { causes } = await claim({ ...GOOD_CLAIMS, iss: ISS, aud: API }, { audiences: [ISS] });
    expect(causes[0]).toBe("issuer_audience_swapped");
  });

  it("issuer_audience_swapped: both are in each other's place", async () => {
    const { causes, diagnosis } = await claim(
      { ...GOOD_CLAIMS, iss: API, aud: ISS },
      { audiences: [API], issuers: [ISS] },
    );
    expect(causes[0]).toBe("issuer_audience_swapped");
    expect(diagnosis[0]?.evidence).toContain("; ");
  });
});

describe("wrong_token_kind", () => {
  const access = { types: ["at+jwt"] };

  it.each([
    ["an ID token by its nonce", { nonce: "n" }, {}, access, "an ID token: it has nonce"],
    ["an ID token by its at_hash", { at_hash: "h", aud: "client" }, {}, access, "an ID token"],
    ["an ID token of Keycloak", { typ: "ID" }, {}, access, "an ID token: its claim typ is ID"],
    ["an ID token of Cognito", { token_use: "id" }, {}, access, "an ID token: its token_use is id"],
    [
      "an ID token where an API's audience is expected",
      { nonce: "n", aud: "client" },
      {},
      { audiences: ["api"] },
      "an ID token",
    ],
    ["an access token", { scope: "read" }, { typ: "at+jwt" }, { types: ["JWT"] }, "an access token"],
    ["a refresh token of Keycloak", { typ: "Refresh" }, {}, access, "a refresh token"],
    ["a DPoP proof", {}, { typ: "dpop+jwt" }, access, "a DPoP proof"],
    ["a logout token", {}, { typ: "logout+jwt" }, access, "a logout token"],
  ])("%s", async (_, claims, header, options, words) => {
    const { causes, diagnosis } = await claim({ ...GOOD_CLAIMS, ...claims }, options, header);
    expect(causes[0]).toBe("wrong_token_kind");
    expect(diagnosis[0]?.evidence).toContain(words);
  });

  it("says nothing of a token that does not show its kind", async () => {
    expect((await claim(GOOD_CLAIMS, access)).causes).toEqual([]);
  });
});
