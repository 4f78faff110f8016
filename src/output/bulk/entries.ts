import type { AppError } from "../../core/errors.ts";
import { JsonObject, type JsonValue } from "../../core/json/value.ts";
import { writeJson } from "../../core/json/write.ts";
import type { Finding } from "../../core/token/finding.ts";
import type { InspectedToken } from "../../core/token/inspect.ts";
import type { VerificationReport } from "../../core/token/verification.ts";
import { jsonOf, otherwise } from "../token/decode-json.ts";

// The entries of `decode --lines` and `verify --lines`: documents of one line, kept small. What is the rule is not said
// (docs/bulk.md): there is no `repairs` when nothing was repaired, no `warnings` when there are none.

/** Writes the entry of one line of the input, with its final line break. */
function entry(line: number, members: Record<string, JsonValue | undefined>): string {
  return `${writeJson(JsonObject.of({ line, ...members }))}\n`;
}

interface Decoded {
  readonly token: InspectedToken;
  readonly repairs: readonly Finding[];
  readonly others: readonly string[];
}

function decoded(line: number, { token, repairs, others }: Decoded): string {
  const { header, payload, encrypted, warnings, fault } = token;
  return entry(line, {
    header: jsonOf(header),
    ...otherwise("header", header),
    payload: jsonOf(payload),
    ...otherwise("payload", payload),
    encrypted: encrypted ? true : undefined,
    others: others.length > 0 ? others.length : undefined,
    repairs: codesOf(repairs),
    warnings: codesOf(warnings),
    error: fault && errorOf("token_malformed", fault.message),
  });
}

interface Verified extends VerificationReport {
  readonly unwrapped: readonly Finding[];
}

function verified(line: number, { valid, verdict, key, checks, unwrapped }: Verified): string {
  const failed = valid ? [] : checks.filter(({ status }) => status === "fail");
  const warned = checks.filter(({ status }) => status === "warn");
  return entry(line, {
    valid,
    code: verdict,
    kid: key?.kid ?? undefined,
    failed: listed(
      failed.map(({ name, code, detail }) => JsonObject.of({ check: name, code: code ?? null, detail })),
    ),
    repairs: codesOf(unwrapped),
    warnings: listed(warned.map(({ name }) => name)),
  });
}

function refused(line: number, { code, message }: AppError, task: "decode" | "verify"): string {
  const error = errorOf(code, message);
  return task === "decode" ? entry(line, { error }) : entry(line, { valid: false, code, error });
}

function errorOf(code: string, message: string): JsonObject {
  return JsonObject.of({ code, message });
}

function codesOf(findings: readonly Finding[]): readonly JsonValue[] | undefined {
  return listed([...new Set(findings.map(({ code }) => code))]);
}

function listed(values: readonly JsonValue[]): readonly JsonValue[] | undefined {
  return values.length > 0 ? values : undefined;
}

/** What is written about each line: one for every way it can end. */
export const ENTRIES = { decoded, verified, refused };
