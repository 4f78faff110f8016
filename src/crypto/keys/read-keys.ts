import { AppError } from "../../core/base/errors.ts";
import { readJson } from "../../core/base/json/read.ts";
import type { ReadKeys } from "../../core/jose/ports/crypto.ts";
import { type AskPassphrase, keyFromDer, type Opening } from "./asn1-key.ts";
import { derStructure } from "./der-kinds.ts";
import { keysFromJwe } from "./encrypted-jwk.ts";
import { afterRepair, foundKeys } from "./found.ts";
import { brokenJson, keysFromJson } from "./jwk-file.ts";
import type { KeyPurpose } from "./jwk-shape.ts";
import { type KeyReader, MAX_LAYERS } from "./key-reader.ts";
import { fullBudget } from "./passphrase-cost.ts";
import { looksLikePem } from "./pem.ts";
import { CERTIFICATE_NOTE, keysFromPem } from "./pem-file.ts";
import { malformed } from "./refusals.ts";
import { textOf } from "./text-of.ts";

/** No key file is larger, and a larger one would only cost time. */
export const MAX_KEY_FILE_BYTES = 1024 * 1024;

const COMPACT_JWE = /^eyJ[\w-]*(?:\.[\w-]*){4}$/;

/**
 * Recognises a key file by its content, never by its name: JWK, JWK Set, PEM, DER, or a JWE of a JWK, in whatever people
 * have wrapped it.
 * @throws AppError `key_malformed`, `key_unusable`, `passphrase_wrong`, `input_required`, `algorithm_unsupported`,
 *   `input_too_large`
 */
export async function readKeys(
  bytes: Uint8Array,
  ask: AskPassphrase,
  purpose: KeyPurpose = "signature",
): Promise<ReadKeys> {
  if (bytes.length > MAX_KEY_FILE_BYTES) {
    throw new AppError("input_too_large", "the key file is larger than 1 MiB", {
      hints: ["Check that this is the key file"],
    });
  }
  return createReader({ ask, budget: fullBudget(), purpose }, 0).bytes(bytes);
}

function createReader(opening: Opening, depth: number): KeyReader {
  const reader: KeyReader = {
    ...opening,
    depth,
    bytes: (content) => keysFromBytes(content, reader),
    text: (content) => keysFromText(content, reader),
    deeper: () => createReader(opening, depth + 1),
  };
  return reader;
}

async function keysFromBytes(bytes: Uint8Array, reader: KeyReader): Promise<ReadKeys> {
  const decoded = textOf(bytes);
  if (decoded !== undefined) return afterRepair(await keysFromText(decoded.text, reader), ...decoded.repairs);
  if (bytes[0] !== 0x30 || isBare(bytes))
    return (await import("./foreign/raw-keys.ts")).keysFromRawBytes(bytes);
  const { format, jwk, certificate } = await keyFromDer(bytes, reader);
  if (certificate === undefined) return foundKeys(`der-${format}`, [jwk]);
  return foundKeys("der-certificate", [jwk], { notes: [CERTIFICATE_NOTE], certificates: [certificate.raw] });
}

/** Bytes of an Ed25519 key or a secret can begin as DER does, by chance. */
function isBare(bytes: Uint8Array): boolean {
  return (bytes.length === 32 || bytes.length === 64) && derStructure(bytes) === undefined;
}

/** What stands there as it should is read at once; for all else what takes layers off is loaded. */
async function keysFromText(content: string, reader: KeyReader): Promise<ReadKeys> {
  const text = content.trim();
  if (reader.depth > MAX_LAYERS) throw malformed(`the key is wrapped in more than ${MAX_LAYERS} layers`);
  if (text === "") throw malformed("the key file is empty", "Check what is written to it");
  let fault: AppError | undefined;
  if (/^[{["]/.test(text)) {
    const reading = readJson(text);
    if (reading.ok) return keysFromJson(reading, reader);
    fault = brokenJson(text, reading);
  }
  if (looksLikePem(text) && !text.includes("\\")) {
    try {
      return await keysFromPem(text, reader);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "key_malformed") throw error;
      fault = error;
    }
  }
  if (COMPACT_JWE.test(text)) return keysFromJwe(text, reader);
  const { unwrappedKeys } = await import("./wrapping/unwrap.ts");
  return unwrappedKeys(text, reader, fault);
}
