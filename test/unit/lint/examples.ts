import { createHmac } from "node:crypto";
import { checkSecret } from "../../../src/app/lint/check-secret.ts";
import { type LintOptions, lint, lintSubject } from "../../../src/core/analysis/lint/lint.ts";
import type { LintFinding } from "../../../src/core/analysis/lint/rule.ts";
import { inspectToken } from "../../../src/core/jose/token/inspect.ts";
import { createJws } from "../../../src/crypto/jws.ts";
import { segment } from "../token/make.ts";

export const NOW = Date.UTC(2026, 2, 1, 12);
export const SECONDS = NOW / 1000;

export const HEADER = { alg: "ES256", typ: "at+jwt", kid: "dW5pdC10ZXN0LWtleQ" };
export const CLAIMS = {
  iss: "https://auth.example.com",
  sub: "u-4711",
  aud: "https://api.example.com",
  client_id: "shop",
  scope: "read write",
  iat: SECONDS - 60,
  exp: SECONDS + 840,
  jti: "01JD0Z",
};
const SIGNATURE = new Uint8Array(64).fill(7);

/** A token in which everything is as it should be, but for what is given. `undefined` leaves a member out. */
export function made(
  change: { header?: object; claims?: object; signature?: Uint8Array | string } = {},
): string {
  const signature =
    typeof change.signature === "string" ? change.signature : segment(change.signature ?? SIGNATURE);
  return `${segment({ ...HEADER, ...change.header })}.${segment({ ...CLAIMS, ...change.claims })}.${signature}`;
}

/** From JSON texts as they are written. */
export function written(header: string, payload: string, signature = segment(SIGNATURE)): string {
  return `${segment(header)}.${segment(payload)}.${signature}`;
}

/** A real HMAC. */
export function signed(
  secret: string | Uint8Array,
  change: { header?: object; claims?: object } = {},
): string {
  const input = made({ ...change, header: { alg: "HS256", ...change.header } }).replace(/\.[^.]*$/, "");
  return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
}

export interface Circumstances {
  readonly secret?: string | Uint8Array;
  readonly options?: Partial<LintOptions>;
}

const DEFAULTS: LintOptions = { now: NOW, maxLifetime: 86_400, as: undefined, ignore: new Set() };

export async function findingsOf(
  token: string,
  { secret, options }: Circumstances = {},
): Promise<readonly LintFinding[]> {
  const inspected = inspectToken(token);
  const given = typeof secret === "string" ? new TextEncoder().encode(secret) : secret;
  const evidence = await checkSecret(inspected, given, async () => createJws());
  const all = { ...DEFAULTS, ...options };
  return lint(lintSubject(inspected, all, evidence), all.ignore);
}

export async function rulesBrokenBy(
  token: string,
  circumstances?: Circumstances,
): Promise<readonly string[]> {
  return [...new Set((await findingsOf(token, circumstances)).map(({ rule }) => rule))];
}
