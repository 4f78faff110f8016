import type { X509Certificate } from "node:crypto";
import type { AppError } from "../../core/base/errors.ts";
import type { KeyFormat, ReadKeys } from "../../core/jose/ports/crypto.ts";
import { type AskPassphrase, type Asn1Key, keyFromDer, keyFromLegacyPem } from "./asn1-key.ts";
import { canSign, publicMaterial } from "./jwk-members.ts";
import { type PemBlock, pemBlocks } from "./pem.ts";
import { malformed, unusable } from "./refusals.ts";

/** Said for every key that comes out of a certificate. */
export const CERTIFICATE_NOTE =
  "of the certificate only the key was used: its dates and issuer were not checked";

/**
 * The keys of a PEM file (RFC 7468), in file order: each key once, its private half when that is there too; of a
 * certificate chain the first, whose key it vouches for.
 * @throws AppError `key_malformed` when any block is damaged, `key_unusable` when none can be used, and what
 *   {@link keyFromDer} throws
 */
export async function keysFromPem(text: string, ask: AskPassphrase): Promise<ReadKeys> {
  const blocks = pemBlocks(text).filter((block) => block.label !== "EC PARAMETERS");
  if (blocks.length === 0) throw malformed("this file has the parameters of a curve, but no key");
  const keys: Asn1Key[] = [];
  const notes: string[] = [];
  const refusals: AppError[] = [];
  for (const [index, block] of blocks.entries()) {
    const outcome = await keyOfBlock(block, ask);
    if ("format" in outcome) {
      keys.push(outcome);
    } else {
      refusals.push(outcome);
      notes.push(`block ${index + 1} (${block.label}) was left out: ${outcome.message}`);
    }
  }
  const [firstRefusal] = refusals;
  const distinct = eachOnce(withoutChain(keys, notes));
  const [first] = distinct;
  if (first === undefined) throw firstRefusal ?? unusable("this file holds no key");
  if (distinct.some((key) => key.format === "certificate")) notes.push(CERTIFICATE_NOTE);
  return { format: pemFormat(first), keys: distinct.map((key) => key.jwk), notes };
}

/** A key, or why it is none that can be used; throws for a damaged one. */
async function keyOfBlock(block: PemBlock, ask: AskPassphrase): Promise<Asn1Key | AppError> {
  try {
    const foreign = foreignBlock(block.label);
    if (foreign !== undefined) return foreign;
    if (block.legacyEncrypted !== undefined) return await keyFromLegacyPem(block.legacyEncrypted, ask);
    return await keyFromDer(block.bytes, ask);
  } catch (error) {
    if (isUnusable(error)) return error;
    throw error;
  }
}

function isUnusable(error: unknown): error is AppError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "key_unusable" || code === "algorithm_unsupported";
}

/** PEM armour around something else than a key of X.509 and PKCS. */
function foreignBlock(label: string): AppError | undefined {
  if (label === "OPENSSH PRIVATE KEY") {
    return malformed(
      "this is an OpenSSH private key",
      "Convert a copy of it, in place, with: ssh-keygen -p -m PKCS8 -f COPY",
    );
  }
  if (label.startsWith("PGP "))
    return malformed("this is a PGP key or message, which JWTs are not signed with");
  if (/^(?:X509 CRL|PKCS7|CMS|(?:DH|DSA|X9\.42 DH) PARAMETERS)$/.test(label)) {
    return malformed(`a PEM block "${label}" holds no key`);
  }
  return undefined;
}

/** A private key and its certificate are one key, and so are two copies. The private half is kept. */
function eachOnce(keys: readonly Asn1Key[]): readonly Asn1Key[] {
  const byPublicHalf = new Map<string, Asn1Key>();
  for (const key of keys) {
    const id = JSON.stringify(publicMaterial(key.jwk));
    const seen = byPublicHalf.get(id);
    if (seen === undefined || (canSign(key.jwk) && !canSign(seen.jwk))) byPublicHalf.set(id, key);
  }
  return [...byPublicHalf.values()];
}

/** A chain stands leaf first, each certificate issued by the next (RFC 8446 section 4.4.2). */
function withoutChain(keys: readonly Asn1Key[], notes: string[]): readonly Asn1Key[] {
  let previous: X509Certificate | undefined;
  return keys.filter(({ certificate }) => {
    if (certificate === undefined) return true;
    const issuedPrevious = previous?.checkIssued(certificate) ?? false;
    previous = certificate;
    if (issuedPrevious) notes.push("a certificate that only vouches for the one before it was left out");
    return !issuedPrevious;
  });
}

function pemFormat(key: Asn1Key): KeyFormat {
  return `pem-${key.format}`;
}
