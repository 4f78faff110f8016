import { createPublicKey, X509Certificate } from "node:crypto";
import { JsonObject, type JsonValue, jsonFrom } from "../../../core/base/json/value.ts";
import { derStructure } from "../der-kinds.ts";
import { type KeyPurpose, type ShapedJwk, shapeOf } from "../jwk-shape.ts";
import { malformed } from "../refusals.ts";

/**
 * A public key that stands in `x5c` alone (RFC 7517 section 4.7), or in an SPKI that somebody put there. The chain is not
 * checked: whoever gives the file is trusted, and not the certificate.
 * @throws AppError `key_malformed` when what stands there is no key
 */
export function fromCertificate(object: JsonObject, purpose: KeyPurpose): ShapedJwk {
  const chain = object.get("x5c");
  const first: JsonValue | undefined = Array.isArray(chain) ? chain[0] : chain;
  if (typeof first !== "string") return shapeOf(object, purpose);
  const { material, what } = keyIn(Buffer.from(first.replace(/-----[^-]*-----|\s/g, ""), "base64"));
  const kty = object.get("kty");
  if (typeof kty === "string" && kty !== "" && material.get("kty") !== kty) {
    throw malformed(`the key says "kty": "${kty.slice(0, 20)}", but x5c holds another type of key`);
  }
  const metadata = object.members.filter(([name]) => ["kid", "alg", "use", "key_ops"].includes(name));
  const { jwk, notes } = shapeOf(new JsonObject([...material.members, ...metadata]), purpose);
  const note = `the key stands only in x5c and was taken from the ${what} there, which was not checked`;
  return { jwk, notes: [...notes, note] };
}

function keyIn(der: Buffer): { material: JsonObject; what: string } {
  const isCertificate = derStructure(der)?.kind === "certificate";
  try {
    const key = isCertificate
      ? new X509Certificate(der).publicKey
      : createPublicKey({ key: der, format: "der", type: "spki" });
    const material = jsonFrom(key.export({ format: "jwk" }));
    if (material instanceof JsonObject) {
      return { material, what: isCertificate ? "certificate" : "public key (SPKI)" };
    }
  } catch {
    // Told below: OpenSSL's own words help nobody.
  }
  throw malformed(
    "the key stands only in x5c, and what is there is neither a certificate nor a public key in base64",
    "Publish the key's own members beside x5c: n and e, or crv, x and y (RFC 7517 section 4.7)",
  );
}
