import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type JsonObject, jsonFrom } from "../../../src/core/base/json/value.ts";
import { writeJson } from "../../../src/core/base/json/write.ts";
import { objectOf } from "../../../src/core/jose/token/content.ts";
import {
  applyDisclosures,
  keyBindingInput,
  matchesSdHash,
} from "../../../src/core/jose/token/disclosures.ts";
import { inspectToken } from "../../../src/core/jose/token/inspect.ts";
import { inspectForm } from "../../../src/core/jose/token/inspect-form.ts";
import { textDigest } from "../../../src/crypto/digest.ts";
import sdJwt from "../../fixtures/tokens/sd-jwt.json" with { type: "json" };
import { segment } from "./make.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("base64url");
const element = (value: unknown, salt = "salt") => segment([salt, value]);
const claim = (name: string, value: unknown, salt = "salt") => segment([salt, name, value]);

/** What a payload discloses, as plain values. */
function disclosed(payload: object, disclosures: readonly string[], digest = textDigest) {
  const result = applyDisclosures(
    jsonFrom(payload) as JsonObject,
    { disclosures, keyBinding: undefined },
    digest,
  );
  return {
    claims: JSON.parse(writeJson(result.claims)) as unknown,
    where: result.disclosures.map((disclosure) => disclosure.where),
    hidden: result.hidden,
    warnings: result.warnings.map(({ code }) => code),
  };
}

const compact = (text: string) => inspectForm({ kind: "compact", text });

describe("the published example", () => {
  it("discloses everything that was issued", () => {
    const token = compact(sdJwt.issued);
    const claims = objectOf(token.payload?.content);
    if (claims === undefined) throw new Error("no claims");
    const result = applyDisclosures(claims, token.disclosed, textDigest);
    expect([result.hidden, result.warnings, result.algorithm]).toEqual([0, [], "sha-256"]);
    expect(result.disclosures.map(({ where }) => where)).toEqual([
      ...["/given_name", "/family_name", "/email", "/phone_number", "/address", "/birthdate"],
      ...["/is_over_18", "/is_over_21", "/is_over_65"],
    ]);
    expect(JSON.parse(writeJson(result.claims))).toMatchObject({
      given_name: "John",
      address: { country: "US" },
    });
    expect(result.claims.has("_sd")).toBe(false);
  });

  it("binds what is presented to its holder, and nothing else", () => {
    const token = compact(sdJwt.presented);
    const proof = inspectToken(token.disclosed?.keyBinding ?? "");
    expect(matchesSdHash(proof, keyBindingInput(token), "sha-256", textDigest)).toBe(true);
    const other = { ...token, disclosed: { disclosures: [], keyBinding: undefined } };
    expect(matchesSdHash(proof, keyBindingInput(other), "sha-256", textDigest)).toBe(false);
    expect(matchesSdHash(token, keyBindingInput(token), "sha-256", textDigest)).toBeUndefined();
    expect(matchesSdHash(proof, keyBindingInput(token), "md5", textDigest)).toBeUndefined();
  });
});

describe("disclose (RFC 9901 section 7.1)", () => {
  it("puts claims and elements where their hashes stand, at any depth, and counts what stays hidden", () => {
    const city = claim("city", "Bonn");
    const german = element("DE");
    const payload = {
      address: { _sd: [sha256(city), "hidden1"], country: "DE" },
      nationalities: [{ "...": "hidden2" }, { "...": sha256(german) }, "FR"],
      _sd: ["decoy"],
    };
    expect(disclosed(payload, [german, city])).toEqual({
      claims: { address: { country: "DE", city: "Bonn" }, nationalities: ["DE", "FR"] },
      where: ["/nationalities/0", "/address/city"],
      hidden: 3,
      warnings: [],
    });
  });

  it("opens what is hidden in what is disclosed", () => {
    const street = claim("street", "Main St");
    const address = claim("address", { _sd: [sha256(street)], country: "US" });
    expect(disclosed({ _sd: [sha256(address)] }, [street, address])).toMatchObject({
      claims: { address: { country: "US", street: "Main St" } },
      where: ["/address/street", "/address"],
      hidden: 0,
    });
    expect(disclosed({ _sd: [sha256(address)] }, [street])).toMatchObject({
      where: [undefined],
      warnings: ["disclosure_unmatched"],
    });
  });

  it("uses the hash that the token names", () => {
    const name = claim("name", "a");
    const hash = createHash("sha512").update(name).digest("base64url");
    expect(disclosed({ _sd_alg: "sha-512", _sd: [hash] }, [name])).toMatchObject({
      claims: { name: "a" },
      warnings: [],
    });
    expect(disclosed({ _sd_alg: "whirlpool", _sd: [hash] }, [name])).toMatchObject({
      where: [undefined],
      warnings: ["disclosure_hash_unknown"],
    });
  });

  it("tells of disclosures that cannot be read, or that no hash is of", () => {
    for (const broken of [
      "",
      "!!!",
      segment("text"),
      segment({}),
      segment([]),
      segment(["salt"]),
      segment(["s", 1, 2]),
      segment(["s", "a", 1, 2]),
    ]) {
      expect(disclosed({ _sd: ["x"] }, [broken]).warnings, broken).toEqual(["disclosure_unreadable"]);
    }
    expect(disclosed({ _sd: ["x"] }, [claim("a", 1)]).warnings).toEqual(["disclosure_unmatched"]);
  });

  it("tells of a claim that would take another's place (a forged claim behind a true one)", () => {
    const admin = claim("admin", true);
    expect(disclosed({ admin: false, _sd: [sha256(admin)] }, [admin]).warnings).toEqual([
      "disclosure_conflict",
    ]);
    const hidden = claim("_sd", ["x"]);
    expect(disclosed({ _sd: [sha256(hidden)] }, [hidden]).warnings).toEqual(["disclosure_conflict"]);
  });

  it("tells of an element disclosed as a claim, and a claim as an element", () => {
    const asClaim = claim("a", 1);
    const asElement = element(1);
    expect(disclosed({ list: [{ "...": sha256(asClaim) }] }, [asClaim]).warnings).toEqual([
      "disclosure_conflict",
    ]);
    expect(disclosed({ _sd: [sha256(asElement)] }, [asElement]).warnings).toContain("disclosure_conflict");
  });

  it("ends although a disclosure contains its own hash, or hashes occur twice (a circle)", () => {
    const circle = (_: string, text: string) => (text === loop ? "loop" : sha256(text));
    const loop = claim("a", { _sd: ["loop"], list: [{ "...": "loop" }] });
    expect(disclosed({ _sd: ["loop", "loop"] }, [loop], circle)).toMatchObject({
      claims: { a: { list: [] } },
      warnings: ["digest_repeated"],
    });
  });

  it("leaves alone what only looks like a hash", () => {
    const payload = {
      _sd: "text",
      list: [{ "...": 5 }, { "...": "x", more: 1 }, {}],
      deep: [[{ _sd: [1, null] }]],
    };
    expect(disclosed(payload, [])).toMatchObject({
      claims: { list: [{ "...": "x", more: 1 }, {}], deep: [[{}]] },
    });
  });

  it("keeps names that no object should have, and the order of all", () => {
    const proto = claim("__proto__", { polluted: true });
    const { claims } = applyDisclosures(
      jsonFrom({ b: 1, a: 2, _sd: [sha256(proto)] }) as JsonObject,
      { disclosures: [proto], keyBinding: undefined },
      textDigest,
    );
    expect(writeJson(claims)).toBe('{"b":1,"a":2,"__proto__":{"polluted":true}}');
  });
});

describe("an SD-JWT as it is written", () => {
  const jwt = sdJwt.issued.split("~")[0] ?? "";

  it("ends with a tilde or the holder's proof; without either it was cut off", () => {
    expect(compact(`${jwt}~`).disclosed).toEqual({ disclosures: [], keyBinding: undefined });
    expect(compact(`${jwt}~AA~`).disclosed).toEqual({ disclosures: ["AA"], keyBinding: undefined });
    expect(compact(`${jwt}~AA~${jwt}`).disclosed).toEqual({ disclosures: ["AA"], keyBinding: jwt });
    expect(
      compact(`${jwt}~AA`)
        .warnings()
        .map(({ code }) => code),
    ).toContain("final_tilde_missing");
  });

  it("may be JSON, with all of that in the unprotected header (RFC 9901 section 8)", () => {
    const [header, payload, signature] = jwt.split(".");
    const form = { payload, protected: header, signature, header: { disclosures: ["AA", 5], kb_jwt: jwt } };
    expect(inspectForm({ kind: "json", object: jsonFrom(form) as JsonObject }).disclosed).toEqual({
      disclosures: ["AA"],
      keyBinding: jwt,
    });
  });
});
