import { AppError } from "../../core/base/errors.ts";
import type { KeyEncoding } from "../../core/jose/ports/crypto.ts";

/** What the user said about the form of a key file. */
export interface EncodingChoice {
  /** The named form; undefined: by the file's name, or by the key. */
  readonly named: KeyEncoding | undefined;
  /** The file to write; undefined for stdout. */
  readonly file: string | undefined;
}

const ENCODING_OF_ENDING: Readonly<Record<string, KeyEncoding>> = {
  pem: "pem",
  der: "der",
  jwk: "jwk",
  json: "jwk",
};

/**
 * Chooses the form of a key file: the named one, else that of the file's ending, else PEM. A shared secret is always a
 * JWK, because PEM and DER have no form for it.
 *
 * @param isSecret whether the key is a shared secret (oct)
 * @throws AppError `usage` when the form was chosen and a secret cannot have it
 */
export function encodingFor({ named, file }: EncodingChoice, isSecret: boolean): KeyEncoding {
  const ending = file?.match(/\.([A-Za-z]+)$/)?.[1]?.toLowerCase() ?? "";
  const chosen = named ?? ENCODING_OF_ENDING[ending];
  if (!isSecret) return chosen ?? "pem";
  if (chosen === undefined || chosen === "jwk") return "jwk";
  const cause = named === undefined ? `, as the file's name asks (.${ending})` : "";
  throw new AppError("usage", `a shared secret (oct) cannot be written as ${chosen.toUpperCase()}${cause}`, {
    hints: [
      named === undefined ? "Name the file .jwk, or say --format jwk" : "Write it as a JWK: --format jwk",
    ],
  });
}
