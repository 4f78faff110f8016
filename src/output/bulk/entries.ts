import { encodeBase64Url } from "../../core/base/base64url.ts";
import type { AppError } from "../../core/base/errors.ts";
import { JsonObject, type JsonValue } from "../../core/base/json/value.ts";
import { writeJson } from "../../core/base/json/write.ts";
import type { TokenPart } from "../../core/jose/token/content.ts";
import type { Finding } from "../../core/jose/token/finding.ts";
import type { InspectedToken } from "../../core/jose/token/inspect.ts";
import type { Check } from "../../core/jose/verification/check.ts";
import type { VerificationReport } from "../../core/jose/verification/report.ts";

// The entries of `decode --lines` and `verify --lines` (docs/bulk.md): one line of JSON each, without members that
// would be empty. They are built as text, because building objects for a million tokens takes longer than reading the
// tokens.

interface Found {
  readonly token: InspectedToken;
  readonly repairs: readonly Finding[];
  readonly others: readonly string[];
}

/** The entry of a decoded token; with `error` when it is incomplete or damaged. */
function decoded(line: number, { token, repairs, others }: Found): string {
  const { header, payload, encrypted, warnings, fault } = token;
  let text = `{"line":${line},${part("header", header)},${part("payload", payload)}`;
  if (encrypted) text += ',"encrypted":true';
  if (others.length > 0) text += `,"others":${others.length}`;
  text += codes("repairs", repairs) + codes("warnings", warnings());
  if (fault !== undefined) text += `,${error("token_malformed", fault.message)}`;
  return `${text}}\n`;
}

function verified(
  line: number,
  { valid, verdict, key, checks, sdJwt }: VerificationReport,
  unwrapped: readonly Finding[],
  others: number,
): string {
  let text = `{"line":${line},"valid":${valid}`;
  if (verdict !== undefined) text += `,"code":"${verdict}"`;
  if (key?.kid != null) text += `,"kid":${writeJson(key.kid)}`;
  if (others > 0) text += `,"others":${others}`;
  if (!valid) text += `,"failed":[${checks.filter(isFailure).map(failure).join(",")}]`;
  text += codes("repairs", unwrapped) + warned(checks);
  if (sdJwt !== undefined) text += `,"sd_jwt":${writeJson(sdJwtJson(sdJwt))}`;
  return `${text}}\n`;
}

/** The member for an SD-JWT, of which the issuer's signature and the disclosures were verified. */
function sdJwtJson({
  disclosed,
  keyBinding,
  holderProven,
}: NonNullable<VerificationReport["sdJwt"]>): JsonValue {
  return new JsonObject([
    ["disclosed", disclosed?.disclosures.length ?? 0],
    ["hidden", disclosed?.hidden ?? 0],
    ["key_binding", keyBinding === undefined ? null : holderProven ? "verified" : "not_verified"],
  ]);
}

/** The entry of a line without a token. */
function refused(line: number, { code, message }: AppError, task: "decode" | "verify"): string {
  const verdict = task === "verify" ? `"valid":false,"code":"${code}",` : "";
  return `{"line":${line},${verdict}${error(code, message)}}\n`;
}

/** The writers of entries, one for each result of a line. */
export const ENTRIES = { decoded, verified, refused };

/** `"payload":{…}`, or `payload_text` or `payload_base64url` for a part that is not JSON. */
function part(name: "header" | "payload", found: TokenPart | undefined): string {
  if (found === undefined) return `"${name}":null`;
  const { content, bytes } = found;
  switch (content.kind) {
    case "json":
      return `"${name}":${content.written ?? writeJson(content.value)}`;
    case "text":
      return `"${name}":null,"${name}_text":${writeJson(content.text)}`;
    case "bytes":
      return `"${name}":null,"${name}_base64url":"${encodeBase64Url(bytes)}"`;
  }
}

function error(code: string, message: string): string {
  return `"error":{"code":"${code}","message":${writeJson(message)}}`;
}

function isFailure({ status }: Check): boolean {
  return status === "fail";
}

function isWarning({ status }: Check): boolean {
  return status === "warn";
}

function failure({ name, code, detail }: Check): string {
  return `{"check":"${name}","code":"${code}","detail":${writeJson(detail)}}`;
}

function warned(checks: readonly Check[]): string {
  if (!checks.some(isWarning)) return "";
  return `,"warnings":${writeJson(checks.filter(isWarning).map(({ name }) => name))}`;
}

function codes(name: string, findings: readonly Finding[]): string {
  if (findings.length === 0) return "";
  const found: JsonValue = [...new Set(findings.map(({ code }) => code))];
  return `,"${name}":${writeJson(found)}`;
}
