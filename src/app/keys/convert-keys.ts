import { AppError } from "../../core/base/errors.ts";
import { hasPrivateMember, type Jwk } from "../../core/jose/jwk.ts";
import type { KeyEncoding, KeyTools } from "../../core/jose/ports/crypto.ts";
import { type EncodingChoice, encodingFor } from "./key-encoding.ts";

export interface ConvertInput {
  readonly keys: readonly Jwk[];
  /** The kid of the key that is meant; undefined: all. */
  readonly kid: string | undefined;
  /** Write only the public halves. */
  readonly publicOnly: boolean;
  readonly encoding: EncodingChoice;
  /** Encrypts a private key; undefined: it is written as it is. */
  readonly passphrase: string | undefined;
}

export interface ConvertedKeys {
  readonly encoding: KeyEncoding;
  readonly half: "public" | "private";
  readonly encrypted: boolean;
  readonly keys: number;
  readonly content: Uint8Array;
}

/**
 * Writes the keys of a file in another form: several as a JWK Set or as PEM blocks one after the other.
 * @throws AppError `key_unusable`, `key_ambiguous` for a form that holds only one key, `no_matching_key`, `usage`
 */
export async function convertKeys(
  input: ConvertInput,
  keyTools: Pick<KeyTools, "publicOf" | "writePublic" | "writePrivate">,
): Promise<ConvertedKeys> {
  const keys = chosenKeys(input);
  const isPrivate = !input.publicOnly && keys.some(hasPrivateMember);
  const encoding = encodingFor(input.encoding, !input.publicOnly && keys.some(({ kty }) => kty === "oct"));
  const encrypted = isPrivate && input.passphrase !== undefined;
  if (keys.length > 1 && (encoding === "der" || encrypted)) {
    throw new AppError("key_ambiguous", `the file holds ${keys.length} keys, and this form holds one`, {
      hints: [
        `Choose one with --kid, or write them as PEM or JWK${encrypted ? ", without a passphrase" : ""}`,
      ],
    });
  }
  const parts: Uint8Array[] = [];
  for (const key of keys) {
    parts.push(
      input.publicOnly || !hasPrivateMember(key)
        ? await keyTools.writePublic(key, encoding)
        : await keyTools.writePrivate(key, encoding, input.passphrase),
    );
  }
  const half = isPrivate ? "private" : "public";
  return { encoding, half, encrypted, keys: keys.length, content: together(parts, encoding) };
}

function chosenKeys({ keys, kid }: ConvertInput): readonly Jwk[] {
  if (kid === undefined) return keys;
  const named = keys.filter((key) => key.kid === kid);
  if (named.length > 0) return named;
  const kids = keys.map((key) => key.kid ?? "(without a kid)");
  throw new AppError("no_matching_key", `the file has no key with the kid "${kid}"`, {
    hints: [`Its kids are: ${kids.slice(0, 10).join(", ")}`],
  });
}

/** Several files as one: PEM blocks follow each other, JWKs make a set (RFC 7517 section 5). */
function together(parts: readonly Uint8Array[], encoding: KeyEncoding): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const texts = parts.map((part) => new TextDecoder().decode(part));
  if (encoding === "pem") return new TextEncoder().encode(texts.join(""));
  const keys = texts.map((text) => text.trim().replace(/^/gm, "    ")).join(",\n");
  return new TextEncoder().encode(`{\n  "keys": [\n${keys}\n  ]\n}\n`);
}
