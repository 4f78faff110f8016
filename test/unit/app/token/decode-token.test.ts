import { describe, expect, it } from "vitest";
import { decodeToken } from "../../../../src/app/token/decode-token.ts";
import jwtIo from "../../../fixtures/tokens/jwt-io.json" with { type: "json" };
import { unsignedToken } from "../../token/make.ts";

const NOW = Date.UTC(2026, 2, 1, 12);
const token = jwtIo.new.token;

describe("decodeToken", () => {
  it("lists what was taken off around the token and put right in it", () => {
    const padded = token.replace(/\.([^.]*)$/, ".$1=");
    const { repairs, token: inspected } = decodeToken({ text: `"Bearer ${padded}"\n`, now: NOW });
    expect(repairs.map(({ code }) => code)).toEqual(["quotes_removed", "scheme_removed", "padding_removed"]);
    expect(inspected.text).toBe(padded);
  });

  it("takes the ID token of a response whose access token is opaque", () => {
    const { token: inspected, others } = decodeToken({
      text: JSON.stringify({ access_token: "gho_opaque", id_token: token }),
      now: NOW,
    });
    expect(inspected.text).toBe(token);
    expect(others).toEqual(["access_token"]);
  });

  it("says where further tokens are", () => {
    const { others } = decodeToken({ text: `${token}\n${jwtIo.old.token}`, now: NOW });
    expect(others).toEqual(["line 2"]);
  });

  it("refuses with the reason of the likeliest candidate when none can be read", () => {
    const text = JSON.stringify({ access_token: "opaque", id_token: "x.y" });
    expect(() => decodeToken({ text, now: NOW })).toThrow(
      expect.objectContaining({ code: "token_malformed", message: "this is not a token: it has no dots" }),
    );
  });

  it("answers for another time than the clock's", () => {
    const text = unsignedToken({ alg: "HS256" }, { exp: NOW / 1000 });
    expect(decodeToken({ text, now: NOW }).times?.expired).toBe(true);
    expect(decodeToken({ text, now: NOW - 1000 }).times?.expired).toBe(false);
    expect(decodeToken({ text: unsignedToken({ alg: "HS256" }, "[]"), now: NOW }).times).toBeUndefined();
  });
});
