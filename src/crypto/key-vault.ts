import type { KdfCosts, KeyVault } from "../core/authority/ports/crypto.ts";
import { AppError } from "../core/base/errors.ts";
import { readJson } from "../core/base/json/read.ts";
import { JsonObject } from "../core/base/json/value.ts";
import type { Jwk } from "../core/jose/jwk.ts";
import type { KeyTools } from "../core/jose/ports/crypto.ts";
import { KDF_COSTS } from "./kdf-costs.ts";
import { headerFault, jweHeader, SEALING } from "./keys/jwe-header.ts";
import { requireSound } from "./keys/key-material.ts";
import { passphraseBytes } from "./keys/passphrase.ts";

/**
 * Seals and opens private keys at rest: JWE with PBES2-HS512+A256KW and A256GCM, 600,000 rounds, the passphrase in NFC.
 *
 * The store is not trusted: the header of a sealed key is checked before the key derivation, and the opened key must
 * have the kid of its row, so that rows cannot exchange private halves.
 */
export function createKeyVault(
  tools: Pick<KeyTools, "thumbprint">,
  { rounds }: Pick<KdfCosts, "rounds"> = KDF_COSTS,
): KeyVault {
  return {
    async seal(jwk, passphrase) {
      if (jwk.kty === "oct" && jwk.kid === undefined) {
        throw new TypeError("an HMAC secret is sealed with its kid, the only thing that ties it to its row");
      }
      const plaintext = new TextEncoder().encode(JSON.stringify(jwk));
      const { sealJwe } = await import("./keys/pbes2-jwe.ts");
      return { form: "encrypted", jwe: await sealJwe(plaintext, passphraseBytes(passphrase), rounds) };
    },

    async open(material, kid, passphrase) {
      const jwk = material.form === "plain" ? material.jwk : await unseal(material.jwe, kid, passphrase);
      // The thumbprint of a secret must not be shown; its kid is sealed with it instead.
      const inside = jwk.kty === "oct" ? jwk.kid : await tools.thumbprint(jwk).catch(() => undefined);
      if (inside !== kid) throw corrupt(kid, "what is kept as its private half belongs to another key");
      if (material.form === "plain" && !isUndamaged(jwk)) throw corrupt(kid, "its private half is damaged");
      return jwk;
    },

    async isPublicHalfOf(jwk, kid) {
      return (await tools.thumbprint(jwk).catch(() => undefined)) === kid && isUndamaged(jwk);
    },
  };
}

async function unseal(jwe: string, kid: string, passphrase: string | undefined): Promise<Jwk> {
  const header = jweHeader(jwe);
  if (header === undefined) throw corrupt(kid, "the header of its sealed private half is damaged");
  const fault = headerFault(header, [SEALING.alg]);
  if (fault !== undefined) throw corrupt(kid, `of its sealed private half, ${fault}`);
  if (header.get("enc") !== SEALING.enc || header.get("cty") !== "jwk+json") {
    throw corrupt(kid, `its sealed private half is not a JWK under ${SEALING.enc}`);
  }
  if (passphrase === undefined) {
    throw new AppError("input_required", "the private keys of this store are under a passphrase", {
      hints: ["Give the passphrase with --passphrase-file FILE"],
    });
  }
  const { openJwe } = await import("./keys/pbes2-jwe.ts");
  const opening = await openJwe(jwe, passphraseBytes(passphrase));
  if (opening.ok) return jwkOf(opening.plaintext, kid);
  if (opening.fault === "damaged") throw corrupt(kid, "its sealed private half is damaged");
  throw new AppError("passphrase_wrong", "wrong passphrase", {
    hints: ["Give the store's present passphrase; a damaged key fails in the same way"],
    data: { kid },
  });
}

/** Whether a key in the clear is undamaged; a sealed one is authenticated by its encryption. */
function isUndamaged(jwk: Jwk): boolean {
  try {
    requireSound(jwk);
    return true;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.code === "algorithm_unsupported";
  }
}

function jwkOf(plaintext: Uint8Array, kid: string): Jwk {
  const reading = readJson(new TextDecoder().decode(plaintext));
  if (reading.ok && reading.duplicates.length === 0 && reading.value instanceof JsonObject) {
    const jwk = Object.fromEntries(reading.value.members);
    if (typeof jwk["kty"] === "string") return { ...jwk, kty: jwk["kty"] };
  }
  throw corrupt(kid, "its sealed private half is not a JWK");
}

function corrupt(kid: string, reason: string): AppError {
  return new AppError("store_corrupt", `the store does not hold the key "${kid}" whole: ${reason}`, {
    hints: ["Restore the store from a backup, or rotate to a new key with: jwtctl keys rotate"],
    data: { kid },
  });
}
