import type { Jwk } from "../../../core/jose/jwk.ts";
import { malformed } from "../refusals.ts";
import { privateRsa } from "./rsa-members.ts";
import { soundKey } from "./sound.ts";
import { publicNumbers, SshReader, scalarOf } from "./ssh-wire.ts";

const MAGIC = "openssh-key-v1\0";

/**
 * The private key in OpenSSH's own format (its file PROTOCOL.key), which is the only one it writes Ed25519 keys in.
 * @throws AppError `key_malformed`, also for an encrypted one; `key_unusable`
 */
export function keyFromOpenSsh(bytes: Uint8Array): Jwk {
  if (Buffer.from(bytes.subarray(0, MAGIC.length)).toString("latin1") !== MAGIC) {
    throw malformed(
      "this OpenSSH private key is damaged: its beginning is missing",
      "Copy the file again, whole",
    );
  }
  const outer = new SshReader(bytes, MAGIC.length);
  const cipher = outer.text();
  outer.string();
  outer.string();
  if (cipher !== "none") {
    throw malformed(
      "this is an OpenSSH private key under a passphrase",
      "Take the passphrase off a copy of it, then give the copy: cp FILE COPY && ssh-keygen -p -N '' -f COPY",
    );
  }
  const count = outer.uint32();
  if (count !== 1) throw malformed(`this OpenSSH file holds ${count} keys`, "Give a file with one key");
  outer.string();
  return privateKey(new SshReader(outer.string()));
}

function privateKey(inner: SshReader): Jwk {
  // Two equal numbers: a check that decryption came out right.
  const check = inner.uint32();
  if (inner.uint32() !== check) throw malformed("this OpenSSH private key is damaged");
  const type = inner.text();
  if (type === "ssh-rsa") {
    const n = inner.number();
    const e = inner.number();
    const d = inner.number();
    const qi = inner.number();
    const p = inner.number();
    return soundKey(privateRsa({ kty: "RSA", n, e }, { d, p, q: inner.number(), qi }));
  }
  const publicHalf = publicNumbers(type, inner);
  const secret = inner.string();
  if (publicHalf.kty === "EC") return soundKey({ ...publicHalf, d: scalarOf(secret, publicHalf.crv) });
  // The seed, and behind it the public half once more.
  const seed = secret.subarray(0, secret.length / 2);
  return soundKey({ ...publicHalf, d: seed.toString("base64url") });
}
