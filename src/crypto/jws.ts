import { AppError } from "../core/base/errors.ts";
import { ALGORITHM_TRAITS, type JwsAlgorithm, signsWith } from "../core/jose/algorithms.ts";
import type { Jws } from "../core/jose/ports/crypto.ts";
import { hmacPrimitive } from "./signatures/hmac.ts";
import { josePrimitive } from "./signatures/jose.ts";
import { keyObjectPrimitive } from "./signatures/key-object.ts";
import { requireFit, type SignaturePrimitive, signatureLength } from "./signatures/primitive.ts";

/**
 * Makes and verifies JWS signatures over exactly the given bytes (RFC 7515 section 5). There is no policy here: callers
 * decide the algorithm, the key size and the header. The primitive depends on `alg` alone.
 */
export function createJws(): Jws {
  return {
    async sign({ header, payload, alg, key }) {
      requireFit(alg, key, "sign");
      if (!signsWith(alg)) throw notSignedWith(alg);
      const signingInput = `${base64Url(Buffer.from(header, "utf8"))}.${base64Url(payload)}`;
      const signature = await primitiveOf(alg).sign(alg, key, Buffer.from(signingInput, "latin1"));
      return `${signingInput}.${base64Url(signature)}`;
    },

    async verify({ signingInput, signingBytes, signature, alg, key }) {
      requireFit(alg, key, "verify");
      const input = signingBytes ?? Buffer.from(signingInput, "utf8");
      const isRight = await primitiveOf(alg).verify(alg, key, input, signature);
      return isRight && signature.length === (signatureLength(alg, key) ?? signature.length);
    },
  };
}

function notSignedWith(alg: JwsAlgorithm): AppError {
  return new AppError("algorithm_unsupported", `jwtctl verifies ${alg}, but signs nothing with it`, {
    hints: ["Sign with another key: jwtctl keys generate --no-store --out key.pem makes one for ES256"],
    data: { alg },
  });
}

function primitiveOf(alg: JwsAlgorithm): SignaturePrimitive {
  // Web Cryptography has no secp256k1.
  if (alg === "ES256K") return keyObjectPrimitive;
  switch (ALGORITHM_TRAITS[alg].family) {
    case "hmac":
      return hmacPrimitive;
    case "eddsa":
    case "ml-dsa":
      return keyObjectPrimitive;
    default:
      return josePrimitive;
  }
}

function base64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64url");
}
