import type { TimeContext } from "../../core/base/time/instant.ts";
import { objectOf, stringMember } from "../../core/jose/token/content.ts";
import type { DecodedToken, TokenIdentity } from "../../core/jose/token/decoded-token.ts";
import type { InspectedToken } from "../../core/jose/token/inspect.ts";
import { counted } from "../fields.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";
import { withLabel } from "../wrap.ts";
import { lifetimeBar, timesText } from "./times-view.ts";
import { partText, tokenText } from "./token-text.ts";

/**
 * Sections of tokens that have more than header, payload and signature; loaded for those only. Empty text: no section.
 */
export interface SpecialSections {
  /** The form of the token, in place of its text or under it. */
  readonly form: (shown: DecodedToken, style: Style) => string;
  /** The unprotected header. */
  readonly afterHeader: (shown: DecodedToken, style: Style) => string;
  /** That the payload was compressed or is missing. */
  readonly payloadNote: (shown: DecodedToken, style: Style) => string;
  /** Several signatures, or the parts of an encrypted token; undefined for the one usual signature. */
  readonly signatures: (shown: DecodedToken, style: Style) => string | undefined;
  /** The disclosures and the nested tokens. */
  readonly inside: (shown: DecodedToken, time: TimeContext, style: Style) => readonly string[];
}

/**
 * A decoded token as text: its parts in three colours, its dates, its oddities, and at the end that nothing was
 * verified.
 *
 * @param time the present time and the user's time zone
 * @param explanation the explanations of `--explain`
 */
export function decodeText(
  shown: DecodedToken,
  time: TimeContext,
  style: Style,
  { special, explanation = "" }: { special?: SpecialSections; explanation?: string } = {},
): string {
  const { token } = shown;
  return [
    ...(token.json ? [] : [tokenText(token.segments, style)]),
    ...(special ? [special.form(shown, style)] : []),
    ...bodySections(shown, time, style, special),
    ...(special ? special.inside(shown, time, style) : []),
    explanation,
    findingLines(shown, style),
    closing(token, style),
  ]
    .filter((section) => section !== "")
    .join("\n");
}

/** Header, payload, dates and signature. */
export function bodySections(
  shown: DecodedToken,
  time: TimeContext,
  style: Style,
  special?: SpecialSections,
): readonly string[] {
  const { token, times } = shown;
  const sections: string[] = [];
  const signatures = special?.signatures(shown, style);
  const several = (token.json?.signatures.length ?? 0) > 1;
  if (!several && !(token.json && token.header.text === "")) {
    sections.push(section("HEADER", style.header, partText(token.header, style.header, style), style));
  }
  if (special && !several) sections.push(special.afterHeader(shown, style));
  const note = special?.payloadNote(shown, style) ?? "";
  const payload = token.payload && !shown.inner ? partText(token.payload, style.payload, style) : "";
  if (note + payload !== "") sections.push(section("PAYLOAD", style.payload, note + payload, style));
  if (times && times.claims.length > 0) {
    const bar = lifetimeBar(times, style);
    sections.push(
      section("TIMES", (text) => text, timesText(times, time, style) + (bar && `\n${bar}`), style),
    );
  }
  if (signatures !== undefined) sections.push(signatures);
  else sections.push(section("SIGNATURE", style.signature, signatureText(token, style), style));
  return sections.filter((text) => text !== "");
}

export function section(title: string, paint: (text: string) => string, body: string, style: Style): string {
  return `${style.strong(paint(title))}\n${body}`;
}

function signatureText({ header, json, signature }: InspectedToken, style: Style): string {
  const alg = stringMember(objectOf(header.content), "alg") ?? stringMember(json?.unprotected, "alg");
  if (signature === undefined) return `${style.bad("missing")}\n`;
  if (signature.text === "") return `${style.bad("empty")}\n`;
  return `${style.signature(`${safe(alg ?? "no algorithm")}, ${counted(signature.bytes.length, "byte")}`)}\n`;
}

/** What kind of token it is, what was put right in it, and what is odd about it. */
export function findingLines({ identity, warnings, repairs }: DecodedToken, style: Style): string {
  return [
    ...(identity?.provider === undefined
      ? []
      : [remark("issuer:", style.dim, providerText(identity.provider), style)]),
    ...(identity?.kind === undefined ? [] : [remark("kind:", style.dim, kindText(identity.kind), style)]),
    ...repairs.map(({ message }) => remark("repaired:", style.dim, safe(message), style)),
    ...warnings.map(({ message }) => remark("warning:", style.doubtful, safe(message), style)),
  ].join("");
}

function kindText({ name, specification, sign }: NonNullable<TokenIdentity["kind"]>): string {
  return `${name}: ${sign} (${specification})`;
}

/** Whose token it says it is, which of theirs, and what is peculiar about it. */
function providerText({ name, sign, token, remark }: NonNullable<TokenIdentity["provider"]>): string {
  const which = token === undefined ? "" : `, ${token}`;
  return `${name}${which}: by its iss, and ${sign}${remark === undefined ? "" : `; ${remark}`}`;
}

function closing(token: InspectedToken, style: Style): string {
  if (token.encrypted) {
    return remark("encrypted:", style.doubtful, "only the header can be read without the key", style);
  }
  return (
    remark(
      "not verified:",
      style.doubtful,
      "this is what the token says, not whether it is true; check it with jwtctl verify",
      style,
    ) + remark("not encrypted:", style.doubtful, encryptionRemark(token), style)
  );
}

function encryptionRemark({ signature }: InspectedToken): string {
  const readable = "whoever has this token can read all of it";
  return signature === undefined || signature.text === "" ? readable : `a JWT is signed, and ${readable}`;
}

function remark(label: string, paint: (text: string) => string, text: string, style: Style): string {
  return withLabel(paint(label), label.length, text, { margin: 2, columns: style.columns });
}
