import { PROVIDER_IDS } from "../../core/analysis/providers/provider.ts";
import { providerClaim } from "../../core/analysis/providers/recognise.ts";
import { claimDescription } from "../../core/analysis/registry/claims.ts";
import type { Description } from "../../core/analysis/registry/description.ts";
import { parameterDescription } from "../../core/analysis/registry/parameters.ts";
import { JsonObject } from "../../core/base/json/value.ts";
import { largest } from "../../core/base/largest.ts";
import { objectOf } from "../../core/jose/token/content.ts";
import type { DecodedToken, TokenIdentity } from "../../core/jose/token/decoded-token.ts";
import type { InspectedToken } from "../../core/jose/token/inspect.ts";
import { safe, safeShort } from "../sanitize.ts";
import type { Style } from "../style.ts";
import { READABLE_WIDTH, withLabel, wrapText } from "../wrap.ts";

const LONGEST_NAME = 24;

/** A sentence for every header parameter and claim, and for the token as a whole. */
export function explainText({ token, disclosed, inner, identity }: DecodedToken, style: Style): string {
  const header = joined(objectOf(token.header.content), token.json?.unprotected);
  const payload = disclosed?.claims ?? objectOf((innermost(inner)?.token ?? token).payload?.content);
  const sections = [
    explained("HEADER", header, parameterDescription, style.header, style),
    explained("PAYLOAD", payload, meaningIn(identity), style.payload, style),
  ];
  const words = [whatItIs(token), ...whatElse(token, disclosed !== undefined, inner !== undefined)];
  return `${sections.join("")}${words.map((text) => paragraph(text, style)).join("\n")}`;
}

/** What claims mean: in the tokens of a known issuer what that says, else what the registry says. */
function meaningIn(identity: TokenIdentity | undefined): (name: string) => Description | undefined {
  const id = PROVIDER_IDS.find((known) => known === identity?.provider?.id);
  return (name) => (id && providerClaim(id, name)) ?? claimDescription(name);
}

function joined(first: JsonObject | undefined, second: JsonObject | undefined): JsonObject | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return new JsonObject([...first.members, ...second.members]);
}

/** The innermost nested token, whose claims are explained. */
function innermost(shown: DecodedToken | undefined): DecodedToken | undefined {
  return shown?.inner === undefined ? shown : innermost(shown.inner);
}

function explained(
  title: string,
  object: JsonObject | undefined,
  knowledgeOf: (name: string) => Description | undefined,
  paint: (text: string) => string,
  style: Style,
): string {
  const names = [...new Set(object?.members.map(([name]) => name) ?? [])];
  if (names.length === 0) return "";
  const width = Math.min(LONGEST_NAME, largest(names.map((name) => safe(name).length)));
  const label = (name: string) => safeShort(name, LONGEST_NAME).padEnd(width);
  const lines = names.flatMap((name) => {
    const known = knowledgeOf(name);
    if (known === undefined) return [];
    return [row(label(name), `${known.label}: ${known.meaning} (${known.reference})`, paint, style)];
  });
  const others = names.filter((name) => knowledgeOf(name) === undefined);
  const [only] = others;
  if (only !== undefined && others.length === 1)
    lines.push(row(label(only), privately("it means"), paint, style));
  else if (only !== undefined) {
    const listed = others.map((name) => safeShort(name, LONGEST_NAME)).join(", ");
    lines.push(
      row("others".padEnd(width), `${listed}: ${privately("they mean")}`, (text) => style.dim(text), style),
    );
  }
  return `${style.strong(paint(`WHAT THE ${title} MEANS`))}\n${lines.join("")}\n`;
}

function privately(means: string): string {
  return `not registered: what ${means} is between the issuer and those the token is for`;
}

function row(name: string, text: string, paint: (text: string) => string, style: Style): string {
  const margin = name.length + 2;
  return withLabel(`${paint(name)} `, margin - 1, text, { margin, columns: style.columns });
}

function paragraph(text: string, style: Style): string {
  return `${wrapText(text, style.columns ?? READABLE_WIDTH).join("\n")}\n`;
}

function whatItIs({ encrypted, kind, signature }: InspectedToken): string {
  if (encrypted || kind === "jwe") {
    return (
      "This token is encrypted (JWE): its five segments are the header, the encrypted key, an initialization vector, the " +
      "encrypted content and a tag that protects it. Only the holder of the key can read what is inside."
    );
  }
  const signed =
    "A JWT is three segments of base64url: the header says how it is signed, the payload what it claims, and the " +
    "signature proves that both are as the issuer made them. base64url is a spelling, not encryption: whoever has the " +
    "token can read it. Without the key nobody can change it unnoticed, and until it expires nobody can take it back.";
  return signature === undefined || signature.text === "" ? `${signed} This one has no signature.` : signed;
}

/** Explains disclosures, JSON serialization and other extras. */
function whatElse(
  { json, encrypted }: InspectedToken,
  disclosed: boolean,
  nested: boolean,
): readonly string[] {
  return [
    ...(disclosed
      ? [
          "This is an SD-JWT: its issuer signed hashes in place of some claims, and its holder decides which of them to show. " +
            "What is shown comes behind the token with a salt, without which nobody could guess what a hash hides.",
        ]
      : []),
    ...(nested
      ? [
          "A token is inside this one: whoever made the outer one vouches for it, but each has to be verified by itself.",
        ]
      : []),
    ...(json && !encrypted
      ? [
          "It is written as JSON, which allows several signatures, and headers that are not signed. A JWT is never written so.",
        ]
      : []),
  ];
}
