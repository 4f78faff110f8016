import { AppError } from "../../core/base/errors.ts";
import type { ReadKeys } from "../../core/jose/ports/crypto.ts";
import { type AskPassphrase, keyFromDer } from "./asn1-key.ts";
import { derStructure } from "./der-kinds.ts";
import { keysFromJwe } from "./encrypted-jwk.ts";
import { notAKeyBytes, notAKeyText } from "./foreign-files.ts";
import { keysFromJson } from "./jwk-file.ts";
import { looksLikePem } from "./pem.ts";
import { CERTIFICATE_NOTE, keysFromPem } from "./pem-file.ts";
import { malformed } from "./refusals.ts";

/** No key file is larger, and a larger one would only cost time. */
export const MAX_KEY_FILE_BYTES = 1024 * 1024;

const COMPACT_JWE = /^eyJ[\w-]*(?:\.[\w-]*){4}$/;

/**
 * Recognises a key file by its content, never by its name: JWK, JWK Set, PEM, DER, or a JWE of a JWK.
 * @throws AppError `key_malformed`, `key_unusable`, `passphrase_wrong`, `input_required`, `algorithm_unsupported`,
 *   `input_too_large`
 */
export async function readKeys(bytes: Uint8Array, ask: AskPassphrase): Promise<ReadKeys> {
  if (bytes.length > MAX_KEY_FILE_BYTES) {
    throw new AppError("input_too_large", "the key file is larger than 1 MiB", {
      hints: ["Check that this is the key file"],
    });
  }
  const decoded = textOf(bytes);
  if (decoded === undefined) return bytes[0] === 0x30 ? keysFromDer(bytes, ask) : refuse(notAKeyBytes(bytes));
  const text = decoded.trim();
  if (text === "") throw malformed("the key file is empty", "Check what is written to it");
  if (text.startsWith("{") || text.startsWith("[")) return keysFromJson(text);
  if (looksLikePem(text)) return keysFromPem(withLineBreaks(text), ask);
  if (COMPACT_JWE.test(text)) return keysFromJwe(text, ask);
  const der = bareBase64(text);
  if (der === undefined) throw notAKeyText(text);
  const { notes, ...read } = await keysFromDer(der, ask);
  return { ...read, notes: ["the file is the base64 of DER without BEGIN and END lines", ...notes] };
}

async function keysFromDer(bytes: Uint8Array, ask: AskPassphrase): Promise<ReadKeys> {
  const { format, jwk } = await keyFromDer(bytes, ask);
  return { format: `der-${format}`, keys: [jwk], notes: format === "certificate" ? [CERTIFICATE_NOTE] : [] };
}

/** The text, or undefined for binary content. PowerShell's `>` writes UTF-16 with a byte order mark. */
function textOf(bytes: Uint8Array): string | undefined {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  try {
    const text = new TextDecoder(utf16 ? "utf-16le" : "utf-8", { fatal: true }).decode(bytes);
    return /[\u0000-\u0008\u000e-\u001f\u007f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Environment files write the line breaks of a PEM text as `\n`. */
function withLineBreaks(text: string): string {
  return text.replaceAll("\\r", "").replaceAll("\\n", "\n");
}

/** Some consoles show a public key as the base64 of its DER alone. */
function bareBase64(text: string): Uint8Array | undefined {
  const joined = text.replace(/\s+/g, "");
  if (!/^M[A-Za-z0-9+/]+={0,2}$/.test(joined)) return undefined;
  const bytes = Buffer.from(joined, "base64");
  const structure = derStructure(bytes);
  return structure === undefined || structure.kind === "unknown" ? undefined : bytes;
}

function refuse(error: AppError): never {
  throw error;
}
