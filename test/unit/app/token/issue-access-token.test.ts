import { describe, expect, it } from "vitest";
import {
  type AccessTokenInput,
  type AccessTokenPorts,
  createAccessTokens,
} from "../../../../src/app/token/issue-access-token.ts";
import { trustStoreKeys, verifyToken } from "../../../../src/app/token/verify-token.ts";
import type { Session } from "../../../../src/core/authority/sessions/session.ts";
import { DEFAULT_SETTINGS } from "../../../../src/core/authority/settings.ts";
import type { User } from "../../../../src/core/authority/users/user.ts";
import { AppError } from "../../../../src/core/base/errors.ts";
import { JsonObject } from "../../../../src/core/base/json/value.ts";
import { writeJson } from "../../../../src/core/base/json/write.ts";
import { type Authority, makeAuthority } from "./authority.ts";

const DAY = 86_400_000;

function input(
  authority: Authority,
  change: { claims?: JsonObject; expiresAt?: number; ttl?: number } = {},
): AccessTokenInput {
  const now = authority.clock.now();
  const user = {
    id: "u1",
    name: "alice",
    status: "active",
    claims: change.claims ?? new JsonObject(),
  } as User;
  const session = {
    id: "login-1",
    clientId: "jwtctl",
    expiresAt: change.expiresAt ?? now + 90 * DAY,
  } as Session;
  return { user, session, settings: { ...DEFAULT_SETTINGS, access_ttl: change.ttl ?? 900 }, now };
}

async function verify(authority: Authority, text: string) {
  const options = {
    ...{
      time: { now: authority.clock.now(), utcOffset: () => 0 },
      leeway: 0,
      algorithms: [],
      types: ["at+jwt"],
    },
    ...{ issuers: [], audiences: [], require: ["sid"], tryAll: false },
  };
  return verifyToken(
    { text, options },
    { trust: trustStoreKeys(authority, authority.clock.now()), jws: authority.jws },
  );
}

describe("access tokens", () => {
  it("have the profile of RFC 9068 and name their login", async () => {
    const authority = await makeAuthority();
    const sign = await createAccessTokens(authority).prepare();
    const { token, expiresAt } = await sign(input(authority));
    const report = await verify(authority, token);
    expect(report.valid).toBe(true);
    expect(report.header && writeJson(report.header)).toBe(
      `{"alg":"ES256","typ":"at+jwt","kid":"${await authority.activeKid()}"}`,
    );
    const now = authority.clock.now() / 1000;
    expect(report.payload && JSON.parse(writeJson(report.payload))).toEqual({
      iss: "https://jwtctl.localhost",
      sub: "alice",
      aud: "https://api.localhost",
      client_id: "jwtctl",
      sid: "login-1",
      iat: now,
      exp: now + 900,
      jti: expect.stringMatching(/^[\w-]{22}$/),
    });
    expect(expiresAt).toBe((now + 900) * 1000);
  });

  it("end with their login at the latest", async () => {
    const authority = await makeAuthority();
    const sign = await createAccessTokens(authority).prepare();
    const end = authority.clock.now() + 300_500;
    expect((await sign(input(authority, { expiresAt: end }))).expiresAt).toBe(end - 500);
  });

  it("carry the user's claims, which cannot forge those of the protocol", async () => {
    const authority = await makeAuthority();
    const sign = await createAccessTokens(authority).prepare();
    const forged = ["iss", "sub", "aud", "exp", "iat", "nbf", "jti", "sid", "client_id"];
    const claims = new JsonObject([
      ["role", "reader"],
      ...forged.map((name) => [name, "forged"] as const),
      ["level", 3],
    ]);
    const { token } = await sign(input(authority, { claims }));
    const { payload, valid } = await verify(authority, token);
    expect([valid, payload && writeJson(payload).includes("forged")]).toEqual([true, false]);
    expect((payload as JsonObject).get("role")).toBe("reader");
    expect((payload as JsonObject).get("level")).toBe(3);
  });

  it("have ids that differ", async () => {
    const authority = await makeAuthority();
    const sign = await createAccessTokens(authority).prepare();
    const ids = new Set<unknown>();
    for (let count = 0; count < 20; count++) {
      const { payload } = await verify(authority, (await sign(input(authority))).token);
      ids.add((payload as JsonObject).get("jti"));
    }
    expect(ids.size).toBe(20);
  });

  it("are prepared before anything is used up: a missing key or wrong passphrase shows then", async () => {
    const authority = await makeAuthority({ passphrase: "correct horse" });
    const ports = { ...authority, passphrase: async () => "wrong" };
    await expect(createAccessTokens(ports).prepare()).rejects.toMatchObject({ code: "passphrase_wrong" });
  });

  it("need nothing more of the store once they are prepared: a disk that fills up then costs no refresh token", async () => {
    const authority = await makeAuthority();
    const { store: real } = authority;
    const store: AccessTokenPorts["store"] = {
      listKeys: (now) => real.listKeys(now),
      readPrivateKey: (kid) => real.readPrivateKey(kid),
      readSettings: () => real.readSettings(),
      readEncryption: () => real.readEncryption(),
      // A store that can still be read: a signature is reserved when nothing has to be written for it.
      async reserveSignature(kid, exp, now) {
        const active = (await real.listKeys(now)).find(({ state }) => state === "active");
        if (active?.kid === kid && exp !== null && (active.maxExp ?? 0) >= exp) return "reserved";
        throw new AppError("store_full", "there is no space left");
      },
    };
    const before = createAccessTokens({ ...authority, store }).prepare();
    await expect(before).rejects.toMatchObject({ code: "store_full" });
    await createAccessTokens(authority).prepare();
    const sign = await createAccessTokens({ ...authority, store }).prepare();
    authority.clock.advance(11);
    const later = input(authority);
    const { token, expiresAt } = await sign(later);
    expect((await verify(authority, token)).valid).toBe(true);
    expect(expiresAt).toBe(later.now + 900_000 - 11_000);
    authority.clock.advance(11);
    await expect(sign(input(authority))).rejects.toMatchObject({ code: "store_full" });
  });

  it("are signed with the key that is active then, without asking for the passphrase again", async () => {
    const authority = await makeAuthority({ passphrase: "correct horse" });
    const sign = await createAccessTokens(authority).prepare();
    await authority.rotate();
    authority.asked = 0;
    const report = await verify(authority, (await sign(input(authority))).token);
    expect([report.valid, report.key?.kid, authority.asked]).toEqual([true, await authority.activeKid(), 0]);
  });

  it("keep the key that signs them until they have expired", async () => {
    const authority = await makeAuthority();
    const { expiresAt } = await (await createAccessTokens(authority).prepare())(input(authority));
    const active = (await authority.store.listKeys(authority.clock.now())).find(
      (key) => key.state === "active",
    );
    expect(active?.maxExp).toBe(expiresAt / 1000);
  });
});
