import { describe, expect, it } from "vitest";
import { findTokenToVerify } from "../../../../src/app/token/find-token.ts";
import rfc7515 from "../../../fixtures/rfc/rfc7515.json" with { type: "json" };
import rfc7520 from "../../../fixtures/rfc/rfc7520.json" with { type: "json" };
import jwtIo from "../../../fixtures/tokens/jwt-io.json" with { type: "json" };
import sdJwt from "../../../fixtures/tokens/sd-jwt.json" with { type: "json" };

const A = jwtIo.new.token;
const B = jwtIo.old.token;
const [header = "", payload = "", signature = ""] = A.split(".");

const refusal = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

describe("the token that verify takes", () => {
  it("is the only one, whatever stands around it, and beside opaque ones", () => {
    expect(findTokenToVerify(`Authorization: Bearer ${A}`).token.text).toBe(A);
    expect(findTokenToVerify(JSON.stringify({ access_token: "opaque", id_token: A })).token.text).toBe(A);
  });

  it("is not guessed among several, but picked by number or name", () => {
    const both = JSON.stringify({ access_token: A, id_token: B });
    expect(() => findTokenToVerify(both)).toThrow(refusal("token_ambiguous", /2 tokens/));
    expect(findTokenToVerify(both, { pick: "1" }).token.text).toBe(A);
    expect(findTokenToVerify(both, { pick: "2" }).token.text).toBe(B);
    expect(findTokenToVerify(both, { pick: "id_token" }).token.text).toBe(B);
    expect(findTokenToVerify(`${A}\n${B}`, { pick: "line 2" }).token.text).toBe(B);
    for (const pick of ["0", "3", "-1", "refresh_token", "1.0", "__proto__"]) {
      expect(() => findTokenToVerify(both, { pick }), pick).toThrow(
        refusal("usage", /^--pick: there is no token/),
      );
    }
  });

  it("is not guessed among several signatures (a signature beside a good one)", () => {
    const other = { protected: header, signature: "BBBB" };
    const general = JSON.stringify({ payload, signatures: [{ protected: header, signature }, other] });
    expect(() => findTokenToVerify(general, { jsonForm: true })).toThrow(
      refusal("token_ambiguous", /2 signatures/),
    );
    expect(findTokenToVerify(general, { jsonForm: true, pick: "1" }).token.text).toBe(A);
    expect(findTokenToVerify(general, { jsonForm: true, pick: "2" }).token.text).toBe(
      `${header}.${payload}.BBBB`,
    );
  });

  it("may be a JSON form that says what the compact form says only when that is taken, which is told", () => {
    for (const form of [
      { payload, protected: header, signature },
      { payload, signatures: [{ protected: header, signature }] },
    ]) {
      expect(() => findTokenToVerify(JSON.stringify(form))).toThrow(
        refusal("token_not_compact", /JSON form/),
      );
      const { token, repairs } = findTokenToVerify(JSON.stringify(form), { jsonForm: true });
      expect([token.text, repairs.map(({ code }) => code)]).toEqual([A, ["jws_json_converted"]]);
    }
  });

  it("is no JSON form that says more: what is not signed must not count, and nothing may be left out", () => {
    const lossy = [
      rfc7515.json[1]?.json,
      ...rfc7520.json
        .filter(({ section }) => ["4.5", "4.6", "4.7"].includes(section))
        .map(({ json }) => json),
    ];
    expect(lossy).toHaveLength(7);
    for (const form of lossy) {
      expect(() => findTokenToVerify(JSON.stringify(form), { jsonForm: true })).toThrow(
        refusal("token_not_compact", /JSON form/),
      );
    }
  });

  it("is the issuer's part of an SD-JWT, with its disclosures beside it", () => {
    for (const text of [sdJwt.issued, sdJwt.presented]) {
      const { token } = findTokenToVerify(text);
      expect(token.text).toBe(text.split("~")[0]);
      expect(token.disclosed).toBeDefined();
    }
  });

  it("is no SD-JWT in a JSON form: what it discloses stands in an unprotected header", () => {
    const [jwt = "", ...disclosures] = sdJwt.issued.split("~").slice(0, -1);
    const [first, second, third] = jwt.split(".");
    const form = { payload: second, protected: first, signature: third, header: { disclosures } };
    expect(() => findTokenToVerify(JSON.stringify(form))).toThrow(refusal("token_not_compact", /JSON form/));
  });
});
