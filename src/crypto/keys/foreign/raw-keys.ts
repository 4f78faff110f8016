import { createPrivateKey, createPublicKey, ECDH } from "node:crypto";
import type { Jwk } from "../../../core/jose/jwk.ts";
import type { ReadKeys } from "../../../core/jose/ports/crypto.ts";
import { notAKeyBytes } from "../foreign-files.ts";
import { foundKeys } from "../found.ts";
import { ECDH_CURVES } from "../member-fault.ts";
import { malformed } from "../refusals.ts";
import { coseKey } from "./cose-key.ts";
import { keyFromOpenSsh } from "./openssh.ts";
import { soundKey } from "./sound.ts";
import { keyFromSshBytes } from "./ssh-public.ts";
import { pointOf } from "./ssh-wire.ts";

/** The size of a coordinate, in bytes, and the curves that have it. */
const POINT_CURVES: readonly (readonly [size: number, curves: readonly string[]])[] = [
  [32, ["P-256", "secp256k1"]],
  [48, ["P-384"]],
  [66, ["P-521"]],
];

/**
 * A key without any structure around it: a point of an elliptic curve (as Web Push has it), an Ed25519 pair as libsodium
 * keeps it, or SSH's own encoding. Only what proves itself is taken: 32 bytes could be anything, secrets too.
 * @throws AppError `key_malformed`
 */
export function keysFromRawBytes(bytes: Uint8Array): ReadKeys {
  const start = Buffer.from(bytes.subarray(0, 24)).toString("latin1");
  if (start.startsWith("openssh-key-v1\0")) return foundKeys("openssh", [keyFromOpenSsh(bytes)]);
  if (/^\0\0\0[\x07-\x22](?:ssh-|ecdsa-sha2-)/.test(start))
    return foundKeys("openssh", [keyFromSshBytes(bytes)]);
  const cose = coseKey(bytes);
  if (cose !== undefined) return named(cose, "a COSE key (CBOR), as WebAuthn has it");
  const point = rawPoint(bytes);
  if (point !== undefined) return named(point, `a raw point on ${point.crv}, as Web Push has it`);
  const pair = bytes.length === 64 ? ed25519Pair(bytes) : undefined;
  if (pair !== undefined)
    return named(pair, "a raw Ed25519 pair (seed and public half), as libsodium keeps it");
  if (bytes.length === 32) throw thirtyTwoBytes();
  throw notAKeyBytes(bytes);
}

function named(jwk: Jwk, what: string): ReadKeys {
  return foundKeys("raw", [soundKey(jwk)], { repairs: [{ code: "raw_key", message: `the key is ${what}` }] });
}

/** A point that lies on exactly one of the curves of its size (SEC 1 section 2.3.4), compressed or not. */
function rawPoint(bytes: Uint8Array): Jwk | undefined {
  const [form = 0] = bytes;
  const size = form === 4 ? (bytes.length - 1) / 2 : form === 2 || form === 3 ? bytes.length - 1 : 0;
  const [, curves = []] = POINT_CURVES.find(([each]) => each === size) ?? [];
  const fitting = curves.flatMap((crv) => {
    try {
      const whole = ECDH.convertKey(bytes, ECDH_CURVES[crv] ?? "", undefined, undefined, "uncompressed");
      const jwk = { kty: "EC", crv, ...pointOf(whole as Buffer, size) };
      createPublicKey({ key: jwk, format: "jwk" });
      return [jwk];
    } catch {
      return [];
    }
  });
  if (fitting.length > 1) {
    throw malformed(
      `these ${bytes.length} bytes are a compressed point, and it lies on ${fitting.map(({ crv }) => crv).join(" and on ")}`,
      "Give the point in its uncompressed form (65 bytes that begin with 04), or the key as JWK or PEM",
    );
  }
  return fitting[0];
}

/** PKCS#8 up to the seed of an Ed25519 key (RFC 8410 section 7). */
const ED25519_PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

function ed25519Pair(bytes: Uint8Array): Jwk | undefined {
  const key = Buffer.concat([ED25519_PKCS8, bytes.subarray(0, 32)]);
  const jwk = createPrivateKey({ key, format: "der", type: "pkcs8" }).export({ format: "jwk" }) as Jwk;
  return jwk.x === Buffer.from(bytes.subarray(32)).toString("base64url") ? jwk : undefined;
}

/** Said without the bytes themselves: they may be a secret. */
function thirtyTwoBytes(): Error {
  return malformed(
    "these 32 bytes could be a raw Ed25519 public key, a private one, or a shared secret: nothing in them tells",
    `A public key in base64 becomes a JWK with: printf '{"kty":"OKP","crv":"Ed25519","x":"%s"}' "$(tr '+/' '-_' < FILE | tr -d '=\\n')" > key.jwk`,
    "A private key in base64 becomes DER with: (printf '\\060\\056\\002\\001\\000\\060\\005\\006\\003\\053\\145\\160\\004\\042\\004\\040'; base64 -d FILE) > key.der",
    "A shared secret is given with --secret b64:@FILE, or hex:@FILE, where a command has it",
  );
}
