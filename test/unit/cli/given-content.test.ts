import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { describe, expect, it } from "vitest";
import { contentKind, isPublicContent, shownName } from "../../../src/core/base/text/given-content.ts";
import { createCertificate } from "../../support/certificate.ts";

const pairs = {
  RSA: generateKeyPairSync("rsa", { modulusLength: 2048 }),
  "P-256": generateKeyPairSync("ec", { namedCurve: "P-256" }),
  Ed25519: generateKeyPairSync("ed25519"),
};
const base64 = (key: KeyObject, type: string, lock: object = {}) =>
  (key.export({ format: "der", type, ...lock } as never) as unknown as Buffer).toString("base64");
const wrapped = (text: string) => text.replace(/.{64}/g, "$&\n");
const lock = { cipher: "aes-256-cbc", passphrase: "x" };

describe("content in place of a name is recognised", () => {
  it.each(Object.entries(pairs))("%s keys in every form", (name, { privateKey, publicKey }) => {
    const pem = privateKey.export({ format: "pem", type: "pkcs8" }) as string;
    const spki = publicKey.export({ format: "pem", type: "spki" }) as string;
    const jwk = privateKey.export({ format: "jwk" });
    const ofPrivate = [
      ...[
        pem,
        pem.replaceAll("\n", "\\n"),
        pem.replaceAll("\n", " "),
        encodeURIComponent(pem),
        `"${pem}"`,
        `@${pem}`,
      ],
      ...[
        Buffer.from(pem).toString("base64"),
        base64(privateKey, "pkcs8"),
        wrapped(base64(privateKey, "pkcs8")),
      ],
      ...[base64(privateKey, "pkcs8", lock), JSON.stringify(jwk), JSON.stringify({ keys: [jwk] }, null, 2)],
      ...[JSON.stringify(JSON.stringify(jwk)), JSON.stringify({ type: "service_account", private_key: pem })],
      ...(name === "RSA"
        ? [base64(privateKey, "pkcs1")]
        : name === "P-256"
          ? [base64(privateKey, "sec1")]
          : []),
    ];
    for (const text of ofPrivate) expect([text, contentKind(text)]).toEqual([text, "a private key"]);
    const half = publicKey.export({ format: "jwk" });
    const ofPublic = [
      spki,
      base64(publicKey, "spki"),
      wrapped(base64(publicKey, "spki")),
      JSON.stringify(half),
    ];
    if (name === "RSA") ofPublic.push(base64(publicKey, "pkcs1"));
    for (const text of ofPublic) expect([text, contentKind(text)]).toEqual([text, "a public key"]);
    expect(contentKind(JSON.stringify({ keys: [half] }))).toBe("a key set");
  });

  it("a certificate is public", () => {
    const { cert } = createCertificate({ name: "x" });
    expect(contentKind(cert)).toBe("a public key");
    expect(contentKind(cert.replace(/-----.*-----|\n/g, ""))).toBe("a public key");
  });

  it.each([
    ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.AAAA", "a token"],
    ["Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.AAAA", "a token"],
    ["jwtctl_rt_0123456789abcdefghijABCDEFGHIJ0123456789abcdef0", "a refresh token"],
    ["one line\nand another", "a text of several lines"],
    ["a".repeat(300), "a text longer than any name"],
    ['{"a":1}', "JSON"],
  ])("%s", (text, kind) => {
    expect(contentKind(text)).toBe(kind);
    expect(isPublicContent(contentKind(text) ?? "JSON")).toBe(false);
  });

  it.each([
    ...[
      "key.pem",
      "./keys/private.pem",
      "@key.pem",
      "C:\\keys\\k.pem",
      "My keys/key one.jwk",
      "MIIB.pem",
      "a-b_c",
    ],
    ...[
      "https://idp.example/jwks",
      "kid-2026",
      "0123456789abcdef0123456789abcdef",
      `${"folder/".repeat(40)}key.pem`,
    ],
  ])("%s could be a name", (name) => {
    expect(contentKind(name)).toBeUndefined();
  });

  it("what is shown of a name is one line of at most 60 characters", () => {
    expect(shownName("a\n b\tc ")).toBe("a b c");
    expect(shownName("x".repeat(100))).toHaveLength(60);
  });
});
