import { childrenOf, type DerElement, oidOf, readDer, smallInteger, TAG } from "./der.ts";

/** What a DER structure is, judged by its outer form. */
export type DerKind =
  | "spki"
  | "pkcs8"
  | "pkcs8-encrypted"
  | "pkcs1-public"
  | "pkcs1-private"
  | "sec1"
  | "certificate"
  | "certificate-request"
  | "dsa-private"
  | "pkcs12"
  | "unknown";

export interface DerStructure {
  readonly kind: DerKind;
  /** The algorithm of the key inside and its curve, where the structure says. */
  readonly algorithm: string | undefined;
  readonly curve: string | undefined;
}

/** @returns undefined when the bytes are not one whole SEQUENCE */
export function derStructure(bytes: Uint8Array): DerStructure | undefined {
  const reading = readDer(bytes);
  if (!reading.ok || reading.end !== bytes.length) return undefined;
  const parts = childrenOf(reading.element);
  if (parts === undefined) return undefined;
  const kind = kindOf(parts);
  return { kind, ...algorithmOf(kind, parts) };
}

function kindOf(parts: readonly DerElement[]): DerKind {
  const [first, second, third] = parts;
  const tags = parts.map((part) => part.tag);
  const version = smallInteger(first);
  if (tags.every((tag) => tag === TAG.integer)) {
    if (parts.length === 2) return "pkcs1-public";
    if (version === 0 && parts.length === 9) return "pkcs1-private";
    if (version === 0 && parts.length === 6) return "dsa-private";
    return "unknown";
  }
  if (version === 1 && second?.tag === TAG.octetString) return "sec1";
  if (version === 3 && second?.tag === TAG.sequence) return "pkcs12";
  if ((version === 0 || version === 1) && isAlgorithm(second) && third?.tag === TAG.octetString)
    return "pkcs8";
  if (isAlgorithm(first) && parts.length === 2) {
    if (second?.tag === TAG.bitString) return "spki";
    if (second?.tag === TAG.octetString) return "pkcs8-encrypted";
  }
  if (first?.tag === TAG.sequence && isAlgorithm(second) && third?.tag === TAG.bitString)
    return signedKind(first);
  return "unknown";
}

/** A certificate and a certificate request are both signed structures; the first names a validity, the second none. */
function signedKind(body: DerElement): DerKind {
  const parts = childrenOf(body) ?? [];
  if (smallInteger(parts[0]) === 0 && parts.length <= 4) return "certificate-request";
  return parts.length >= 6 ? "certificate" : "unknown";
}

function isAlgorithm(element: DerElement | undefined): boolean {
  return oidOf(childrenOf(element)?.[0]) !== undefined;
}

function algorithmOf(
  kind: DerKind,
  parts: readonly DerElement[],
): { algorithm: string | undefined; curve: string | undefined } {
  const identifier = algorithmIdentifier(kind, parts);
  const [algorithm, parameters] = childrenOf(identifier) ?? [];
  return { algorithm: oidOf(algorithm), curve: oidOf(parameters) };
}

function algorithmIdentifier(kind: DerKind, parts: readonly DerElement[]): DerElement | undefined {
  if (kind === "spki") return parts[0];
  if (kind === "pkcs8") return parts[1];
  if (kind !== "certificate") return undefined;
  // tbsCertificate: the version is optional, so the key is found as the SEQUENCE that holds a BIT STRING.
  const keyInfo = childrenOf(parts[0])?.find((part) => childrenOf(part)?.[1]?.tag === TAG.bitString);
  return childrenOf(keyInfo)?.[0];
}
