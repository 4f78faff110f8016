import type { ReadKeys } from "../../core/jose/ports/crypto.ts";
import { headerFault, jweHeader, MAX_P2C, PASSPHRASE_ALGORITHMS, SEALING } from "./jwe-header.ts";
import type { KeyReader } from "./key-reader.ts";
import { askPassphrase, passphraseSpellings, wrongPassphrase } from "./passphrase.ts";
import { malformed, unusable } from "./refusals.ts";

/**
 * The keys inside a JWE under a passphrase (RFC 7517 section 7), a JWK or a set.
 * @throws AppError `passphrase_wrong`, `input_required`, `key_malformed`, `key_unusable`
 */
export async function keysFromJwe(jwe: string, reader: KeyReader): Promise<ReadKeys> {
  const header = jweHeader(jwe);
  if (header === undefined)
    throw malformed("the header of this JWE is damaged", "Copy the file again, whole");
  const fault = headerFault(header, PASSPHRASE_ALGORITHMS);
  if (fault !== undefined) {
    throw unusable(
      `this JWE is not a key under a passphrase that jwtctl opens: ${fault}`,
      `Encrypt the key again where it comes from, with ${SEALING.alg} and at most ${MAX_P2C} rounds`,
    );
  }
  const passphrase = await askPassphrase(reader.ask);
  const { openJwe } = await import("./pbes2-jwe.ts");
  for (const spelling of passphraseSpellings(passphrase)) {
    const opening = await openJwe(jwe, new TextEncoder().encode(spelling));
    if (opening.ok) return { ...(await reader.deeper().text(utf8(opening.plaintext))), format: "jwe" };
    if (opening.fault === "damaged") throw malformed("this JWE is damaged", "Copy the file again, whole");
  }
  throw wrongPassphrase();
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw malformed("what this JWE holds is not a JWK");
  }
}
