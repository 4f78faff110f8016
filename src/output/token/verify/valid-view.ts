import { JsonObject, type JsonValue } from "../../../core/base/json/value.ts";
import { shellWord } from "../../../core/base/text/wording.ts";
import type { VerificationReport } from "../../../core/jose/verification/report.ts";
import { safe } from "../../sanitize.ts";
import type { Style } from "../../style.ts";
import { withLabel } from "../../wrap.ts";
import { checkText, foldedNames, isNotAsked } from "./checks-view.ts";

const LABEL_WIDTH = 7;
const MARGIN = 2 + LABEL_WIDTH + 2;
/** Longer values are not offered for copying, nor shown in the summary. */
const SHOWN = 60;

/** The verdict on a valid token: who signed it, for whom it is, and what was not checked. */
export function validText(
  report: VerificationReport,
  style: Style,
  { allChecks }: { readonly allChecks: boolean },
): string {
  const warnings = report.checks.filter(({ status }) => status === "warn");
  const warned = allChecks ? "" : warnings.map((check) => checkText(check, style)).join("");
  const lines = [
    line("for", safe(bearerOf(report)), style),
    allChecks
      ? ""
      : line("checked", `${foldedNames(report.checks)} ${style.dim("(--checks lists them)")}`, style),
    line("NOT", safe(notChecked(report)), style, style.strong),
  ].join("");
  return `${headline(report, style)}\n${lines}${warned}`;
}

function headline({ checks, key, header, sdJwt, token }: VerificationReport, style: Style): string {
  const word = style.unicode ? "✓ VALID" : "VALID";
  const alg = header instanceof JsonObject ? header.get("alg") : undefined;
  const exp = checks.find(({ name }) => name === "exp");
  const until = exp?.status === "pass" ? `; ${exp.detail}` : "";
  const name =
    key?.kid == null
      ? `signed with ${key?.source} (${String(alg)})`
      : `signed by key ${key.kid} (${String(alg)}, ${key.source})`;
  const apart = token.detached === undefined ? "" : "; a JWS over the payload given, and no JWT";
  const only = sdJwt && !sdJwt.holderProven ? "; of the SD-JWT only its issuer's signature was verified" : "";
  return withLabel(`${style.good(word)}  `, word.length + 2, safe(`${name}${until}${only}${apart}`), {
    margin: 2,
    columns: style.columns,
  });
}

/** Whom the token is about and for, and since when: `alice at https://api.example.com, issued 2 minutes ago`. */
function bearerOf({ payload, checks }: VerificationReport): string {
  if (!(payload instanceof JsonObject)) return "";
  const sub = shownText(payload.get("sub"));
  const aud = shownText(payload.get("aud"));
  const iat = checks.find(({ name, status }) => name === "iat" && status === "pass");
  const at = aud === undefined ? "" : ` at ${aud}`;
  if (sub === undefined && at === "") return "";
  return [`${sub ?? "anyone"}${at}`, ...(iat?.detail ? [iat.detail] : [])].join(", ");
}

/** Who issued it, whom it is for and of what type it is, as far as nobody asked, with the options that ask. */
function notChecked({ checks, payload, header }: VerificationReport): string {
  const open = checks.filter(isNotAsked).map(({ name }) => name);
  if (open.length === 0) return "";
  const options = open.flatMap((name) => {
    const holder = name === "typ" ? header : payload;
    const value = holder instanceof JsonObject ? shownText(holder.get(name)) : undefined;
    return value === undefined ? [] : [`--${name} ${shellWord(value)}`];
  });
  const how = options.length === 0 ? "the token does not have them" : `to check, add ${options.join(" ")}`;
  return `${open.join(", ")}: ${how}`;
}

/** A text that is short enough to be shown; of a list of one text, that text. */
function shownText(value: JsonValue | undefined): string | undefined {
  const one = Array.isArray(value) && value.length === 1 ? (value[0] as JsonValue) : value;
  return typeof one === "string" && one !== "" && one.length <= SHOWN ? one : undefined;
}

function line(label: string, text: string, style: Style, paint = style.dim): string {
  if (text === "") return "";
  const options = { margin: MARGIN, columns: style.columns };
  return withLabel(`  ${paint(label.padEnd(LABEL_WIDTH))} `, MARGIN - 1, text, options);
}
