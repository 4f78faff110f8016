import { AppError } from "../../../core/base/errors.ts";
import type { Jwk } from "../../../core/jose/jwk.ts";
import type { ReadKeys } from "../../../core/jose/ports/crypto.ts";
import { foundKeys } from "../found.ts";
import { malformed } from "../refusals.ts";
import { soundKey } from "./sound.ts";
import { publicNumbers, SshReader } from "./ssh-wire.ts";

/** A line of `id_x.pub`, `authorized_keys` or `known_hosts`: what may stand before the type is not looked at. */
const LINE =
  /(?:^|[ \t,])((?:ssh-(?:rsa|dss|ed25519|ed448)|ecdsa-sha2-nistp\d{3}|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com))[ \t]+([A-Za-z0-9+/]+={0,3})/;

export function looksLikeSshPublic(text: string): boolean {
  return (
    /^---- BEGIN SSH2 PUBLIC KEY/.test(text) ||
    LINE.test(firstLine(text)) ||
    /^AAAA[BCE][\w+/]{20}/.test(text)
  );
}

function firstLine(text: string): string {
  return text.split("\n", 20).find((line) => line.trim() !== "" && !line.startsWith("#")) ?? "";
}

const MAX_LINES = 10_000;

/** SSH public keys (RFC 4253 section 6.6), one a line, in RFC 4716 armour, or as bare base64. */
export function keysFromSshPublic(text: string): ReadKeys {
  const keys: Jwk[] = [];
  const notes: string[] = [];
  let first: AppError | undefined;
  for (const base64 of encodedKeys(text)) {
    try {
      keys.push(keyFromSshBytes(Buffer.from(base64, "base64")));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      first ??= error;
      notes.push(`an SSH key was left out: ${error.message}`);
    }
  }
  if (keys.length > 0) return foundKeys("openssh", keys, { notes });
  throw first ?? malformed("this SSH public key is damaged", "Copy the file again, whole");
}

function encodedKeys(text: string): readonly string[] {
  if (text.startsWith("---- BEGIN")) {
    // Headers may go on in the next line after a backslash (RFC 4716 section 3.3).
    const lines = text.replace(/\\\r?\n/g, "").split(/\r?\n/);
    return [lines.filter((line) => /^[A-Za-z0-9+/]+={0,2}$/.test(line.trim())).join("")];
  }
  if (/^AAAA\S*$/.test(text.replace(/\s+/g, ""))) return [text.replace(/\s+/g, "")];
  return text
    .split("\n", MAX_LINES)
    .flatMap((line) => (line.startsWith("#") ? [] : [LINE.exec(line)?.[2] ?? []]))
    .flat();
}

/** @throws AppError `key_malformed`, `key_unusable` */
export function keyFromSshBytes(bytes: Uint8Array): Jwk {
  const reader = new SshReader(bytes);
  return soundKey(publicNumbers(reader.text(), reader));
}
