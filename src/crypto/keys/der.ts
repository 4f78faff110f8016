/** Just enough of DER (X.690) to tell key files apart; node:crypto does the real parsing. */

export const TAG = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  sequence: 0x30,
  context0: 0xa0,
} as const;

export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
}

export type DerReading =
  | { readonly ok: true; readonly element: DerElement; readonly end: number }
  /** `missing`: how many bytes the element says it has beyond those that are there; 0 when the length makes no sense. */
  | { readonly ok: false; readonly missing: number };

/** Reads one element of definite length with a low tag number. */
export function readDer(bytes: Uint8Array, start = 0): DerReading {
  const tag = bytes[start];
  const first = bytes[start + 1];
  if (tag === undefined || first === undefined) return { ok: false, missing: 1 };
  let length = first;
  let contentStart = start + 2;
  if (first >= 0x80) {
    const lengthBytes = first & 0x7f;
    if (lengthBytes === 0 || lengthBytes > 4) return { ok: false, missing: 0 };
    length = 0;
    for (let index = 0; index < lengthBytes; index++) length = length * 256 + (bytes[contentStart++] ?? 0);
  }
  const end = contentStart + length;
  if (end > bytes.length) return { ok: false, missing: end - bytes.length };
  return { ok: true, element: { tag, content: bytes.subarray(contentStart, end) }, end };
}

/** The elements inside a constructed one; undefined when they do not fill it exactly. */
export function childrenOf(element: DerElement | undefined): readonly DerElement[] | undefined {
  if (element === undefined || (element.tag !== TAG.sequence && (element.tag & 0xe0) !== 0xa0))
    return undefined;
  const children: DerElement[] = [];
  for (let at = 0; at < element.content.length; ) {
    const reading = readDer(element.content, at);
    if (!reading.ok) return undefined;
    children.push(reading.element);
    at = reading.end;
  }
  return children;
}

/** The value of a small non-negative INTEGER; undefined for other elements, infinity for a large one. */
export function smallInteger(element: DerElement | undefined): number | undefined {
  if (element?.tag !== TAG.integer || (element.content[0] ?? 0x80) >= 0x80) return undefined;
  return element.content.reduce((value, byte) => value * 256 + byte, 0);
}

/** An OBJECT IDENTIFIER in dotted form. */
export function oidOf(element: DerElement | undefined): string | undefined {
  if (element?.tag !== TAG.oid || element.content.length === 0) return undefined;
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of element.content) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [first = 0, ...rest] = arcs;
  const root = Math.min(Math.floor(first / 40), 2);
  return [root, first - root * 40, ...rest].join(".");
}

/** One element in DER, from its contents. */
export function writeDer(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  if (content.length < 0x80) return Buffer.concat([Buffer.of(tag, content.length), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const used = length.subarray(length.findIndex((byte) => byte !== 0));
  return Buffer.concat([Buffer.of(tag, 0x80 | used.length), used, content]);
}
