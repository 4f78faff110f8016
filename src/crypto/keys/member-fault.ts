import { createECDH, createPublicKey } from "node:crypto";
import { encodeBase64Url } from "../../core/base/base64url.ts";
import type { AppError } from "../../core/base/errors.ts";
import type { JsonObject } from "../../core/base/json/value.ts";
import { counted } from "../../core/base/text/wording.ts";
import { malformed } from "./refusals.ts";

/** A member of a JWK whose bytes are too few or too many for the curve. */
export interface MisfitMember {
  readonly object: JsonObject;
  readonly name: string;
  readonly value: string;
  readonly bytes: Uint8Array;
  /** The curve or parameter set. */
  readonly named: string;
  /** In bytes. */
  readonly size: number;
}

/** OpenSSL's names of the curves of JWKs of the type EC (RFC 7518 section 6.2.1.1, RFC 8812 section 3). */
export const ECDH_CURVES: Readonly<Record<string, string>> = {
  "P-256": "prime256v1",
  "P-384": "secp384r1",
  "P-521": "secp521r1",
  secp256k1: "secp256k1",
};

/** Names what made a member too short or too long, where undoing it proves that: then the key is whole. */
export function misfit(member: MisfitMember): AppError {
  const { name, value, bytes, named, size } = member;
  const has = `"${name}" has ${counted(bytes.length, "byte")} where ${named} takes ${size}`;
  const mended = named in ECDH_CURVES ? inFullLength(bytes, size) : undefined;
  if (mended !== undefined && isProven(member, mended)) {
    const what =
      bytes.length < size
        ? `dropped the leading ${bytes.length === size - 1 ? "zero" : "zeros"}`
        : "put a zero byte before it";
    const undone = bytes.length < size ? "with it" : "without it";
    const proof = name === "d" ? `${undone} the two halves fit` : `${undone} the point is on the curve`;
    const meanwhile = name === "d" ? "" : `; meanwhile write "${name}": "${encodeBase64Url(mended)}"`;
    return malformed(
      `${has}: the software that wrote it ${what} (${proof})`,
      `Whoever made the key file has to write all ${size} bytes (RFC 7518 section 6.2)${meanwhile}`,
    );
  }
  const lost = Math.ceil((size * 4) / 3) - value.length;
  if (lost > 0 && lost <= 3) {
    return malformed(
      `"${name}" has ${value.length} characters, and the ${size} bytes of ${named} take ${value.length + lost}: ${counted(lost, "character was", "characters were")} lost`,
      "Copy the key again, whole",
    );
  }
  return malformed(has);
}

/** A number in the curve's full length, with zeros before it, or without those that are too many. */
function inFullLength(bytes: Uint8Array, size: number): Buffer | undefined {
  if (bytes.length > size) {
    const zeros = bytes.subarray(0, bytes.length - size);
    return zeros.every((byte) => byte === 0) ? Buffer.from(bytes.subarray(zeros.length)) : undefined;
  }
  return Buffer.concat([Buffer.alloc(size - bytes.length), bytes]);
}

function isProven({ object, name, named, size }: MisfitMember, mended: Buffer): boolean {
  const number = (member: string) => {
    const text = object.get(member);
    return typeof text === "string" ? inFullLength(Buffer.from(text, "base64url"), size) : undefined;
  };
  const x = name === "x" ? mended : number("x");
  const y = name === "y" ? mended : number("y");
  if (x === undefined || y === undefined) return false;
  try {
    if (name === "d") {
      const ecdh = createECDH(ECDH_CURVES[named] ?? "");
      ecdh.setPrivateKey(mended);
      return ecdh.getPublicKey().equals(Buffer.concat([Buffer.of(4), x, y]));
    }
    const jwk = { kty: "EC", crv: named, x: x.toString("base64url"), y: y.toString("base64url") };
    createPublicKey({ key: jwk, format: "jwk" });
    return true;
  } catch {
    return false;
  }
}

/** The longest part of a text in place of a number that is quoted. */
const QUOTED = 50;

/**
 * A modulus that is readable text: a program that had no key wrote a message in its place, as Istio's pilot does.
 * Undefined for a number.
 */
export function textForNumber(name: string, bytes: Uint8Array): AppError | undefined {
  if (bytes.length < 16 || !bytes.every((byte) => byte >= 0x20 && byte < 0x7f)) return undefined;
  const text = Buffer.from(bytes).toString("latin1");
  const shown = text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text;
  const istio = text.includes("FailedToFetchJwks");
  return malformed(
    `"${name}" is the text "${shown}", not a number: ${
      istio
        ? "istiod could not fetch the issuer's keys and wrote this in their place"
        : "something wrote it in place of a key"
    }`,
    istio
      ? "Check the issuer and jwksUri of the RequestAuthentication, and whether istiod reaches that address"
      : "Look at what publishes the key, and fetch it again",
  );
}
