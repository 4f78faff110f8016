import type { Jwk } from "../../../core/jose/jwk.ts";
import type { ReadKeys } from "../../../core/jose/ports/crypto.ts";
import { foundKeys } from "../found.ts";
import { malformed } from "../refusals.ts";
import { privateRsa } from "./rsa-members.ts";
import { soundKey } from "./sound.ts";
import { publicNumbers, SshReader, scalarOf } from "./ssh-wire.ts";

/** A key of PuTTY (its documentation, appendix C), not under a passphrase. @throws AppError `key_malformed` */
export function keysFromPutty(text: string): ReadKeys {
  const lines = text.split(/\r?\n/);
  const header = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
  if (header("Encryption") !== "none") {
    throw malformed(
      "this is a PuTTY key under a passphrase",
      "Export it without one: puttygen FILE -O private-openssh -o key.pem (or in PuTTYgen: Conversions, Export OpenSSH key)",
    );
  }
  const publicReader = new SshReader(blob(lines, "Public-Lines"));
  const publicHalf = publicNumbers(publicReader.text(), publicReader);
  const secret = new SshReader(blob(lines, "Private-Lines"));
  return foundKeys("putty", [soundKey(privateKey(publicHalf, secret))]);
}

function blob(lines: readonly string[], name: string): Buffer {
  const at = lines.findIndex((line) => line.startsWith(`${name}: `));
  const count = Number(lines[at]?.slice(name.length + 2));
  const body = lines.slice(at + 1, at + 1 + count).join("");
  if (at < 0 || !(count > 0) || !/^[A-Za-z0-9+/]+={0,2}$/.test(body)) {
    throw malformed("this PuTTY key is damaged or cut off", "Copy the file again, whole");
  }
  return Buffer.from(body, "base64");
}

function privateKey(publicHalf: Jwk, secret: SshReader): Jwk {
  if (publicHalf.kty === "RSA") {
    const d = secret.number();
    const p = secret.number();
    const q = secret.number();
    return privateRsa(publicHalf, { d, p, q, qi: secret.number() });
  }
  const number = secret.string();
  if (publicHalf.kty === "EC") return { ...publicHalf, d: scalarOf(number, publicHalf.crv) };
  return { ...publicHalf, d: number.toString("base64url") };
}
