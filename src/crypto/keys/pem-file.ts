import type { X509Certificate } from "node:crypto";
import type { AppError } from "../../core/base/errors.ts";
import type { Jwk } from "../../core/jose/jwk.ts";
import type { KeyFormat, ReadKeys } from "../../core/jose/ports/crypto.ts";
import type { Finding } from "../../core/jose/token/finding.ts";
import { keyFromDer, keyFromLegacyPem } from "./asn1-key.ts";
import { afterRepair, foundKeys } from "./found.ts";
import { canSign, publicMaterial } from "./jwk-members.ts";
import type { KeyReader } from "./key-reader.ts";
import { type PemBlock, pemBlocks } from "./pem.ts";
import { malformed, unusable } from "./refusals.ts";

/** Said for every key that comes out of a certificate. */
export const CERTIFICATE_NOTE =
  "of the certificate only the key was used: its dates and issuer were not checked";

interface BlockKey {
  readonly format: KeyFormat;
  readonly jwk: Jwk;
  readonly certificate?: X509Certificate;
}

/**
 * The keys of a PEM file (RFC 7468), in file order: each key once, its private half when that is there too; of a
 * certificate chain the first, whose key it vouches for.
 * @throws AppError `key_malformed` when any block is damaged, `key_unusable` when none can be used, and what
 *   {@link keyFromDer} throws
 */
export async function keysFromPem(text: string, reader: KeyReader): Promise<ReadKeys> {
  const single = text.replace(/(-----BEGIN [^\r\n-]{1,64}-----)\s*\1/g, "$1");
  const repairs = layoutRepairs(text);
  if (single !== text) repairs.push({ code: "begin_twice", message: "the BEGIN line stood there twice" });
  const blocks = pemBlocks(single);
  const [only] = blocks;
  const inner = blocks.length === 1 && only !== undefined ? pemInside(only) : undefined;
  if (inner === undefined) return keysFromBlocks(blocks, repairs, reader);
  const repair = { code: "pem_in_pem", message: "the PEM block holds a whole PEM text once more" };
  return afterRepair(await reader.deeper().text(inner), ...repairs, repair);
}

/** The PEM text that somebody has put into another one. */
function pemInside({ bytes }: PemBlock): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 11)).toString("latin1");
  return start === "-----BEGIN " ? Buffer.from(bytes).toString("latin1") : undefined;
}

/** As {@link keysFromPem}, of blocks that are already taken apart. */
export async function keysFromBlocks(
  all: readonly PemBlock[],
  repairs: readonly Finding[],
  reader: KeyReader,
): Promise<ReadKeys> {
  const blocks = all.filter((block) => block.label !== "EC PARAMETERS");
  if (blocks.length === 0) throw malformed("this file has the parameters of a curve, but no key");
  const keys: BlockKey[] = [];
  const notes: string[] = [];
  const refusals: AppError[] = [];
  for (const [index, block] of blocks.entries()) {
    const outcome = await keyOfBlock(block, reader);
    if ("format" in outcome) {
      keys.push(outcome);
    } else {
      refusals.push(outcome);
      notes.push(`block ${index + 1} (${block.label}) was left out: ${outcome.message}`);
    }
  }
  const [firstRefusal] = refusals;
  const leaves = withoutChain(keys, notes);
  const distinct = eachOnce(leaves);
  const [first] = distinct;
  if (first === undefined) throw firstRefusal ?? unusable("this file holds no key");
  if (distinct.some((key) => key.certificate !== undefined)) notes.push(CERTIFICATE_NOTE);
  const leftOut = refusals.map(({ message }) => ({ kid: undefined, reason: message }));
  return foundKeys(
    first.format,
    distinct.map((key) => key.jwk),
    { notes, repairs, leftOut, ...certificatesOf(leaves) },
  );
}

function certificatesOf(keys: readonly BlockKey[]): { readonly certificates?: readonly Uint8Array[] } {
  const certificates = keys.flatMap(({ certificate }) =>
    certificate === undefined ? [] : [certificate.raw],
  );
  return certificates.length === 0 ? {} : { certificates };
}

/** A key, or why it is none that can be used; throws for a damaged one. */
async function keyOfBlock(block: PemBlock, reader: KeyReader): Promise<BlockKey | AppError> {
  try {
    const foreign = foreignBlock(block.label);
    if (foreign !== undefined) return foreign;
    if (block.label === "OPENSSH PRIVATE KEY") {
      const { keyFromOpenSsh } = await import("./foreign/openssh.ts");
      return { format: "openssh", jwk: keyFromOpenSsh(block.bytes) };
    }
    const { format, ...key } =
      block.legacyEncrypted === undefined
        ? await keyFromDer(block.bytes, reader)
        : await keyFromLegacyPem(block.legacyEncrypted, reader);
    return { ...key, format: `pem-${format}` };
  } catch (error) {
    if (isUnusable(error)) return error;
    throw error;
  }
}

/** Whether the refusal is of a whole key that cannot be used, as opposed to a damaged one. */
export function isUnusable(error: unknown): error is AppError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "key_unusable" || code === "algorithm_unsupported";
}

/** The refusal of PEM armour around something else than a key; undefined for a label of keys. */
export function foreignBlock(label: string): AppError | undefined {
  if (label.startsWith("PGP ")) {
    return malformed(
      "this is a PGP key or message, which JWTs are not signed with",
      "Make a key for JWTs with: jwtctl keys generate --no-store --out key.pem",
    );
  }
  if (/^(?:PKCS7|PKCS #7 SIGNED DATA|CMS)$/.test(label)) {
    return malformed(
      `a PEM block "${label}" holds no key, but certificates perhaps`,
      "Take its certificates out with: openssl pkcs7 -in FILE -print_certs -out certs.pem",
    );
  }
  if (/^(?:X509 CRL|(?:DH|DSA|X9\.42 DH) PARAMETERS)$/.test(label)) {
    return malformed(`a PEM block "${label}" holds no key`);
  }
  return undefined;
}

/** A private key and its certificate are one key, and so are two copies. The private half is kept. */
export function eachOnce<Key extends { readonly jwk: Jwk }>(keys: readonly Key[]): readonly Key[] {
  const byPublicHalf = new Map<string, Key>();
  for (const key of keys) {
    const id = JSON.stringify(publicMaterial(key.jwk));
    const seen = byPublicHalf.get(id);
    if (seen === undefined || (canSign(key.jwk) && !canSign(seen.jwk))) byPublicHalf.set(id, key);
  }
  return [...byPublicHalf.values()];
}

/** A chain stands leaf first, each certificate issued by the next (RFC 8446 section 4.4.2). */
function withoutChain(keys: readonly BlockKey[], notes: string[]): readonly BlockKey[] {
  let previous: X509Certificate | undefined;
  return keys.filter(({ certificate }) => {
    if (certificate === undefined) return true;
    const issuedPrevious = previous?.checkIssued(certificate) ?? false;
    previous = certificate;
    if (issuedPrevious) notes.push("a certificate that only vouches for the one before it was left out");
    return !issuedPrevious;
  });
}

/** A layout that is read here, and that OpenSSL and others may refuse. */
function layoutRepairs(text: string): Finding[] {
  const repairs: Finding[] = [];
  if (text.includes("\r")) repairs.push({ code: "line_ends", message: "the lines end as on Windows (CRLF)" });
  if (/^[ \t]+-----(?:BEGIN|END) /m.test(text)) {
    repairs.push({ code: "indented", message: "the lines of the PEM text are indented" });
  }
  if (/-----BEGIN [^\r\n-]{1,64}-----[ \t]*[^\s]/.test(text)) {
    repairs.push({ code: "line_breaks_missing", message: "the PEM text has no line breaks" });
  }
  return repairs;
}
