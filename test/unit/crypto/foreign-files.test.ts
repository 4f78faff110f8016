import { describe, expect, it } from "vitest";
import { createKeyTools } from "../../../src/crypto/key-tools.ts";
import { bytes, countingRandom, keyPair, pemBlock, refusal } from "./support.ts";
import { rfc7515 } from "./vectors.ts";

const tools = createKeyTools(countingRandom());
const read = (content: string | Uint8Array) =>
  tools.read(typeof content === "string" ? bytes(content) : content, async () => "passphrase");

const EC = keyPair("ES256");

describe("files that are no key are named for what they are", () => {
  it.each<[string, string | Uint8Array, string]>([
    ["an empty file", "", "the key file is empty"],
    ["a blank file", " \r\n\t\n", "the key file is empty"],
    ["an HTML page", "<!DOCTYPE html>\n<html><body>Sign in</body></html>", "an HTML or XML page"],
    ["an XML error", '<?xml version="1.0"?><Error/>', "an HTML or XML page"],
    ["a token", rfc7515.examples[0]?.compact ?? "", "a token (JWT), not a key"],
    ["a token as a header value", `Bearer ${rfc7515.examples[0]?.compact}`, "a token (JWT), not a key"],
    [
      "a PGP key",
      "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQ==\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----",
      "PGP",
    ],
    ["a PuTTY key", "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none", "PuTTY key is damaged"],
    ["a Java keystore", Buffer.from("feedfeed00000002", "hex"), "a Java keystore"],
    ["plain text", "hello world", "neither a JWK nor PEM nor DER"],
    ["a hexadecimal secret", "deadbeef".repeat(8), "could be a raw Ed25519 public key"],
    ["binary bytes", Buffer.from([0, 1, 2, 3, 255]), "neither DER nor text"],
    ["a revocation list", pemBlock("X509 CRL", "0"), 'a PEM block "X509 CRL" holds no key'],
  ])("%s", async (_, content, message) => {
    const error = await refusal(read(content), "key_malformed");
    expect(error.message).toContain(message);
    expect(error.hints.join(" ")).not.toContain("undefined");
  });

  it.each<[string, string, string]>([
    ["a JSON array", '["a","b"]', "a JSON array without a key in it"],
    ["an object that is no JWK", '{"a":1}', 'neither a JWK (no "kty") nor a key set (no "keys")'],
    ["a server's metadata", '{"jwks_uri":"https://x/jwks"}', "a server's metadata"],
    ["a JWE in JSON form", '{"ciphertext":"x","iv":"y"}', "a JWE in its JSON form"],
    ["JSON that is cut off", '{"kty":"EC",\n "crv":', "not whole JSON"],
    ["JSON with something after it", '{"kty":"oct","k":"YQ"} x', "(line 1, column 24)"],
  ])("%s", async (_, content, message) => {
    expect((await refusal(read(content), "key_malformed")).message).toContain(message);
  });

  it("a certificate request", async () => {
    // The outer form of PKCS#10: version 0, a name, a key, attributes; then an algorithm and a signature.
    const spki = EC.publicKey.export({ format: "der", type: "spki" });
    const inner = Buffer.concat([Buffer.from("0201003000", "hex"), spki, Buffer.from("a000", "hex")]);
    const body = Buffer.concat([Buffer.of(0x30, inner.length), inner]);
    const rest = Buffer.concat([
      Buffer.from("300a06082a8648ce3d040302", "hex"),
      Buffer.from("03020000", "hex"),
    ]);
    const csr = Buffer.concat([Buffer.of(0x30, 0x81, body.length + rest.length), body, rest]);
    const error = await refusal(read(pemBlock("CERTIFICATE REQUEST", csr)), "key_unusable");
    expect(error.message).toContain("a certificate request");
  });

  it("a PKCS#12 container", async () => {
    // Version 3, then a ContentInfo of type data.
    const p12 = Buffer.from("3010020103300b06092a864886f70d010701", "hex");
    expect((await refusal(read(p12), "key_unusable")).message).toContain("PKCS#12");
  });
});
