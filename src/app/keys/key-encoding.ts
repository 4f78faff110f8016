import { AppError } from "../../core/base/errors.ts";
import type { KeyEncoding } from "../../core/jose/ports/crypto.ts";

/** In which form a key is to be written, as far as the user said. */
export interface EncodingChoice {
  /** Named outright; undefined: what the file's name says, or what suits the key. */
  readonly named: KeyEncoding | undefined;
  /** The file that is to be written; undefined for a pipe or the screen. */
  readonly file: string | undefined;
}

const ENCODING_OF_ENDING: Readonly<Record<string, KeyEncoding>> = {
  pem: "pem",
  der: "der",
  jwk: "jwk",
  json: "jwk",
};

/**
 * The form of a key file: the one that was named, else the one that the file's name ends in, else PEM. A shared secret
 * is a JWK: PEM and DER have no form for one.
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
