import { describe, expect, it } from "vitest";
import { mintWithStore } from "../../../../src/app/token/mint-token.ts";
import { trustStoreKeys, type VerifiedToken, verifyToken } from "../../../../src/app/token/verify-token.ts";
import type { VerificationOptions } from "../../../../src/core/jose/verification/report.ts";
import { ecKey, signed } from "../../token/node-jws.ts";
import { type Authority, makeAuthority } from "./authority.ts";

async function mint(authority: Authority, members: readonly (readonly [string, string | number])[] = []) {
  const request = {
    ...{ claims: [{ source: "--claim", members }], header: [], typ: undefined, ttl: undefined },
    add: { iat: true, exp: true, iss: true, aud: true },
  };
  return (await mintWithStore({ request, algorithm: undefined }, authority)).token;
}

function verify(
  authority: Authority,
  text: string,
  change: Partial<VerificationOptions> = {},
): Promise<VerifiedToken> {
  const options: VerificationOptions = {
    ...{ time: { now: authority.clock.now(), utcOffset: () => 0 }, leeway: 0, algorithms: [], types: [] },
    ...{ issuers: [], audiences: [], require: [], tryAll: false },
    ...change,
  };
  return verifyToken(
    { text, options },
    { trust: trustStoreKeys(authority, options.time.now), jws: authority.jws },
  );
}

const ours = { iss: "https://jwtctl.localhost", aud: "https://api.localhost" };
const status = (report: VerifiedToken, name: string) =>
  report.checks.find((check) => check.name === name)?.status;

describe("verifyToken with the store", () => {
  it("expects the store's issuer and audience", async () => {
    const authority = await makeAuthority();
    expect((await verify(authority, await mint(authority))).valid).toBe(true);
    expect((await verify(authority, await mint(authority, [["iss", "https://evil"]]))).verdict).toBe(
      "issuer_mismatch",
    );
    expect((await verify(authority, await mint(authority, [["aud", "https://other"]]))).verdict).toBe(
      "audience_mismatch",
    );
  });

  it("expects what the user says instead", async () => {
    const authority = await makeAuthority();
    const token = await mint(authority, [["aud", "https://other"]]);
    expect((await verify(authority, token, { audiences: ["https://other"] })).valid).toBe(true);
    expect((await verify(authority, token, { issuers: ["x"] })).verdict).toBe("issuer_mismatch");
  });

  it("still verifies what a rotated key has signed, until it is retired", async () => {
    const authority = await makeAuthority();
    const token = await mint(authority);
    await authority.rotate();
    expect((await verify(authority, token)).valid).toBe(true);
    authority.clock.advance(86_400);
    const late = await verify(authority, token);
    expect([late.verdict, status(late, "key"), status(late, "exp")]).toEqual([
      "no_matching_key",
      "fail",
      "fail",
    ]);
  });

  it("refuses what a revoked key has signed, and says that it was revoked", async () => {
    const authority = await makeAuthority();
    const token = await mint(authority);
    await authority.rotate();
    const [kid] = [JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString()).kid as string];
    await authority.store.revokeKey({ kid, replacements: [], withSessions: false }, authority.clock.now());
    const report = await verify(authority, token);
    expect([report.valid, report.verdict, status(report, "signature")]).toEqual([
      false,
      "key_revoked",
      "pass",
    ]);
  });

  it("refuses a stranger's token that names one of the store's keys (kid swap)", async () => {
    const authority = await makeAuthority();
    const header = { alg: "ES256", kid: await authority.activeKid() };
    const forged = await signed(header, { iss: "https://jwtctl.localhost" }, ecKey(), "ES256");
    expect((await verify(authority, forged)).verdict).toBe("signature_invalid");
  });

  it("knows no key for a kid it never had", async () => {
    const authority = await makeAuthority();
    const report = await verify(authority, await signed({ alg: "ES256", kid: "x" }, ours, ecKey(), "ES256"));
    expect([report.verdict, report.key]).toEqual(["no_matching_key", undefined]);
  });

  it("does not guess between active and standby when the token names no key", async () => {
    const authority = await makeAuthority();
    const token = await signed({ alg: "ES256" }, ours, ecKey(), "ES256");
    expect((await verify(authority, token)).verdict).toBe("key_ambiguous");
    expect((await verify(authority, token, { tryAll: true })).verdict).toBe("signature_invalid");
  });

  it("opens a secret only for the token that names it, and asks for the passphrase only then", async () => {
    const authority = await makeAuthority({ alg: "HS256", passphrase: "correct horse" });
    const token = await mint(authority);
    authority.asked = 0;
    expect(
      (await verify(authority, await signed({ alg: "ES256", kid: "x" }, ours, ecKey(), "ES256"))).verdict,
    ).toBe("no_matching_key");
    expect(authority.asked).toBe(0);
    expect((await verify(authority, token)).valid).toBe(true);
    expect(authority.asked).toBe(1);
  });

  it("says that a revoked secret was revoked although it is gone", async () => {
    const authority = await makeAuthority({ alg: "HS256" });
    const token = await mint(authority);
    const kid = await authority.activeKid();
    await authority.rotate();
    await authority.store.revokeKey({ kid, replacements: [], withSessions: false }, authority.clock.now());
    const report = await verify(authority, token);
    expect([report.verdict, status(report, "signature")]).toEqual(["key_revoked", "skip"]);
  });

  it("unwraps what was pasted, says so, and then demands the exact form", async () => {
    const authority = await makeAuthority();
    const token = await mint(authority);
    const wrapped = await verify(authority, `Authorization: Bearer ${token}\n`);
    expect([wrapped.valid, wrapped.unwrapped.map(({ code }) => code)]).toEqual([
      true,
      ["authorization_removed", "scheme_removed"],
    ]);
    const padded = await verify(authority, `${token}==`);
    expect([padded.verdict, padded.unwrapped]).toEqual(["token_malformed", []]);
  });
});
