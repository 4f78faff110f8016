import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "../../../src/core/base/errors.ts";
import { ExactNumber, JsonObject } from "../../../src/core/base/json/value.ts";
import { writeJson } from "../../../src/core/base/json/write.ts";
import type { Content } from "../../../src/core/jose/token/content.ts";
import { inspectToken, MAX_DECODE_LENGTH } from "../../../src/core/jose/token/inspect.ts";
import rfc7515 from "../../fixtures/rfc/rfc7515.json" with { type: "json" };
import rfc7519 from "../../fixtures/rfc/rfc7519.json" with { type: "json" };
import rfc7520 from "../../fixtures/rfc/rfc7520.json" with { type: "json" };
import jwtIo from "../../fixtures/tokens/jwt-io.json" with { type: "json" };
import { segment, unsignedToken } from "./make.ts";

const token = jwtIo.new.token;
const [header = "", payload = "", signature = ""] = token.split(".");

function json(content: Content | undefined): unknown {
  return content?.kind === "json" ? JSON.parse(writeJson(content.value)) : content;
}

function codes(text: string): string[] {
  return inspectToken(text)
    .warnings()
    .map((warning) => warning.code);
}

function refusal(text: string): AppError {
  try {
    inspectToken(text);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error(`accepted: ${text}`);
}

describe("inspectToken on published tokens", () => {
  it.each(rfc7515.examples.map((example) => [example.section, example] as const))(
    "reads RFC 7515 %s",
    (section, example) => {
      const inspected = inspectToken(example.compact);
      expect(json(inspected.header.content)).toEqual(JSON.parse(example.header));
      expect(inspected.fault).toBeUndefined();
      if (section === "A.4") {
        expect(inspected.payload?.content).toMatchObject({ kind: "text", text: "Payload" });
        expect(codes(example.compact)).toEqual(["payload_not_json"]);
      } else {
        const claims = { iss: "joe", exp: 1300819380, "http://example.com/is_root": true };
        expect(json(inspected.payload?.content)).toEqual(claims);
        expect(codes(example.compact)).toEqual(section === "A.5" ? ["unsigned"] : []);
      }
    },
  );

  it("reads RFC 7519 section 3.1 and jwt.io's sample without a word of complaint", () => {
    for (const text of [rfc7519["3.1"].compact, jwtIo.old.token, jwtIo.new.token]) {
      const { kind, encrypted, repairs, warnings, fault } = inspectToken(text);
      expect({ kind, encrypted, repairs, warnings: warnings(), fault }).toEqual({
        kind: "jws",
        encrypted: false,
        repairs: [],
        warnings: [],
        fault: undefined,
      });
    }
  });

  it("shows the header of the encrypted key set of RFC 7520 section 5.3 and says that it is encrypted", () => {
    const inspected = inspectToken(rfc7520["5.3"].jwe);
    expect(inspected).toMatchObject({
      kind: "jwe",
      encrypted: true,
      payload: undefined,
      signature: undefined,
    });
    expect(json(inspected.header.content)).toMatchObject({ alg: "PBES2-HS512+A256KW", p2c: 8192 });
    expect(inspected.warnings().map((warning) => warning.code)).toEqual(["encrypted"]);
  });
});

describe("inspectToken on incomplete tokens", () => {
  it("reads a token whose signature is missing, empty or cut", () => {
    expect(codes(`${header}.${payload}`)).toEqual(["signature_missing"]);
    expect(codes(`${header}.${payload}.`)).toEqual(["signature_empty"]);
    expect(codes(token.slice(0, -2))).toEqual(["signature_cut"]);
    expect(codes(token.slice(0, -3))).toEqual(["signature_cut"]);
    for (const text of [`${header}.${payload}`, `${header}.${payload}.`, token.slice(0, -2)]) {
      expect(inspectToken(text).fault).toBeUndefined();
      expect(json(inspectToken(text).payload?.content)).toMatchObject({ name: "John Doe" });
    }
  });

  it("tells at every place where a token may be cut off, and shows what there is", () => {
    for (let length = 1; length < header.length + payload.length; length++) {
      const cut = token.slice(0, length);
      if (length < header.length) {
        expect(refusal(cut).code).toBe("token_malformed");
      } else {
        const { fault } = inspectToken(cut);
        const empty = length <= header.length + 1;
        expect(fault?.code).toBe(
          length === header.length ? "cut_after_header" : empty ? undefined : "payload_cut",
        );
      }
    }
  });

  it("names a token that ends inside its header", () => {
    expect(refusal(header.slice(0, 20)).message).toBe("the token is cut off inside its header");
  });

  it("takes an empty payload for a detached one", () => {
    expect(codes(`${header}..${signature}`)).toEqual(["payload_empty"]);
  });
});

describe("inspectToken on damaged spellings", () => {
  it("reads padding and the base64 alphabet, and says so", () => {
    const padded = [header, payload, signature]
      .map((part) => Buffer.from(part, "base64url").toString("base64"))
      .join(".");
    const inspected = inspectToken(padded);
    expect(json(inspected.payload?.content)).toEqual(json(inspectToken(token).payload?.content));
    expect(inspected.signature?.bytes).toEqual(inspectToken(token).signature?.bytes);
    expect(inspected.repairs.map((repair) => repair.code)).toEqual(["padding_removed", "base64_alphabet"]);
  });

  it("tells unused bits that are set", () => {
    const twin = `${token.slice(0, -1)}1`;
    expect(inspectToken(twin).signature?.bytes).toEqual(inspectToken(token).signature?.bytes);
    expect(codes(twin)).toEqual(["trailing_bits"]);
  });

  it("shows the payload of a token whose header is garbage", () => {
    const inspected = inspectToken(`!!!.${payload}.${signature}`);
    expect(json(inspected.payload?.content)).toMatchObject({ name: "John Doe" });
    expect(inspected.fault).toEqual({
      code: "header_unreadable",
      message: "the header is not base64url (character 1 of it)",
    });
  });

  it("shows the header of a token whose payload is not base64url", () => {
    const inspected = inspectToken(`${header}.${payload.slice(0, 20)}*${payload.slice(20)}.${signature}`);
    expect(inspected.fault?.message).toBe("the payload is not base64url (character 21 of it)");
    expect(json(inspected.header.content)).toEqual({ alg: "HS256", typ: "JWT" });
  });

  it("tells a signature that is not base64url", () => {
    expect(codes(`${header}.${payload}.a*b`)).toEqual(["signature_not_base64url"]);
  });

  it("tells an EC signature in DER form by its size", () => {
    const der = Buffer.concat([Buffer.from([0x30, 0x45]), Buffer.alloc(69, 1)]);
    const inspected = inspectToken(unsignedToken({ alg: "ES256" }, {}, der.toString("base64url")));
    expect(inspected.warnings()).toEqual([
      {
        code: "signature_too_long",
        message: "the signature has 71 bytes where ES256 makes 64; it looks like DER",
      },
    ]);
  });
});

describe("inspectToken on payloads that are no claims set", () => {
  it.each([
    ["text", "hello", { kind: "text", text: "hello", cut: false }, "payload_not_json"],
    ["bytes", Uint8Array.of(0xff, 0xfe, 0x00), { kind: "bytes" }, "payload_not_text"],
    ["an array", "[1,2]", { kind: "json", value: [1, 2] }, "payload_not_object"],
    ["a string", '"x"', { kind: "json", value: "x" }, "payload_not_object"],
    ["null", "null", { kind: "json", value: null }, "payload_not_object"],
    ["a byte order mark before JSON", "\ufeff{}", { kind: "text" }, "payload_not_json"],
    ["overlong UTF-8", Uint8Array.of(0x22, 0xc0, 0x80, 0x22), { kind: "bytes" }, "payload_not_text"],
  ])("shows %s for what it is", (_, body, content, code) => {
    const text = `${header}.${segment(body)}.${signature}`;
    expect(inspectToken(text).payload?.content).toMatchObject(content);
    expect(codes(text)).toEqual([code]);
    expect(inspectToken(text).fault).toBeUndefined();
  });

  it("reads an unencoded payload as it is (b64 false, RFC 7797)", () => {
    const text = `${segment({ alg: "HS256", b64: false, crit: ["b64"] })}.$02.${signature}`;
    expect(inspectToken(text).payload?.content).toMatchObject({ kind: "text", text: "$02" });
    expect(codes(text)).toEqual(["critical_header", "payload_unencoded", "payload_not_json"]);
  });
});

describe("inspectToken on what attackers put into tokens", () => {
  it.each(["none", "None", "NONE", "nOnE"])("calls alg %s unsigned", (alg) => {
    expect(codes(unsignedToken({ alg }, {}, ""))).toEqual(["unsigned"]);
  });

  it.each(["jku", "jwk", "x5u", "x5c"])("warns of a key that comes with the token (%s injection)", (name) => {
    expect(codes(unsignedToken({ alg: "RS256", [name]: "https://evil.example" }, {}))).toEqual([
      "key_in_header",
    ]);
  });

  it("reports members that occur twice, in header and payload", () => {
    const text = unsignedToken('{"alg":"RS256","alg":"none"}', '{"exp":1,"a":{"b":1,"b":2},"exp":2}');
    expect(
      inspectToken(text)
        .warnings()
        .filter((warning) => warning.code === "duplicate_member"),
    ).toEqual([
      {
        code: "duplicate_member",
        message: "the header has /alg more than once; readers differ in which one they take",
      },
      {
        code: "duplicate_member",
        message: "the payload has /a/b more than once; readers differ in which one they take",
      },
      {
        code: "duplicate_member",
        message: "the payload has /exp more than once; readers differ in which one they take",
      },
    ]);
  });

  it("keeps integers beyond 2^53 digit for digit", () => {
    const inspected = inspectToken(unsignedToken({ alg: "RS256" }, '{"id":9007199254740993}'));
    expect(inspected.payload?.content).toMatchObject({
      value: new JsonObject([["id", new ExactNumber("9007199254740993")]]),
    });
  });

  it("does not follow nesting of 100,000 levels", () => {
    const inspected = inspectToken(unsignedToken({ alg: "RS256" }, "[".repeat(100_000)));
    expect(inspected.payload?.content).toMatchObject({
      kind: "text",
      reason: "nested deeper than 256 levels",
    });
  });

  it.each([
    ["exp as a string", '{"exp":"1700000000"}', "not_a_date"],
    ["an infinite exp (1e999)", '{"exp":1e999}', "not_a_date"],
    ["exp in milliseconds", '{"exp":1700000000000}', "milliseconds"],
    ["auth_time in milliseconds", '{"auth_time":1700000000000}', "milliseconds"],
  ])("warns of %s", (_, claims, code) => {
    expect(codes(unsignedToken({ alg: "RS256" }, claims))).toEqual([code]);
  });

  it("still reads a token of an algorithm it does not know, of none at all, or of another type than a string", () => {
    expect(codes(unsignedToken({ alg: "ES257" }, {}))).toEqual(["algorithm_unknown"]);
    expect(codes(unsignedToken({}, {}))).toEqual(["algorithm_missing"]);
    expect(codes(unsignedToken({ alg: 256 }, {}))).toEqual(["algorithm_unknown"]);
    expect(codes(unsignedToken({ alg: "RS256", crit: ["exp"] }, {}))).toEqual(["critical_header"]);
  });
});

describe("inspectToken on what is no token", () => {
  it.each([
    ["garbage", "this is not a token: it has no dots"],
    ["a.b.c", "this is not a token: its header is not a whole number of bytes in base64url"],
    ["abcd.efgh.ijkl", "this is not a token: its header is not text"],
    ["aGVsbG8.d29ybGQ.eA", "this is not a token: its header is not JSON: expected a value at position 0"],
    ["W10.W10.eA", "this is not a token: its header is not a JSON object"],
    [".e30x.x", "this is not a token: its header is empty"],
    ["..", "this is not a token: its header is empty"],
    ["...", "this is not a token: it has four segments"],
    ["a.b.c.d.e.f", "this is not a token: it has more than five segments"],
    [".".repeat(100_000), "this is not a token: it has more than five segments"],
    ["jwtctl_rt_abc", "this is not a token: it has no dots"],
    ["", "the token is empty"],
  ])("refuses %j with its reason", (text, message) => {
    const error = refusal(text);
    expect(error.code).toBe("token_malformed");
    expect(error.message).toBe(message);
    expect(error.hints.length).toBeGreaterThan(0);
  });

  it("refuses more than 16 MiB", () => {
    expect(refusal("a".repeat(MAX_DECODE_LENGTH + 1)).code).toBe("input_too_large");
  });

  it("reads 16 MiB", () => {
    const body = segment(`{"data":"${"x".repeat(12_000_000)}"}`);
    expect(inspectToken(`${header}.${body}.${signature}`).warnings()).toEqual([]);
  });
});

describe("inspectToken on anything", () => {
  const anySegment = fc.oneof(
    fc.base64String(),
    fc.constantFrom(header, payload, signature, "", "e30", "W10", "="),
    fc.uint8Array({ maxLength: 60 }).map(segment),
    fc.json().map(segment),
    fc
      .dictionary(fc.constantFrom("alg", "kid", "b64", "crit", "exp", "enc", "jwk"), fc.jsonValue())
      .map(segment),
  );

  it("shows it or refuses it as malformed, and never fails otherwise", () => {
    const tokens = fc.array(anySegment, { maxLength: 6 }).map((parts) => parts.join("."));
    fc.assert(
      fc.property(fc.oneof(tokens, fc.string({ unit: "binary" })), (text) => {
        try {
          const inspected = inspectToken(text);
          expect(inspected.segments.join(".")).toBe(text);
        } catch (error) {
          expect(error).toMatchObject({ code: "token_malformed" });
        }
      }),
      { numRuns: 5000 },
    );
  });

  it("survives a changed, removed or added character anywhere in a token", () => {
    fc.assert(
      fc.property(
        fc.nat(token.length),
        fc.string({ unit: "binary", maxLength: 2 }),
        fc.nat(1),
        (at, put, taken) => {
          try {
            inspectToken(token.slice(0, at) + put + token.slice(at + taken));
          } catch (error) {
            expect(error).toMatchObject({ code: "token_malformed" });
          }
        },
      ),
      { numRuns: 3000 },
    );
  });
});
