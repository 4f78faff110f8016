import type { Jwk } from "../../../core/jose/jwk.ts";
import { malformed, unusable } from "../refusals.ts";

/** Reads SSH's own encoding (RFC 4251 section 5): lengths of four bytes before everything. */
export class SshReader {
  private readonly bytes: Buffer;
  private at: number;

  constructor(bytes: Uint8Array, start = 0) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = start;
  }

  /** @throws AppError `key_malformed` when fewer bytes are left */
  take(length: number): Buffer {
    if (length < 0 || this.at + length > this.bytes.length) {
      throw malformed(
        `this SSH public or private key is cut off: ${this.at + length - this.bytes.length} bytes are missing`,
        "Copy the file again, whole",
      );
    }
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  uint32(): number {
    return this.take(4).readUInt32BE(0);
  }

  string(): Buffer {
    return this.take(this.uint32());
  }

  text(): string {
    return this.string().toString("latin1");
  }

  /** A number as a JWK has it: big-endian without the zero byte that keeps it positive. */
  number(): string {
    const bytes = this.string();
    const start = bytes.findIndex((byte) => byte !== 0);
    return (start < 0 ? Buffer.alloc(1) : bytes.subarray(start)).toString("base64url");
  }
}

/** The curves of RFC 5656 as a JWK names them, with the size of a coordinate in bytes. */
const CURVES: Readonly<Record<string, readonly [crv: string, size: number]>> = {
  nistp256: ["P-256", 32],
  nistp384: ["P-384", 48],
  nistp521: ["P-521", 66],
};

/** The public numbers that follow a key type's name (RFC 4253 section 6.6, RFC 5656 section 3.1, RFC 8709 section 4). */
export function publicNumbers(type: string, reader: SshReader): Jwk {
  if (type === "ssh-ed25519") return { kty: "OKP", crv: "Ed25519", x: reader.string().toString("base64url") };
  if (type === "ssh-ed448") return { kty: "OKP", crv: "Ed448", x: reader.string().toString("base64url") };
  if (type === "ssh-rsa") {
    const e = reader.number();
    return { kty: "RSA", n: reader.number(), e };
  }
  const curve = CURVES[/^ecdsa-sha2-(nistp\d+)$/.exec(type)?.[1] ?? ""];
  if (curve === undefined) throw foreignType(type);
  reader.string();
  return { kty: "EC", crv: curve[0], ...pointOf(reader.string(), curve[1]) };
}

/** The coordinates of an uncompressed point (SEC 1 section 2.3.3). */
export function pointOf(point: Uint8Array, size: number): { x: string; y: string } {
  if (point[0] !== 4 || point.length !== 1 + 2 * size) throw malformed("the point of this EC key is damaged");
  const bytes = Buffer.from(point);
  return {
    x: bytes.subarray(1, 1 + size).toString("base64url"),
    y: bytes.subarray(1 + size).toString("base64url"),
  };
}

/** The private number of a curve in its full length. */
export function scalarOf(number: Uint8Array, crv: string | undefined): string {
  const size = Object.values(CURVES).find(([name]) => name === crv)?.[1] ?? number.length;
  const start = Math.max(0, number.length - size);
  const bytes = Buffer.alloc(size);
  Buffer.from(number.subarray(start)).copy(bytes, size - (number.length - start));
  return bytes.toString("base64url");
}

function foreignType(type: string): Error {
  if (type.startsWith("sk-")) {
    return unusable(
      "this is an SSH key on a security key (FIDO), which signs only what SSH asks for",
      "Give a key that signs by itself: jwtctl keys generate --no-store --out key.pem makes one",
    );
  }
  if (type === "ssh-dss") return unusable("this is a DSA key, which JWS has no algorithm for");
  return unusable(`jwtctl does not know SSH keys of the type "${type.slice(0, 40)}"`);
}
