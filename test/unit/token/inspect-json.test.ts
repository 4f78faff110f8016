import { describe, expect, it } from "vitest";
import { type JsonObject, jsonFrom } from "../../../src/core/base/json/value.ts";
import { inspectJsonForm, inspectJwsForm } from "../../../src/core/jose/token/inspect-json.ts";
import { isJsonForm } from "../../../src/core/jose/token/json-form.ts";
import rfc7515 from "../../fixtures/rfc/rfc7515.json" with { type: "json" };
import rfc7520 from "../../fixtures/rfc/rfc7520.json" with { type: "json" };
import { segment } from "./make.ts";

const object = (value: unknown) => jsonFrom(value) as JsonObject;
const inspect = (value: unknown) => inspectJsonForm(object(value));
const codes = (value: unknown) =>
  inspect(value)
    .warnings()
    .map(({ code }) => code);
const payload = segment({ sub: "a" });
const header = segment({ alg: "HS256" });
const signature = "A".repeat(43);

describe("the JSON forms of a JWS (RFC 7515 section 7.2)", () => {
  it.each([
    ...rfc7515.json.map(({ section, json }) => [`RFC 7515 ${section}`, json] as const),
    ...rfc7520.json.map(({ section, form, json }) => [`RFC 7520 ${section}, ${form}`, json] as const),
  ])("reads %s: every signature with both its headers, and the payload", (_, json) => {
    const token = inspect(json);
    const entries: readonly object[] = "signatures" in json ? (json.signatures as object[]) : [json];
    expect(token.json?.signatures).toHaveLength(entries.length);
    entries.forEach((entry, index) => {
      const shown = token.json?.signatures[index];
      expect(shown?.protected?.text).toBe("protected" in entry ? entry.protected : undefined);
      expect(shown?.unprotected).toEqual("header" in entry ? object(entry.header) : undefined);
      expect(shown?.signature.text).toBe("signature" in entry ? entry.signature : "");
    });
    expect(token.payload?.text).toBe("payload" in json ? json.payload : undefined);
    expect(token.fault).toBeUndefined();
  });

  it("is the same as the compact form when nothing is unprotected: of a general form, each signature by its number", () => {
    const compact = `${header}.${payload}.${signature}`;
    expect(inspect({ payload, protected: header, signature })).toMatchObject({
      text: compact,
      json: { lossless: true },
    });
    const two = object({
      payload,
      signatures: [
        { protected: header, signature },
        { protected: header, signature: "BB" },
      ],
    });
    expect(inspectJwsForm(two, 2)).toMatchObject({
      text: `${header}.${payload}.BB`,
      json: { number: 2, lossless: true },
    });
  });

  it("is more than the compact form with an unprotected header, without a protected one, or without its payload", () => {
    for (const more of [
      { payload, protected: header, header: { kid: "a" }, signature },
      { payload, header: { alg: "HS256" }, signature },
      { protected: header, signature },
    ]) {
      expect(inspect(more).json?.lossless).toBe(false);
    }
  });

  it("warns that it is no JWT, of what is not signed, and of what is not there", () => {
    expect(codes({ payload, protected: header, signature })).toEqual(["json_form"]);
    expect(codes({ payload, header: { alg: "HS256" }, signature })).toEqual([
      "json_form",
      "unprotected_header",
    ]);
    expect(codes({ protected: header, signature })).toEqual(["json_form", "payload_detached"]);
  });

  it("warns of a member that both headers have (RFC 7515 section 4)", () => {
    const warnings = inspect({ payload, protected: header, header: { alg: "none" }, signature }).warnings();
    expect(warnings.map(({ code, message }) => `${code}: ${message}`)).toContainEqual(
      expect.stringMatching(/^duplicate_member: the header has \/alg more than once/),
    );
  });

  it("says which of several signatures a warning is about", () => {
    const signatures = [
      { protected: header, signature },
      { protected: segment({ alg: "none" }), signature: "" },
    ];
    expect(inspect({ payload, signatures }).warnings()[0]).toEqual({
      code: "unsigned",
      message: expect.stringMatching(/^signature 2: alg is none/),
    });
  });

  it("takes an unencoded payload (RFC 7797) as it stands", () => {
    const protectedHeader = segment({ alg: "HS256", b64: false, crit: ["b64"] });
    const token = inspect({ payload: "$.02", protected: protectedHeader, signature });
    expect(new TextDecoder().decode(token.payload?.bytes)).toBe("$.02");
  });

  it("takes nothing else for one: members of other types, other documents", () => {
    for (const other of [
      { payload, protected: 1, signature },
      { payload, signature },
      { payload, signatures: [] },
      { payload, signatures: "x" },
      { payload, signatures: [1, null, { signature }] },
      { signature: "x", header: 5, ciphertext: 1 },
      { header, payload, signature: 5 },
    ]) {
      expect(isJsonForm(object(other)), JSON.stringify(other)).toBe(false);
    }
  });
});

describe("the JSON forms of a JWE (RFC 7516 section 7.2)", () => {
  const [protectedHeader = "", encrypted_key = "", iv = "", ciphertext = "", tag = ""] =
    rfc7520["5.3"].jwe.split(".");

  it("is recognised as encrypted, with every recipient", () => {
    const flattened = inspect({ protected: protectedHeader, encrypted_key, iv, ciphertext, tag });
    expect(flattened).toMatchObject({
      kind: "jwe",
      encrypted: true,
      text: rfc7520["5.3"].jwe,
      json: { name: "flattened", lossless: true },
    });
    const general = inspect({
      protected: protectedHeader,
      unprotected: { jku: "https://a.example" },
      recipients: [
        { header: { kid: "1" }, encrypted_key },
        { header: { kid: "2" }, encrypted_key: "AA" },
      ],
      ...{ iv, ciphertext, tag },
    });
    expect(general.json).toMatchObject({ name: "general", lossless: false });
    expect(general.json?.recipients.map((recipient) => recipient.header?.get("kid"))).toEqual(["1", "2"]);
    expect(general.warnings().map(({ code }) => code)).toEqual(["encrypted", "key_in_header"]);
  });

  it("is read as far as it goes when members are missing or of other types", () => {
    expect(inspect({ ciphertext })).toMatchObject({
      encrypted: true,
      segments: ["", "", "", ciphertext, ""],
    });
    expect(
      inspect({ ciphertext, protected: 5, recipients: [1, {}], unprotected: "x" }).json?.recipients,
    ).toHaveLength(1);
  });
});
