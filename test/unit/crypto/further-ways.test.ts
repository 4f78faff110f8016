import { createECDH, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Jwk } from "../../../src/core/jose/jwk.ts";
import { createKeyTools } from "../../../src/crypto/key-tools.ts";
import { bytes, countingRandom, keyPair, refusal } from "./support.ts";

const tools = createKeyTools(countingRandom());
const read = (content: string | Uint8Array) =>
  tools.read(typeof content === "string" ? bytes(content) : content);
const tried = async (content: string | Uint8Array) => {
  const { keys, repairs } = await read(content);
  return { keys, codes: repairs.map(({ code }) => code) };
};

const { privateKey, publicKey } = keyPair("ES256");
const PRIVATE = privateKey.export({ format: "jwk" }) as Jwk;
const PUBLIC = publicKey.export({ format: "jwk" }) as Jwk;
const PEM = privateKey.export({ format: "pem", type: "pkcs8" }) as string;
const LINES = PEM.trim().split("\n");
const decoded = (text: unknown) => Buffer.from(String(text), "base64url");

describe("keys of COSE and Web Push", () => {
  const ec = (start: string) =>
    Buffer.concat([
      Buffer.from(start, "hex"),
      decoded(PUBLIC.x),
      Buffer.from("225820", "hex"),
      decoded(PUBLIC.y),
    ]);
  const credential = ec("a5010203262001215820");
  it.each<[string, string | Uint8Array]>([
    ["as bytes", credential],
    ["in hexadecimal", credential.toString("hex")],
    ["in base64", credential.toString("base64")],
    ["in base64url", credential.toString("base64url")],
  ])("a public key of WebAuthn %s", async (_, content) => {
    expect((await tried(content)).keys).toEqual([{ ...PUBLIC, alg: "ES256" }]);
  });

  it("Ed25519, with a kid and its private half", async () => {
    const pair = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
    const parts = [
      "a6",
      "0101",
      "0243",
      Buffer.from("k-1").toString("hex"),
      "0327",
      "2006",
      "215820",
      decoded(pair.x).toString("hex"),
    ];
    const content = Buffer.from([...parts, "235820", decoded(pair.d).toString("hex")].join(""), "hex");
    expect((await tried(content)).keys).toEqual([{ ...pair, kid: "k-1", alg: "EdDSA" }]);
  });

  it("a cut one, and one with something behind it, are none", async () => {
    await refusal(read(credential.subarray(0, -1)), "key_malformed");
    await refusal(read(Buffer.concat([credential, Buffer.alloc(1)])), "key_malformed");
  });

  const point = Buffer.concat([Buffer.of(4), decoded(PUBLIC.x), decoded(PUBLIC.y)]).toString("base64url");
  it.each<[string, string]>([
    ["as JSON", JSON.stringify({ publicKey: point, privateKey: PRIVATE.d })],
    [
      "as JSON in JSON",
      JSON.stringify({ subject: "mailto:a@b.example", vapid: { public: point, private: PRIVATE.d } }),
    ],
    ["as its tool prints it", `\n=====\n\nPublic Key:\n${point}\n\nPrivate Key:\n${PRIVATE.d}\n\n=====\n`],
    ["as variables", `VAPID_PUBLIC_KEY=${point}\nVAPID_PRIVATE_KEY=${PRIVATE.d}\n`],
  ])("a VAPID pair %s is proven by its halves", async (_, content) => {
    expect((await tried(content)).keys).toEqual([PRIVATE]);
  });

  it("halves of two pairs are no pair: the point alone is a key", async () => {
    const other = createECDH("prime256v1");
    other.generateKeys();
    const number = other.getPrivateKey().toString("base64url").padStart(43, "A");
    expect((await tried(`VAPID_PUBLIC_KEY=${point}\nVAPID_PRIVATE_KEY=${number}\n`)).keys).toEqual([PUBLIC]);
  });
});

/** Each line with what stands before it. */
const numbered = (write: (line: string, at: number) => string) => LINES.map(write).join("\n");

/** The lines as literals of source code, each with its escaped line break. */
const concatenated = (quote: string, sign: string) =>
  LINES.map((line) => `${quote}${line}\\n${quote}`).join(sign);

describe("further ways in which PEM comes along", () => {
  const der = Buffer.from(LINES.slice(1, -1).join(""), "base64");
  it.each<[string, string | Uint8Array, string | undefined]>([
    [
      "quoted-printable",
      PEM.replaceAll("=", "=3D").replace(/^(.{40})(.+)$/gm, "$1=\n$2"),
      "quoted_printable",
    ],
    ["line numbers", LINES.map((line, index) => `${index + 1}  ${line}`).join("\n"), "line_numbers"],
    [
      "cat -n",
      LINES.map((line, index) => `${String(index + 1).padStart(6)}\t${line}`).join("\n"),
      "line_numbers",
    ],
    ["line numbers of an excerpt", numbered((line, at) => `${at + 41}  ${line}`), "line_numbers"],
    ["line numbers and colons", numbered((line, at) => `${at + 1}:${line}`), "line_numbers"],
    ["line numbers from 0", numbered((line, at) => `${at} ${line}`), "line_numbers"],
    ["line numbers and a rule", numbered((line, at) => `   ${at + 1}   \u2502 ${line}`), "line_numbers"],
    ["Java", `String key = ${concatenated('"', " +\n")};`, "literals"],
    ["Java, the sign before the line", `String key =\n${concatenated('"', "\n    + ")};`, "literals"],
    ["JavaScript", `const key = ${concatenated("'", " +\n  ")};\nmodule.exports = key;\n`, "literals"],
    ["C", `static const char key[] =\n${concatenated('"', "\n")};\n`, "literals"],
    ["Python", `KEY = (\n${concatenated('"', "\n    ")}\n)\n`, "literals"],
    ["PHP", `<?php $key = ${concatenated('"', " .\n")};`, "literals"],
    ["one line of source code", concatenated('"', " + "), "literals"],
    ["cat -A", PEM.replaceAll("\n", "$\n"), "line_ends_shown"],
    ["cat -A of CRLF", PEM.replaceAll("\n", "^M$\n"), "line_ends_shown"],
    ["a diff", PEM.trim().replace(/^/gm, "+"), "line_prefix"],
    [
      "PEM in PEM",
      `-----BEGIN PRIVATE KEY-----\n${Buffer.from(PEM).toString("base64")}\n-----END PRIVATE KEY-----\n`,
      "pem_in_pem",
    ],
    ["two BEGIN lines", PEM.replace(/^.*\n/, "$&$&"), "begin_twice"],
    ["curl -i", `HTTP/2 200\ncontent-type: text/plain\n\n${PEM}`, undefined],
    ["a script", `cat > key.pem <<'EOF'\n${PEM}EOF\nchmod 600 key.pem\n`, undefined],
    [
      "Bag Attributes",
      `Bag Attributes\n    localKeyID: 54 69\nKey Attributes: <No Attributes>\n${PEM}`,
      undefined,
    ],
    ["blanks for line breaks", PEM.replaceAll("\n", " "), "line_breaks_missing"],
    ["the wrong label", PEM.replaceAll("PRIVATE KEY", "EC PRIVATE KEY"), undefined],
    ["two labels", PEM.replace("END PRIVATE", "END EC PRIVATE"), undefined],
    [
      "a Secret as JSON",
      JSON.stringify({ kind: "Secret", data: { key: Buffer.from(PEM).toString("base64") } }),
      "json_member",
    ],
    [
      "docker-compose",
      `services:\n  api:\n    environment:\n      - JWT_KEY=${PEM.replaceAll("\n", "\\n")}\n`,
      "variable",
    ],
    ["continued lines", `jwt.key=${PEM.trim().replaceAll("\n", "\\n\\\n    ")}\nother=1\n`, "escaped"],
    [
      "AWS Secrets Manager",
      JSON.stringify({ SecretString: JSON.stringify({ private_key: PEM }) }),
      "json_member",
    ],
    ["DER as an array of bytes", der.toString("hex").replace(/../g, "0x$&, "), "hexadecimal"],
    ["DER with blanks", der.toString("hex").replace(/../g, "$& "), "hexadecimal"],
  ])("%s", async (_, content, code) => {
    const { keys, codes } = await tried(content);
    expect(keys).toEqual([PRIVATE]);
    if (code !== undefined) expect(codes).toContain(code);
  });

  it("two keys in one source are two", async () => {
    const second = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey;
    const text = second.export({ format: "pem", type: "spki" }) as string;
    const literals = text
      .trim()
      .split("\n")
      .map((line) => `"${line}\\n"`)
      .join(" +\n");
    const source = `String a = ${concatenated('"', " +\n")};\nString b = ${literals};\n`;
    expect((await tried(source)).keys).toEqual([PRIVATE, second.export({ format: "jwk" })]);
  });

  it("two keys with nothing between them are two", async () => {
    const other = publicKey.export({ format: "pem", type: "spki" }) as string;
    const third = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey;
    const content = PEM.trim() + other.trim() + (third.export({ format: "pem", type: "spki" }) as string);
    expect((await tried(content)).keys).toEqual([PRIVATE, third.export({ format: "jwk" })]);
  });
});

describe("what is plainly another thing is named, with what to do", () => {
  it.each<[string, string | Uint8Array, string, string]>([
    ["a DID", "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", "did:key", "publicKeyJwk"],
    ["age", `AGE-SECRET-KEY-1${"Q".repeat(58)}`, "a key of age", "keys generate"],
    [
      "minisign",
      "untrusted comment: minisign public key\nRWQf6LRCGA9i53mlYecO4Iz\n",
      "minisign",
      "keys generate",
    ],
    [
      "WireGuard",
      "[Interface]\nPrivateKey = yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=\n",
      "WireGuard",
      "keys generate",
    ],
    ["Ansible Vault", "$ANSIBLE_VAULT;1.1;AES256\n6231336539\n", "Ansible Vault", "ansible-vault view"],
    ["SOPS", "key: ENC[AES256_GCM,data:abc,iv:x,tag:y,type:str]\n", "SOPS", "sops -d"],
    [
      "a sealed secret",
      "kind: SealedSecret\nspec:\n  encryptedData:\n    key: AgBy3i4O\n",
      "sealed secret",
      "kubectl get secret",
    ],
    [
      "Git LFS",
      "version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 1704\n",
      "Git LFS",
      "git lfs pull",
    ],
    [
      "git-crypt",
      Buffer.concat([Buffer.from("\0GITCRYPT\0"), Buffer.alloc(40, 7)]),
      "git-crypt",
      "git-crypt unlock",
    ],
    [
      "openssl -text",
      "Public-Key: (2048 bit)\nModulus:\n    00:c1:22\n",
      "describes it (-text)",
      "openssl pkey",
    ],
    ["a hexadecimal listing", "00000000: 3082 04bd 0201 0030 0d06 092a  0......\n", "listing", "xxd -r"],
  ])("%s", async (_, content, message, hint) => {
    const refused = await refusal(read(content), "key_malformed");
    expect(refused.message).toContain(message);
    expect(refused.hints.join("\n")).toContain(hint);
  });

  it("an Ed25519 pair that begins as DER does is no damaged DER", async () => {
    for (;;) {
      const pair = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
      const seed = decoded(pair.d);
      if (seed[0] !== 0x30) continue;
      expect((await tried(Buffer.concat([seed, decoded(pair.x)]))).keys).toEqual([pair]);
      return;
    }
  });
});
