import { describe, expect, it } from "vitest";
import { findToken } from "../../../../src/app/token/find-token.ts";
import jwtIo from "../../../fixtures/tokens/jwt-io.json" with { type: "json" };

const token = jwtIo.new.token;

describe("findToken", () => {
  it("lists what was taken off around the token and put right in it", () => {
    const padded = token.replace(/\.([^.]*)$/, ".$1=");
    const { repairs, token: inspected } = findToken(`"Bearer ${padded}"\n`);
    expect(repairs.map(({ code }) => code)).toEqual(["quotes_removed", "scheme_removed", "padding_removed"]);
    expect(inspected.text).toBe(padded);
  });

  it("takes the ID token of a response whose access token is opaque", () => {
    const { token: inspected, others } = findToken(
      JSON.stringify({ access_token: "gho_opaque", id_token: token }),
    );
    expect(inspected.text).toBe(token);
    expect(others).toEqual(["access_token"]);
  });

  it("says where further tokens are", () => {
    const { others } = findToken(`${token}\n${jwtIo.old.token}`);
    expect(others).toEqual(["line 2"]);
  });

  it("refuses with the reason of the likeliest candidate when none can be read", () => {
    const text = JSON.stringify({ access_token: "opaque", id_token: "x.y" });
    expect(() => findToken(text)).toThrow(
      expect.objectContaining({
        code: "token_malformed",
        message: "the value of access_token is an opaque token, not a JWT: it has no dots",
      }),
    );
  });
});
