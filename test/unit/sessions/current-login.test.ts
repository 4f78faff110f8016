import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type CurrentSession,
  readCurrentSession,
  writeCurrentSession,
} from "../../../src/core/authority/sessions/current-session.ts";

const LOGIN: CurrentSession = {
  db: "/home/alice/.local/share/jwtctl/jwtctl.db",
  user: "alice",
  sessionId: "0123456789abcdef",
  clientId: "jwtctl",
  accessToken: "eyJh.eyJz.c2ln",
  issuedAt: 1_772_366_400_123,
  accessExpiresAt: 1_772_367_300_000,
  refreshToken: `jwtctl_rt_${"a".repeat(49)}`,
  nextRefreshToken: null,
  idleExpiresAt: 1_773_576_000_000,
  expiresAt: 1_780_142_400_000,
};

const changed = (name: string, value: unknown) =>
  JSON.stringify({ ...JSON.parse(writeCurrentSession(LOGIN)), [name]: value });

describe("the credentials file", () => {
  it("is read as it was written", () => {
    const path = fc.string({ unit: "binary", minLength: 1 }).map((text) => `/${text}`);
    const instant = fc.integer({ min: 0, max: 253_402_300_799_999 });
    fc.assert(
      fc.property(path, path, instant, instant, fc.boolean(), (db, user, issuedAt, expiresAt, pending) => {
        const nextRefreshToken = pending ? `jwtctl_rt_${"b".repeat(49)}` : null;
        const session = { ...LOGIN, db, user, issuedAt, expiresAt, nextRefreshToken };
        expect(readCurrentSession(writeCurrentSession(session))).toEqual(session);
      }),
    );
  });

  it.each([
    ["an empty file", ""],
    ["a file cut off in the middle", writeCurrentSession(LOGIN).slice(0, 200)],
    ["something else", '{"token":"x"}'],
    ["a list", "[]"],
    ["another version", changed("version", 2)],
    ["a number for a name", changed("user", 7)],
    ["no store", changed("db", "")],
    ["no time", changed("expires_at", "soon")],
    ["a terminal escape for an access token", changed("access_token", "a.b.\u001b[2Jc")],
    [
      "a line break in the access token, which would break out of an HTTP header",
      changed("access_token", "a.b.c\nX: y"),
    ],
    ["a terminal escape for an id", changed("session_id", "\u001b]0;x\u0007")],
    ["something else than a refresh token", changed("refresh_token", "hello")],
    ["a successor that is none", changed("next_refresh_token", "")],
  ])("is no login when it holds %s", (_, text) => {
    expect(readCurrentSession(text)).toBeUndefined();
  });

  it("never holds a member twice, and its text is safe on a terminal", () => {
    const text = writeCurrentSession({ ...LOGIN, user: "al\u001b[2Jice\u202e" });
    expect(text).not.toMatch(/[\u001b\u202e]/);
    expect(readCurrentSession(text)?.user).toBe("al\u001b[2Jice\u202e");
  });
});
