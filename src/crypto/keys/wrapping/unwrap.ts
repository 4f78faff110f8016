import { AppError } from "../../../core/base/errors.ts";
import type { ReadKeys } from "../../../core/jose/ports/crypto.ts";
import { derStructure } from "../der-kinds.ts";
import { coseKey } from "../foreign/cose-key.ts";
import { foreignText } from "../foreign/foreign-text.ts";
import { webPushPair } from "../foreign/web-push-pair.ts";
import { mistakenForKey, notAKeyText } from "../foreign-files.ts";
import { afterRepair } from "../found.ts";
import type { KeyReader } from "../key-reader.ts";
import { textOf } from "../text-of.ts";
import { looksLikeAssignments } from "./assignments.ts";
import { asStrictJson } from "./loose-json.ts";
import { looksLikeLoosePem } from "./pem-mending.ts";
import { undoOne } from "./undo.ts";

/**
 * The keys of a text that is none in one of the plain forms: takes off what stands around them, layer by layer, each
 * reported as a repair.
 *
 * @param fault why the text is not the plain form that it resembles
 * @throws AppError `fault`, or what says best what the text is
 */
export async function unwrappedKeys(
  text: string,
  reader: KeyReader,
  fault: AppError | undefined,
): Promise<ReadKeys> {
  const foreign = await foreignText(text, reader);
  if (foreign !== undefined) return foreign;
  const pair = webPushPair(text);
  if (pair !== undefined) return pair;
  const mistaken = mistakenForKey(text);
  if (mistaken !== undefined) throw mistaken;
  let refused = fault;
  if (looksLikeAssignments(text)) {
    const { keysOfVariables } = await import("./variables.ts");
    const variables = await keysOfVariables(text, reader);
    if (!(variables instanceof AppError)) return variables;
    refused ??= variables;
  }
  const undone = undoOne(text) ?? asStrictJson(text);
  if (undone !== undefined) return afterRepair(await reader.deeper().text(undone.text), undone.repair);
  if (looksLikeLoosePem(text)) {
    const { mendedPem } = await import("./mended-pem.ts");
    return mendedPem(text, reader, refused);
  }
  const encoded = decodedText(text);
  if (encoded !== undefined) {
    const { bytes, code } = encoded;
    const inner = await reader.deeper().bytes(bytes);
    return afterRepair(inner, { code, message: ENCODED[code](what(bytes)) });
  }
  throw refused ?? notAKeyText();
}

const ENCODED = {
  base64: (content: string) => `the file is the base64 of ${content}`,
  hexadecimal: (content: string) => `the file is ${content} in hexadecimal`,
} as const;

function what(bytes: Uint8Array): string {
  if (derStructure(bytes) !== undefined) return "DER without BEGIN and END lines";
  const text = textOf(bytes)?.text.trimStart();
  if (text === undefined) return "a bare key";
  if (text.includes("-----BEGIN ")) return "a PEM text";
  return /^[{[]/.test(text) ? "a JSON text" : "another text";
}

const FEWEST_CHARACTERS = 40;

/** Bytes that were written in hexadecimal or base64 (either alphabet, wrapped or not) and could be a key. */
function decodedText(text: string): { bytes: Uint8Array; code: keyof typeof ENCODED } | undefined {
  const joined = text.replace(/\s+/g, "");
  if (joined.length < FEWEST_CHARACTERS) return undefined;
  const digits = joined.replace(/0x|\\x|[:,;]/gi, "");
  if (/^[0-9A-Fa-f]+$/.test(digits) && digits.length % 2 === 0) {
    const bytes = Buffer.from(digits, "hex");
    if (isKeyMaterial(bytes)) return { bytes, code: "hexadecimal" };
  }
  if (!/^[A-Za-z0-9+/_-]+={0,3}$/.test(joined)) return undefined;
  const bytes = Buffer.from(joined, "base64");
  return isKeyMaterial(bytes) ? { bytes, code: "base64" } : undefined;
}

/** Sizes of keys without any structure: Ed25519 (32, 64), EC points (33 to 133), in bytes. */
const BARE_SIZES: ReadonlySet<number> = new Set([32, 33, 49, 57, 64, 65, 67, 97, 133]);

function isKeyMaterial(bytes: Uint8Array): boolean {
  const text = textOf(bytes)?.text.trim();
  if (text !== undefined && text !== "") {
    return /^[{["]|BEGIN|^[A-Za-z0-9+/_=\s-]{40,}$|^(?:ssh-|ecdsa-)|^</.test(text);
  }
  return BARE_SIZES.has(bytes.length) || isStructured(bytes);
}

/** DER of a key, a COSE key, SSH's own form, or DER that was cut off. */
function isStructured(bytes: Uint8Array): boolean {
  if (bytes[0] === 0x30) return bytes.length > 32;
  if (bytes[1] === 0x01 && coseKey(bytes) !== undefined) return true;
  const start = Buffer.from(bytes.subarray(0, 24)).toString("latin1");
  return start.startsWith("openssh-key-v1\0") || /^\0\0\0[\x07-\x22](?:ssh-|ecdsa-sha2-)/.test(start);
}
