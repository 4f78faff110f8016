import { createPublicKey } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Jwk } from "../../../src/core/jose/jwk.ts";
import { createKeyTools } from "../../../src/crypto/key-tools.ts";
import { bytes, countingRandom, keyPair, publicJwk, refusal } from "./support.ts";

const tools = createKeyTools(countingRandom());
const read = (content: string | Uint8Array) =>
  tools.read(typeof content === "string" ? bytes(content) : content);

const { privateKey } = keyPair("RS256");
const JWK = privateKey.export({ format: "jwk" }) as Jwk;
const PEM = privateKey.export({ format: "pem", type: "pkcs8" }) as string;
const SET = JSON.stringify({ keys: [{ ...JWK, kid: "k1" }] });

const base64 = (text: string | Uint8Array) => Buffer.from(text).toString("base64");
const base64url = (text: string) => Buffer.from(text).toString("base64url");
const wrapped = (text: string, width = 76) => text.replace(new RegExp(`.{1,${width}}`, "g"), "$&\n");
const utf16be = (text: string) => Buffer.from(text, "utf16le").swap16();
const entities = (text: string, pattern: RegExp) => text.replace(pattern, (c) => `&#${c.charCodeAt(0)};`);

describe("what is wrapped around a PEM text is taken off, and each layer is reported", () => {
  it.each<[string, string | Uint8Array, readonly string[]]>([
    ["base64", base64(PEM), ["base64"]],
    ["base64url", base64url(PEM), ["base64"]],
    ["base64 in lines of 76", wrapped(base64(PEM)), ["base64"]],
    ["base64 in lines of 64 with CRLF", wrapped(base64(PEM), 64).replaceAll("\n", "\r\n"), ["base64"]],
    ["base64 of base64", base64(base64(PEM)), ["base64", "base64"]],
    ["base64 of UTF-16", base64(Buffer.from(`\ufeff${PEM}`, "utf16le")), ["base64", "utf16"]],
    ["hexadecimal", Buffer.from(PEM).toString("hex"), ["hexadecimal"]],
    ["a data URL", `data:application/x-pem-file;base64,${base64(PEM)}`, ["scheme", "base64"]],
    ["double quotes", `"${base64(PEM)}"`, ["json_string", "base64"]],
    ["single quotes", `'${PEM}'`, []],
    ["single quotes around base64", `'${base64(PEM)}'`, ["quotes", "base64"]],
    ["typographic quotes around base64", `\u201c${base64(PEM)}\u201d`, ["quotes", "base64"]],
    ["a JSON string", JSON.stringify(PEM), ["json_string"]],
    ["a JSON string in a JSON string", JSON.stringify(JSON.stringify(PEM)), ["json_string", "json_string"]],
    ["escapes written once", PEM.replaceAll("\n", "\\n"), ["escaped"]],
    ["escapes written twice", PEM.replaceAll("\n", "\\\\n"), ["escaped_twice"]],
    ["escaped CRLF", PEM.replaceAll("\n", "\\r\\n"), ["escaped"]],
    ["escaped solidus and Unicode", PEM.replaceAll("/", "\\/").replaceAll("+", "\\u002b"), ["escaped"]],
    ["lines that end in a backslash", PEM.replaceAll("\n", "\\\n"), ["escaped"]],
    ["percent-encoding", encodeURIComponent(PEM), ["percent_encoding"]],
    ["form encoding", new URLSearchParams({ k: PEM }).toString().slice(2), ["form_encoding"]],
    ["a form field", new URLSearchParams({ k: PEM }).toString(), ["variable", "form_encoding"]],
    ["HTML references", entities(PEM, /[+/=]/g), ["html"]],
    ["HTML with line breaks", PEM.replaceAll("\n", "<br/>\n"), ["html"]],
    ["HTML references for line breaks", PEM.replaceAll("\n", "&#10;"), ["html"]],
    ["UTF-16 little endian without a mark", Buffer.from(PEM, "utf16le"), ["utf16"]],
    ["UTF-16 big endian", utf16be(`\ufeff${PEM}`), ["utf16"]],
    ["UTF-16 big endian without a mark", utf16be(PEM), ["utf16"]],
    ["a NUL at the end", `${PEM}\0`, []],
    ["an en dash for each two hyphens", PEM.replaceAll("-----", "\u2013\u2013-"), ["pem_armour"]],
    ["en dashes", PEM.replaceAll("-----", "\u2013\u2013\u2013"), ["pem_armour"]],
    ["em dashes", PEM.replaceAll("-----", "\u2014\u2014-"), ["pem_armour"]],
    [
      "dashes of Windows-1252",
      Buffer.from(PEM.replaceAll("-----", "\u0096\u0096-"), "latin1"),
      ["windows_1252", "pem_armour"],
    ],
    ["non-breaking spaces", PEM.replaceAll(" ", "\u00a0"), ["invisible_characters"]],
    ["zero-width spaces", PEM.replaceAll("\n", "\u200b\n"), ["invisible_characters"]],
    ["a mail's quotation", PEM.trim().replace(/^/gm, "> "), ["line_prefix"]],
    ["comment marks", PEM.trim().replace(/^/gm, "# "), ["line_prefix"]],
    ["a Markdown fence", `\`\`\`json\n${SET}\n\`\`\``, ["code_fence"]],
    [
      "string literals",
      PEM.trim()
        .split("\n")
        .map((line) => `  "${line}\\n"`)
        .join(" +\n"),
      ["literals", "escaped"],
    ],
    ["the base64 of DER alone", PEM.replace(/-----.*-----/g, ""), ["base64"]],
    [
      "the base64 of DER in base64url",
      base64url(privateKey.export({ format: "der", type: "pkcs8" }) as unknown as string),
      ["base64"],
    ],
    [
      "DER in hexadecimal",
      privateKey.export({ format: "der", type: "pkcs8" }).toString("hex"),
      ["hexadecimal"],
    ],
  ])("%s", async (_, content, codes) => {
    const { keys, repairs } = await read(content);
    expect(keys.map(({ kid, ...key }) => key)).toEqual([JWK]);
    expect(repairs.map(({ code }) => code)).toEqual(codes);
  });
});

describe("what is wrapped around a JWK Set is taken off", () => {
  it.each<[string, string | Uint8Array]>([
    ["base64", base64(SET)],
    ["base64url", base64url(SET)],
    ["escaped quotes", SET.replaceAll('"', '\\"')],
    ["quotes escaped twice", SET.replaceAll('"', '\\\\"')],
    ["HTML references", SET.replaceAll('"', "&quot;")],
    ["percent-encoding", encodeURIComponent(SET)],
    ["a byte order mark", `\ufeff${SET}`],
    ["UTF-16", utf16be(`\ufeff${SET}`)],
    ["single quotes", `'${SET}'`],
    ["a JSON string", JSON.stringify(SET)],
  ])("%s", async (_, content) => {
    const { keys, repairs } = await read(content);
    expect(keys).toEqual([{ ...JWK, kid: "k1" }]);
    expect(repairs.length).toBeGreaterThan(0);
  });
});

describe("files of variables", () => {
  const value = base64(PEM);
  const block = (indent: string) => wrapped(value).trimEnd().replace(/^/gm, indent);

  it.each<[string, string]>([
    ["an environment file", `# keys\nPORT=80\nPRIVATE_KEY=${value}\nDEBUG=1\n`],
    ["export and quotes", `export PRIVATE_KEY="${value}"\n`],
    ["PowerShell", `$env:PRIVATE_KEY = '${value}'\r\n`],
    ["a Dockerfile", `FROM x\nENV PRIVATE_KEY=${value}\n`],
    ["a Kubernetes Secret", `apiVersion: v1\nkind: Secret\ntype: Opaque\ndata:\n  tls.key: ${value}\n`],
    ["a Secret in quotes", `data:\n  tls.key: "${value}"\n`],
    ["a Secret with a block", `data:\n  tls.key: |\n${block("    ")}\n  other: eA==\n`],
    ["a Secret with a folded block", `data:\n  tls.key: >-\n${block("    ")}\nkind: Secret\n`],
    ["a list of variables in YAML", `env:\n  - name: A\n    value: b\n  - KEY: ${value}\n`],
    ["Java properties", `signing.key = ${value}\n`],
    ["TOML", `[jwt]\nkey = "${value}"\n`],
    ["Terraform", `key = <<EOF\n${wrapped(value)}EOF\nother = 1\n`],
    ["JavaScript", `const privateKey = \`${value}\`;\n`],
    ["a JWK in a variable", `JWK='${JSON.stringify(JWK)}'\n`],
    ["a JWK with escaped quotes", `JWK="${JSON.stringify(JWK).replaceAll('"', '\\"')}"\n`],
    ["a PEM text with line breaks", `KEY="${PEM}"\nB=1\n`],
    ["a PEM text on one line", `KEY="${PEM.replaceAll("\n", "\\n")}"\nB=1\n`],
    ["a PEM text on one line, escaped twice", `KEY="${PEM.replaceAll("\n", "\\\\n")}"\n`],
  ])("%s", async (_, content) => {
    expect((await read(content)).keys).toEqual([JWK]);
  });

  it("the public and the private half in two variables are one key; two keys are two", async () => {
    const other = keyPair("ES256").publicKey;
    const half = base64(privateKeyToPublicPem());
    const more = base64(other.export({ format: "pem", type: "spki" }) as string);
    const { keys, repairs } = await read(`PUB=${half}\nKEY=${value}\nOTHER=${more}\n`);
    expect(keys).toEqual([JWK, other.export({ format: "jwk" })]);
    expect(repairs[0]?.message).toBe('the key was read from the variables "PUB", "KEY", "OTHER"');
  });

  it("none of the values is a key", async () => {
    const error = await refusal(read(`SECRET=${"s3cr3t-".repeat(10)}\nPORT=80\n`), "key_malformed");
    expect(error.message).toBe("this file sets variables, and no value in it is a key");
    expect(JSON.stringify(error)).not.toContain("s3cr3t");
  });

  it("a damaged key in a variable is named for its damage", async () => {
    const cut = base64(PEM.slice(0, 800));
    expect((await refusal(read(`KEY=${cut}\n`), "key_malformed")).message).toContain("is cut off");
  });
});

function privateKeyToPublicPem(): string {
  return keyPemOf(publicJwk(JWK));
}

function keyPemOf(jwk: Jwk): string {
  return createPublicKey({ key: { ...jwk }, format: "jwk" }).export({
    format: "pem",
    type: "spki",
  }) as string;
}

describe("what is no key at all is named for what it is", () => {
  it.each<[string, string]>([
    [`SHA256:${base64(Buffer.alloc(32, 7)).slice(0, 43)}`, "fingerprint"],
    [`2048 SHA256:${base64(Buffer.alloc(32, 7)).slice(0, 43)} me@host (RSA)`, "fingerprint"],
    [`MD5:${"ab:".repeat(15)}cd`, "fingerprint"],
    [`${"ab:".repeat(19)}cd`, "fingerprint"],
    ["undefined", "had no value"],
    ["null", "had no value"],
    ["[object Object]", "had no value"],
    [`$\{PRIVATE_KEY}`, "placeholder"],
    ["{{ .Values.key }}", "placeholder"],
    ["%PRIVATE_KEY%", "placeholder"],
    ["YOUR_PRIVATE_KEY_HERE", "placeholder"],
    ["https://issuer.example/jwks", "an address"],
    ["/etc/keys/private.pem", "the name of a file"],
    ["-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----", "is an example"],
    ["-----BEGIN PRIVATE KEY-----\n<your key here>\n-----END PRIVATE KEY-----", "is an example"],
  ])("%s", async (content, message) => {
    expect((await refusal(read(content), "key_malformed")).message).toContain(message);
  });

  it("layers without end are refused", async () => {
    let text = PEM;
    for (let layer = 0; layer < 9; layer++) text = base64(text);
    expect((await refusal(read(text), "key_malformed")).message).toContain("more than 6 layers");
  });
});
