import { decodeBase64Url } from "../../base/base64url.ts";
import { counted } from "../../base/text/wording.ts";
import { fixForIssuer, fixForVerifier } from "./failed-verification.ts";

/** A reading of a text by a decoder that takes more than RFC 4648 allows. */
export interface LenientReading {
  /** As in "when it is read as base64 with 3 characters left out, as PHP does". */
  readonly how: string;
  readonly fix: string;
  readonly bytes: Uint8Array;
}

interface Decoder {
  /** Who decodes so, as in "as PHP's base64_decode does". */
  readonly who: string;
  /** What the issuer should call. */
  readonly better: string;
  /** Prints in Node what the decoder makes of the variable SECRET, in hexadecimal. */
  readonly command: string;
  /** Characters that count; all others are skipped. */
  readonly alphabet: RegExp;
  readonly stopsAtPadding: boolean;
  /** Drops what is left when the characters do not fill groups of four. */
  readonly dropsRest: boolean;
}

const DECODERS: readonly Decoder[] = [
  {
    who: "as Java's JJWT does with signWith(alg, String)",
    better: "pass bytes: Keys.hmacShaKeyFor(secret.getBytes(StandardCharsets.UTF_8))",
    command: `node -p 's=process.env.SECRET.replace(/[^A-Za-z0-9+/]/g,"");Buffer.from(s.slice(0,s.length-s.length%4),"base64").toString("hex")'`,
    alphabet: /[A-Za-z0-9+/]/g,
    stopsAtPadding: false,
    dropsRest: true,
  },
  {
    who: "as PHP's base64_decode and Python's b64decode do",
    better: "use the secret's text as it is, or make it strict base64 and decode it strictly on both sides",
    command: `node -p 'Buffer.from(process.env.SECRET.replace(/[^A-Za-z0-9+/]/g,""),"base64").toString("hex")'`,
    alphabet: /[A-Za-z0-9+/]/g,
    stopsAtPadding: false,
    dropsRest: false,
  },
  {
    who: `as Node's Buffer.from(secret, "base64") does`,
    better: "use the secret's text as it is, or make it strict base64 and decode it strictly on both sides",
    command: `node -p 'Buffer.from(process.env.SECRET,"base64").toString("hex")'`,
    alphabet: /[A-Za-z0-9+/_-]/g,
    stopsAtPadding: true,
    dropsRest: false,
  },
];

/** The readings of a secret's text as base64 by lenient decoders, each once. */
export function lenientBase64(text: string): readonly LenientReading[] {
  const seen = new Set<string>();
  return DECODERS.flatMap((decoder) => {
    const whole = decoder.stopsAtPadding ? (text.split("=", 1)[0] ?? "") : text;
    const kept = (whole.match(decoder.alphabet) ?? []).join("");
    const rest = kept.length % 4;
    const dropped = decoder.dropsRest ? rest : rest === 1 ? 1 : 0;
    const used = kept
      .slice(0, kept.length - dropped)
      .replaceAll("+", "-")
      .replaceAll("/", "_");
    const { bytes } = decodeBase64Url(used);
    if (bytes.length === 0 || seen.has(used)) return [];
    seen.add(used);
    return [
      {
        bytes,
        how: howOf(decoder, text.replace(/=+$/, "").length - kept.length, dropped),
        fix: fixOf(decoder),
      },
    ];
  });
}

function howOf({ who }: Decoder, skipped: number, dropped: number): string {
  const changes = [
    ...(skipped === 0 ? [] : [`${counted(skipped, "character")} that base64 does not have left out`]),
    ...(dropped === 0 ? [] : [`the last ${counted(dropped, "character")} dropped`]),
  ];
  const changed = changes.length === 0 ? "" : ` with ${changes.join(" and ")}`;
  return `when it is read as base64${changed}, ${who}`;
}

function fixOf({ better, command }: Decoder): string {
  return `${fixForIssuer(better)}. ${fixForVerifier(
    `until then use the same bytes: SECRET=… ${command} > secret.hex, and give --secret hex:@secret.hex`,
  )}`;
}

/** Hexadecimal with what people write around the digits; undefined when nothing of that is there, or it is none. */
export function lenientHex(text: string): { readonly digits: string; readonly how: string } | undefined {
  const digits = text.replace(/0x|\\x|[\s:,;-]/gi, "");
  if (digits === text || digits === "" || digits.length % 2 !== 0 || !/^[0-9a-fA-F]+$/.test(digits)) {
    return undefined;
  }
  const marks = [
    ...(/0x/i.test(text) ? ["0x"] : []),
    ...(/\\x/i.test(text) ? ["\\x"] : []),
    ...(/[:,;-]/.test(text) ? ["the signs between the bytes"] : []),
  ];
  const without = marks.length === 0 ? "the blanks" : marks.join(" and ");
  return { digits, how: `when it is decoded from hexadecimal, without ${without}` };
}

export interface MarkedEncoding {
  /** As in `base64:`. */
  readonly mark: string;
  readonly encoding: "base64" | "hexadecimal";
  readonly text: string;
}

/** A text that says itself how it is encoded; undefined for any other. */
export function markedEncoding(text: string): MarkedEncoding | undefined {
  const [, mark, rest] = /^(base64:|b64:|hex:)([\s\S]*)$/i.exec(text) ?? [];
  if (mark === undefined || rest === undefined) return undefined;
  return { mark, encoding: /^hex/i.test(mark) ? "hexadecimal" : "base64", text: rest };
}
