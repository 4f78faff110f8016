import { malformed } from "./refusals.ts";

/** One block of a PEM file (RFC 7468). */
export interface PemBlock {
  /** What stands in its BEGIN line, as in `PRIVATE KEY`. */
  readonly label: string;
  /** Empty when the block is under a passphrase in the old way. */
  readonly bytes: Uint8Array;
  /** The whole block, for a block that is encrypted in the old way (RFC 1421 headers), which OpenSSL opens itself. */
  readonly legacyEncrypted: string | undefined;
}

const BEGIN = /-----BEGIN ([^\r\n-]{1,64})-----/g;

/** Whether the text has a PEM line, whole or not. */
export function looksLikePem(text: string): boolean {
  return /-----(?:BEGIN|END) /.test(text);
}

/**
 * The PEM blocks of a text, in order. What stands before, between and after them is ignored (RFC 7468 section 2).
 * @throws AppError `key_malformed` for a block that is cut off or damaged: it might have been the one that matters
 */
export function pemBlocks(text: string): readonly PemBlock[] {
  const blocks: PemBlock[] = [];
  let from = 0;
  for (;;) {
    BEGIN.lastIndex = from;
    const begin = BEGIN.exec(text);
    if (begin === null) break;
    const label = begin[1] ?? "";
    const bodyStart = begin.index + begin[0].length;
    const end = text.indexOf(`-----END ${label}-----`, bodyStart);
    if (end < 0) throw unclosed(text, label, bodyStart);
    blocks.push(blockOf(label, text.slice(bodyStart, end)));
    from = end + `-----END ${label}-----`.length;
  }
  if (blocks.length === 0) {
    throw malformed("the PEM text has no BEGIN line: its start is missing", "Copy the file again, whole");
  }
  return blocks;
}

function unclosed(text: string, label: string, bodyStart: number): Error {
  const other = /-----END ([^\r\n-]{1,64})-----/.exec(text.slice(bodyStart))?.[1];
  return malformed(
    other === undefined
      ? `the PEM block "${label}" is cut off: its END line is missing`
      : `the PEM block begins as "${label}" but ends as "${other}"`,
    "Copy the file again, whole",
  );
}

/** The block of a label and what stands between its two lines. @throws AppError `key_malformed` */
export function blockOf(label: string, body: string): PemBlock {
  if (/^[ \t]*Proc-Type:[ \t]*4,[ \t]*ENCRYPTED/m.test(body)) {
    const lines = body.trim().split(/\r?\n/);
    const legacyEncrypted = [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
    return { label, bytes: new Uint8Array(), legacyEncrypted };
  }
  return { label, bytes: decodeBody(label, body), legacyEncrypted: undefined };
}

function decodeBody(label: string, body: string): Uint8Array {
  // Headers such as PuTTY's comment lines stand before an empty line.
  const base64 = body
    .trimStart()
    .replace(/^(?:[ \t]*[\w-]+:[^\n]*\n)+[ \t]*\r?\n/, "")
    .replace(/\s+/g, "");
  if (base64 === "") throw malformed(`the PEM block "${label}" is empty`);
  const damage = /[^A-Za-z0-9+/=]|=(?=[^=])/.exec(base64);
  if (damage !== null) {
    throw malformed(
      `the base64 of the PEM block "${label}" is damaged: it has the character "${damage[0]}"`,
      "Copy the file again, whole",
    );
  }
  if (base64.length % 4 !== 0 || /={3,}$/.test(base64)) {
    throw malformed(
      `the base64 of the PEM block "${label}" is cut off or damaged`,
      "Copy the file again, whole",
    );
  }
  return Buffer.from(base64, "base64");
}
