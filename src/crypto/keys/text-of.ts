import type { Finding } from "../../core/jose/token/finding.ts";

export interface DecodedText {
  readonly text: string;
  readonly repairs: readonly Finding[];
}

const BYTE_ORDER_MARK: Finding = {
  code: "byte_order_mark",
  message: "a byte order mark stood before the key",
};

/** Control characters that no text has; a NUL or Ctrl-Z at the very end is an old end-of-file mark. */
const BINARY = /[\u0000-\u0008\u000e-\u001f\u007f]/;

/** The text in a file, whatever Windows encoded it in; undefined for binary content. */
export function textOf(bytes: Uint8Array): DecodedText | undefined {
  const utf16 = utf16Of(bytes);
  if (utf16 !== undefined) {
    const text = decoded(utf16.label, bytes);
    return text === undefined ? undefined : { text, repairs: [utf16.repair] };
  }
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const text = decoded("utf-8", bytes);
  if (text !== undefined) return { text, repairs: marked ? [BYTE_ORDER_MARK] : [] };
  return windowsText(bytes);
}

function decoded(label: string, bytes: Uint8Array): string | undefined {
  let text: string;
  try {
    text = new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
  const end = text.length - 1;
  const ending = text.charCodeAt(end);
  const whole = ending === 0 || ending === 0x1a ? text.slice(0, end) : text;
  return BINARY.test(whole) ? undefined : whole;
}

/** UTF-16 shows by its byte order mark, or by every other byte being zero. */
function utf16Of(bytes: Uint8Array): { label: string; repair: Finding } | undefined {
  const [first, second] = bytes;
  const little = first === 0xff && second === 0xfe;
  const big = first === 0xfe && second === 0xff;
  if (little || big) return named(little, "");
  if (bytes.length < 32 || bytes.length % 2 !== 0) return undefined;
  const start = bytes.subarray(0, 64);
  const zeros = (offset: number) => start.every((byte, index) => index % 2 !== offset || byte === 0);
  const text = (offset: number) => start.every((byte, index) => index % 2 !== offset || byte !== 0);
  if (zeros(1) && text(0)) return named(true, " without a byte order mark");
  if (zeros(0) && text(1)) return named(false, " without a byte order mark");
  return undefined;
}

function named(little: boolean, mark: string): { label: string; repair: Finding } {
  const order = little ? "little" : "big";
  return {
    label: `utf-16${order[0]}e`,
    repair: { code: "utf16", message: `the file is UTF-16 (${order} endian)${mark}, where UTF-8 is usual` },
  };
}

/** Typographic dashes of an old Windows editor, around what is otherwise ASCII. */
function windowsText(bytes: Uint8Array): DecodedText | undefined {
  const text = new TextDecoder("windows-1252").decode(bytes);
  if (BINARY.test(text) || !/(?:BEGIN|END) [A-Z]/.test(text)) return undefined;
  return { text, repairs: [{ code: "windows_1252", message: "the file is in the Windows character set" }] };
}
