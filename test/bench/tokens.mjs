// Tokens to measure with: each another one, signed for itself.
import { generateKeyPairSync, sign } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scratch } from "./measure.mjs";

const segment = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const HEADER = segment({ alg: "ES256", typ: "JWT", kid: "2026-03" });
const PAYLOAD_BYTES = 200;

export function es256Token(privateKey, claims) {
  const input = `${HEADER}.${segment(claims)}`;
  const signature = sign("sha256", Buffer.from(input), { key: privateKey, dsaEncoding: "ieee-p1363" });
  return `${input}.${signature.toString("base64url")}`;
}

/** Claims as access tokens have them, of 200 bytes as JSON. */
export function claimsOf(number) {
  const claims = {
    iss: "https://auth.example.com/",
    sub: `user-${number}@example.com`,
    aud: ["https://api.example.com/orders"],
    iat: 1_700_000_000,
    exp: 4_000_000_000,
    jti: String(number).padStart(12, "0"),
    scope: "",
  };
  const missing = PAYLOAD_BYTES - JSON.stringify(claims).length;
  return { ...claims, scope: "read:orders ".repeat(9).slice(0, Math.max(0, missing)) };
}

/** A file of so many distinct tokens, one a line, and the public key they verify with (PEM, without a kid). */
export async function tokenFile(count) {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const keyFile = join(scratch(), `key-${count}.pem`);
  writeFileSync(keyFile, publicKey.export({ type: "spki", format: "pem" }));
  const file = join(scratch(), `tokens-${count}`);
  const stream = createWriteStream(file);
  for (let number = 0; number < count; number++) {
    if (!stream.write(`${es256Token(privateKey, claimsOf(number))}\n`)) await once(stream, "drain");
  }
  stream.end();
  await once(stream, "finish");
  return { file, keyFile };
}
