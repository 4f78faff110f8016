import { encodeBase64Url } from "../../core/base/base64url.ts";
import type { JsonValue } from "../../core/base/json/value.ts";
import { isoInstant } from "../../core/base/time/format.ts";
import type { TokenPart } from "../../core/jose/token/content.ts";
import type { DecodedToken } from "../../core/jose/token/decoded-token.ts";
import type { Finding } from "../../core/jose/token/finding.ts";
import type { TokenTimes } from "../../core/jose/token/times.ts";

/**
 * The document of `decode --json`. Header and payload keep every member of the token; a part that is not JSON is given
 * as text or base64url.
 */
export function decodeJson({ token, identity, repairs, warnings, times }: DecodedToken) {
  return {
    header: jsonOf(token.header),
    ...otherwise("header", token.header),
    payload: jsonOf(token.payload),
    ...otherwise("payload", token.payload),
    signature: token.signature?.text ?? null,
    verified: null,
    encrypted: token.encrypted,
    ...(identity?.kind === undefined ? {} : { kind: identity.kind }),
    ...(identity?.provider === undefined ? {} : { issuer: identity.provider }),
    repairs: repairs.map(findingJson),
    warnings: warnings.map(findingJson),
    times: times === undefined ? null : timesJson(times),
  };
}

export function findingJson({ code, message }: Finding) {
  return { code, message };
}

export function jsonOf(part: TokenPart | undefined): JsonValue {
  return part?.content.kind === "json" ? part.content.value : null;
}

/** `payload_text` or `payload_base64url` for a part that is not JSON. */
export function otherwise(name: string, part: TokenPart | undefined): Record<string, string> {
  if (part === undefined || part.content.kind === "json") return {};
  return part.content.kind === "text"
    ? { [`${name}_text`]: part.content.text }
    : { [`${name}_base64url`]: encodeBase64Url(part.bytes) };
}

/** The dates in ISO 8601 (the payload has them as NumericDate); spans are in seconds. */
function timesJson({ now, expired, notYetValid, lifetime, claims }: TokenTimes) {
  return {
    at: isoInstant(now),
    expired: expired ?? null,
    not_yet_valid: notYetValid ?? null,
    lifetime: lifetime === undefined ? null : lifetime.end - lifetime.start,
    claims: Object.fromEntries(
      claims.map(({ name, seconds, instant }) => [
        name,
        {
          iso: instant === undefined ? null : isoInstant(instant),
          in_seconds: rounded(seconds - now / 1000),
        },
      ]),
    ),
  };
}

/** Rounds to the millisecond, the resolution of the clock. */
function rounded(seconds: number): number {
  return Math.abs(seconds) < 1e12 ? Math.round(seconds * 1000) / 1000 : seconds;
}
