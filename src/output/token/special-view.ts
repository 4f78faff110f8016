import type { JsonObject } from "../../core/base/json/value.ts";
import { writeJson } from "../../core/base/json/write.ts";
import { counted } from "../../core/base/text/wording.ts";
import type { TimeContext } from "../../core/base/time/instant.ts";
import { objectOf, stringMember, type TokenPart } from "../../core/jose/token/content.ts";
import type { DecodedToken } from "../../core/jose/token/decoded-token.ts";
import type { InspectedToken, JsonSignature } from "../../core/jose/token/inspect.ts";
import { joseMember } from "../../core/jose/token/inspect-json.ts";
import { jweParts } from "../../core/jose/token/jwe-parts.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";
import { withLabel, wrapText } from "../wrap.ts";
import { bodySections, findingLines, type SpecialSections, section } from "./decode-view.ts";
import { disclosedSections } from "./disclosed-view.ts";
import { brokenText, jsonText, partText, shortened } from "./token-text.ts";

/** The sections of encrypted, nested and compressed tokens, of SD-JWTs, and of JSON serialization. */
export const SPECIAL: SpecialSections = { form, afterHeader, payloadNote, signatures, inside };

function form({ token }: DecodedToken, style: Style): string {
  if (token.json !== undefined) return paragraph(style.strong(jsonFormTitle(token)), style);
  const { disclosed } = token;
  if (disclosed === undefined) return "";
  const proof = disclosed.keyBinding === undefined ? "" : " and the holder's proof";
  const title = `SD-JWT, with ${counted(disclosed.disclosures.length, "disclosure")}${proof} behind it:`;
  const parts = [...disclosed.disclosures, disclosed.keyBinding ?? ""];
  const tail = parts.map((part) => brokenText(`~${shortened(safe(part))}`, style.dim, style)).join("");
  return `${paragraph(title, style)}${tail}`;
}

function paragraph(text: string, style: Style): string {
  return `${wrapText(text, style.columns).join("\n")}\n`;
}

function jsonFormTitle({ json, kind }: InspectedToken): string {
  const number = kind === "jwe" ? (json?.recipients.length ?? 0) : (json?.signatures.length ?? 0);
  const what = kind === "jwe" ? "JWE" : "JWS";
  const rfc = kind === "jwe" ? "RFC 7516" : "RFC 7515";
  return `${what} in the ${json?.name} JSON form (${rfc} section 7.2), ${counted(number, kind === "jwe" ? "recipient" : "signature")}`;
}

const UNPROTECTED = "UNPROTECTED HEADER (not signed)";

function afterHeader({ token }: DecodedToken, style: Style): string {
  const unprotected = token.json?.unprotected;
  if (unprotected === undefined) return "";
  const title = token.encrypted ? "UNPROTECTED HEADER (anyone can change it)" : UNPROTECTED;
  return section(title, style.doubtful, headerText(unprotected, style), style);
}

function headerText(header: JsonObject, style: Style): string {
  // The disclosures have a section of their own.
  return jsonText(header.without("disclosures").without("kb_jwt"), style.header);
}

function payloadNote({ token, packed, inner }: DecodedToken, style: Style): string {
  if (inner) return `${style.dim("a token, which follows")}\n`;
  if (token.encrypted) return "";
  if (token.payload === undefined && token.json)
    return `${style.dim("(detached: it is not in the token)")}\n`;
  if (packed === undefined || token.payload === undefined) return "";
  return `${style.dim(`unpacked: ${packed.bytes} bytes (${packed.form === "deflate" ? "zip: DEF" : packed.form}) became ${token.payload.bytes.length}`)}\n`;
}

function signatures({ token }: DecodedToken, style: Style): string | undefined {
  if (token.encrypted) return encryptedParts(token, style);
  const all = token.json?.signatures ?? [];
  if (all.length < 2) return undefined;
  return all
    .map((entry, index) => signatureBlock(entry, `SIGNATURE ${index + 1} OF ${all.length}`, style))
    .join("\n");
}

function signatureBlock(entry: JsonSignature, title: string, style: Style): string {
  const alg = joseMember(entry, "alg");
  const { signature, unprotected } = entry;
  const size = `${typeof alg === "string" ? safe(alg) : "no algorithm"}, ${counted(signature.bytes.length, "byte")}`;
  const lines = [`${style.signature(signature.text === "" ? "empty" : size)}\n`];
  if (entry.protected) lines.push(labelled("header", entry.protected, style));
  if (unprotected) {
    lines.push(`${style.dim("unprotected header (not signed):")}\n${headerText(unprotected, style)}`);
  }
  return section(title, style.signature, lines.join(""), style);
}

function labelled(label: string, part: TokenPart, style: Style): string {
  return `${style.dim(`${label}:`)}\n${partText(part, style.header, style)}`;
}

const TITLE_WIDTH = 22;
/** The width from which the meaning of a part fits beside it. */
const TABLE_WIDTH = 80;

function encryptedParts(token: InspectedToken, style: Style): string {
  const narrow = style.columns !== undefined && style.columns < TABLE_WIDTH;
  const rows = jweParts(token).map(({ title, bytes, meaning }) => {
    const label = `${title.padEnd(TITLE_WIDTH)}${counted(bytes, "byte").padStart(12)} `;
    const { columns } = style;
    if (narrow)
      return `${style.strong(label.trimEnd())}\n${withLabel(" ", 1, style.dim(meaning), { margin: 2, columns })}`;
    return withLabel(style.strong(label), label.length, style.dim(meaning), {
      margin: label.length + 1,
      columns,
    });
  });
  const others = token.json && token.json.recipients.length > 1 ? recipientLines(token, style) : "";
  return section("PARTS", style.signature, rows.join("") + others, style);
}

function recipientLines({ json }: InspectedToken, style: Style): string {
  const lines = (json?.recipients ?? []).map(({ header, encryptedKey }, index) => {
    const words = header === undefined ? "" : ` ${safe(shortened(writeJson(header)))}`;
    return `${style.dim(`recipient ${index + 1}:`)} ${counted(encryptedKey.bytes.length, "byte")}${words}\n`;
  });
  return lines.join("");
}

function inside(shown: DecodedToken, time: TimeContext, style: Style): readonly string[] {
  return [
    ...disclosedSections(shown, style),
    ...keyBinding(shown, time, style),
    ...nested(shown, time, style, 2),
  ];
}

function keyBinding(
  { keyBinding: binding }: DecodedToken,
  time: TimeContext,
  style: Style,
): readonly string[] {
  if (binding === undefined) return [];
  const { proof, fits } = binding;
  const verdict =
    fits === undefined
      ? "which disclosures it is about cannot be told"
      : fits
        ? "its sd_hash fits what is disclosed; its signature was not verified"
        : style.bad("its sd_hash does not fit what is disclosed");
  const title = `${style.strong("HOLDER'S PROOF (key binding)")}\n${paragraph(verdict, style)}`;
  return [title, ...bodySections(proof, time, style), findingLines(proof, style)].filter(
    (text) => text !== "",
  );
}

/** The sections of nested tokens, level by level. */
function nested(shown: DecodedToken, time: TimeContext, style: Style, level: number): readonly string[] {
  const { inner } = shown;
  if (inner === undefined) return [];
  const claimed = stringMember(objectOf(shown.token.header.content), "cty");
  const why =
    claimed === undefined
      ? "the payload is a token by its form"
      : `the payload is a token (cty: ${safe(claimed)})`;
  return [
    `${style.strong(`LEVEL ${level}: THE TOKEN INSIDE`)}\n${style.dim(why)}\n`,
    ...bodySections(inner, time, style, SPECIAL),
    ...disclosedSections(inner, style),
    ...[findingLines(inner, style)].filter((text) => text !== ""),
    ...nested(inner, time, style, level + 1),
  ];
}
