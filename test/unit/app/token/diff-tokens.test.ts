import { describe, expect, it } from "vitest";
import { type DiffInput, diffTokens } from "../../../../src/app/token/diff-tokens.ts";
import type { CurrentSession } from "../../../../src/core/authority/sessions/current-session.ts";
import { unsignedToken } from "../../token/make.ts";

const token = (claims: object) => unsignedToken({ alg: "RS256" }, claims, "A".repeat(342));

/** A current session with this access token, or none. */
const currentSession = (accessToken?: string) => async () => ({
  read: async () => (accessToken === undefined ? null : ({ accessToken } as CurrentSession)),
  write: async () => {},
  remove: async () => {},
  exclusively: <T>(work: () => Promise<T>) => work(),
});

const diff = (texts: DiffInput["texts"], input: Partial<DiffInput> = {}, accessToken?: string) =>
  diffTokens(
    { texts, pick: undefined, ignore: [], now: 0, ...input },
    { currentSession: currentSession(accessToken) },
  );

describe("comparing tokens", () => {
  const [first, second] = [token({ sub: "a", iat: 1 }), token({ sub: "a", iat: 2 })];

  it("says whether they differ, but for what is to be ignored", async () => {
    expect((await diff([first, second])).comparison.same).toBe(false);
    expect((await diff([first, second], { ignore: ["iat"] })).comparison.same).toBe(true);
  });

  it("takes the current session's token for the one that is missing", async () => {
    expect((await diff([second], {}, first)).comparison.same).toBe(false);
    expect((await diff([first], {}, first)).comparison.same).toBe(true);
    await expect(diff([first])).rejects.toMatchObject({ code: "not_logged_in" });
  });

  it("guesses none of several tokens in a text", async () => {
    const both = `${first}\n${second}\n`;
    await expect(diff([both, first])).rejects.toMatchObject({ code: "token_ambiguous" });
    expect((await diff([both, second], { pick: "2" })).comparison.same).toBe(true);
  });
});
