import type { TimeContext } from "../../core/time/instant.ts";
import { objectOf, stringMember } from "../../core/token/content.ts";
import type { InspectedToken } from "../../core/token/inspect.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";
import { beside } from "./beside.ts";
import type { ShownToken } from "./decode-json.ts";
import { explainText } from "./explain-view.ts";
import { lifetimeBar, timesText } from "./times-view.ts";
import { partText, tokenText } from "./token-text.ts";

/**
 * A token for a person: its text and its parts in the same three colours, its dates, what is odd about it, and last,
 * where it is read last, that none of it was verified.
 *
 * @param time what counts as now, and the offset of the clock on the wall
 */
export function decodeText(shown: ShownToken, time: TimeContext, explain: boolean, style: Style): string {
  const { token, times } = shown;
  const sections = [
    tokenText(token.segments, style),
    section("HEADER", style.header, partText(token.header, style.header, style), style),
  ];
  if (token.payload) {
    sections.push(section("PAYLOAD", style.payload, partText(token.payload, style.payload, style), style));
  }
  if (times && times.claims.length > 0) {
    const bar = lifetimeBar(times, style);
    sections.push(
      section("TIMES", (text) => text, timesText(times, time, style) + (bar && `\n${bar}`), style),
    );
  }
  if (!token.encrypted)
    sections.push(section("SIGNATURE", style.signature, signatureText(token, style), style));
  if (explain) sections.push(explainText(token, style));
  const findings = findingLines(shown, style);
  if (findings !== "") sections.push(findings);
  sections.push(closing(token, style));
  return sections.join("\n");
}

function section(title: string, paint: (text: string) => string, body: string, style: Style): string {
  return `${style.strong(paint(title))}\n${body}`;
}

function signatureText({ header, signature }: InspectedToken, style: Style): string {
  const alg = safe(stringMember(objectOf(header.content), "alg") ?? "no algorithm");
  if (signature === undefined) return `${style.bad("missing")}\n`;
  if (signature.text === "") return `${style.bad("empty")}\n`;
  return `${style.signature(`${alg}, ${signature.bytes.length} bytes`)}\n`;
}

function findingLines({ token, repairs }: ShownToken, style: Style): string {
  return [
    ...repairs.map(({ message }) => remark("repaired:", style.dim, safe(message), style)),
    ...token.warnings.map(({ message }) => remark("warning:", style.doubtful, safe(message), style)),
  ].join("");
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
  return beside(paint(label), label.length, text, { margin: 2, columns: style.columns });
}
