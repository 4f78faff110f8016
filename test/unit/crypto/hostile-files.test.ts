import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "../../../src/core/base/errors.ts";
import { createKeyTools } from "../../../src/crypto/key-tools.ts";
import { bytes, countingRandom, keyPair, refusal } from "./support.ts";

const tools = createKeyTools(countingRandom());
const read = (content: string | Uint8Array) =>
  tools.read(typeof content === "string" ? bytes(content) : content, async () => "passphrase");

const EC = keyPair("ES256");
const EC_PEM = EC.privateKey.export({ format: "pem", type: "pkcs8" }) as string;
const EC_DER = EC.privateKey.export({ format: "der", type: "pkcs8" });

describe("hostile files end in a refusal, soon", () => {
  const settled = async (content: Uint8Array) => {
    try {
      await read(content);
    } catch (error) {
      expect(error).toBeInstanceOf(AppError);
    }
  };

  it("random bytes", async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), settled), { numRuns: 500 });
  });

  it("random JSON objects with the members of a JWK", async () => {
    const members = [
      "kty",
      "crv",
      "x",
      "y",
      "d",
      "n",
      "e",
      "k",
      "alg",
      "use",
      "key_ops",
      "kid",
      "keys",
      "__proto__",
    ];
    const values = fc.oneof(
      fc.constantFrom("EC", "RSA", "OKP", "oct", "AKP", "P-256", "Ed25519", "sig"),
      fc.jsonValue(),
    );
    const objects = fc.array(fc.tuple(fc.constantFrom(...members), values), { maxLength: 8 });
    const text = objects.map(
      (pairs) => `{${pairs.map(([k, v]) => `"${k}":${JSON.stringify(v)}`).join(",")}}`,
    );
    await fc.assert(
      fc.asyncProperty(text, (json) => settled(bytes(json))),
      { numRuns: 500 },
    );
  });

  it("whole keys with one byte changed, in PEM and DER", async () => {
    const files = [
      Buffer.from(EC_PEM),
      EC_DER,
      keyPair("RS256").publicKey.export({ format: "der", type: "spki" }),
    ];
    const change = fc.tuple(fc.constantFrom(...files), fc.nat(), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(change, async ([file, position, mask]) => {
        const changed = Buffer.from(file);
        const at = position % changed.length;
        changed[at] = (changed[at] ?? 0) ^ mask;
        await settled(changed);
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, string]>([
    ["line breaks", `-----BEGIN X-----${"\n".repeat(900_000)}-----END X-----`],
    ["BEGIN without KEY", "BEGIN ".repeat(170_000)],
    ["END lines", "-----END ".repeat(110_000)],
    ["BEGIN lines", "-----BEGIN X-----\n".repeat(55_000)],
    ["equals signs", `-----BEGIN X-----\n${"=".repeat(900_000)}\n-----END X-----`],
    ["header lines", `-----BEGIN X-----\n${"A: b\n".repeat(180_000)}-----END X-----`],
    ["open brackets", "[".repeat(900_000)],
    ["dots", `eyJ${".".repeat(900_000)}`],
    ["base64", `M${"A".repeat(900_000)}`],
    ["hexadecimal", "30".repeat(450_000)],
    ["escapes", `-----BEGIN X KEY-----${"\\\\n".repeat(300_000)}`],
    ["backslashes", `-----BEGIN X KEY-----${"\\".repeat(900_000)}`],
    ["percent signs", `-----BEGIN%20${"%0A".repeat(300_000)}`],
    ["character references", `-----BEGIN X KEY-----${"&#10;".repeat(180_000)}`],
    ["ampersands", `-----BEGIN X KEY-----${"&#".repeat(450_000)}`],
    ["quoted lines", '"a"\n'.repeat(220_000)],
    ["variables", `A=${"x".repeat(45)}\n`.repeat(20_000)],
    ["variables with open quotes", 'A="'.repeat(300_000)],
    ["lines with open quotes", 'A="\n'.repeat(220_000)],
    ["here-documents", "A=<<E\n".repeat(140_000)],
    ["blocks", "a: |\n".repeat(180_000)],
    ["long names", "a".repeat(900_000)],
    ["hyphens", "-".repeat(900_000)],
    ["loose BEGIN lines", "--BEGIN A KEY--\n".repeat(55_000)],
    ["loose END lines", "--END A KEY--\n".repeat(60_000)],
    ["words that could be labels", `-----BEGIN ${"A ".repeat(450_000)}`],
    ["SSH keys", `ssh-rsa ${"A".repeat(900_000)}`],
    ["lines of SSH keys", "ssh-rsa AAAAB3NzaC1yc2E=\n".repeat(36_000)],
    ["XML", `<RSAKeyValue>${"<Modulus".repeat(110_000)}`],
    ["empty objects of a set", `{"keys":[${"{},".repeat(299_000)}{}]}`],
    ["empty lists", `[${"[],".repeat(299_000)}[]]`],
    ["PEM texts in a list", `[${'"-----BEGIN A KEY-----aaaaaaaaaaaaaaaaaaaaa",'.repeat(9_000)}1]`],
    ["very many values in a list", `[${'"LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCk1JSUV2",'.repeat(20_000)}1]`],
  ])("a mebibyte of %s does not take quadratic time", async (_, content) => {
    await settled(bytes(content));
  });

  it("PBKDF2 with 10^9 rounds in an encrypted PKCS#8 key is refused before the passphrase is asked for", async () => {
    const locked = EC.privateKey.export({
      format: "der",
      type: "pkcs8",
      cipher: "aes-256-cbc",
      passphrase: "passphrase",
    });
    // INTEGER 2048 becomes INTEGER 10^9, which takes two bytes more.
    const hex = locked.toString("hex");
    expect(hex).toContain("02020800");
    const expensive = lengthened(Buffer.from(hex.replace("02020800", "02043b9aca00"), "hex"), 2);
    const attempt = tools.read(expensive, async () => {
      throw new Error("the passphrase was asked for");
    });
    expect((await refusal(attempt, "key_malformed")).message).toContain(
      "more key derivation than jwtctl spends",
    );
  });

  it("a passphrase of any length is wrong without being quoted", async () => {
    const lock = { cipher: "aes-256-cbc", passphrase: "passphrase" };
    const locked = EC.privateKey.export({ format: "pem", type: "pkcs8", ...lock }) as string;
    for (const secret of ["", "wrong", "nul\u0000inside", "long-passphrase".repeat(1000)]) {
      const error = await refusal(
        tools.read(bytes(locked), async () => secret),
        "passphrase_wrong",
      );
      expect(error.cause).toBeUndefined();
    }
  });
});

/** Adds to the lengths of the nested SEQUENCEs that enclose the iteration count of an EncryptedPrivateKeyInfo. */
function lengthened(der: Buffer, by: number): Buffer {
  const changed = Buffer.from(der);
  let at = 0;
  // EncryptedPrivateKeyInfo, AlgorithmIdentifier, then past the OID: parameters, key derivation, past its OID: its own.
  const steps = ["enter", "enter", "skip", "enter", "enter", "skip", "enter"];
  for (const step of steps) {
    const long = (changed[at + 1] ?? 0) >= 0x80;
    const header = long ? 3 : 2;
    const lengthAt = at + header - 1;
    if (step === "enter") {
      changed[lengthAt] = (changed[lengthAt] ?? 0) + by;
      at += header;
    } else {
      at += header + (changed[lengthAt] ?? 0);
    }
  }
  return changed;
}
