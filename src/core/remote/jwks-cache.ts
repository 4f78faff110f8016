import { JWKS_CACHE_MS } from "../authority/keys/signing-key.ts";
import { readJson } from "../base/json/read.ts";
import { JsonObject, numberOf } from "../base/json/value.ts";
import { writeJson } from "../base/json/write.ts";
import type { AnswerHeaders, Validators } from "./ports.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

/** How long a fetched document is used, in ms. */
export const CACHE_TIMES = {
  /** The minimum, whatever the server says: many frameworks send `no-store` with everything. */
  shortest: MINUTE,
  /** The default without a header. */
  usual: JWKS_CACHE_MS,
  /** The maximum: a withdrawn key must not be trusted for longer. */
  longest: DAY,
  /** The minimum time between requests for an unknown kid: invented kids must not load the server. */
  betweenQuestions: 30 * SECOND,
  /** The maximum age of a document that is used when the server is unreachable. */
  standIn: DAY,
} as const;

/** A cached document. Times are ms. */
export interface CacheEntry {
  readonly url: string;
  /** The document, written anew from what was read of it. */
  readonly body: string;
  /** When the server last sent or confirmed it. */
  readonly checkedAt: number;
  /** How long from then it is fresh. */
  readonly lifetime: number;
  /** When the last request was made, answered or not. */
  readonly askedAt: number;
  readonly validators: Validators;
  /** When it was last fetched again because a signature did not fit its keys. */
  readonly renewedAt?: number | undefined;
}

/**
 * How long an answer is fresh (RFC 9111 section 4.2.1): `max-age` less `Age`, else `Expires` less `Date`, within
 * {@link CACHE_TIMES}. `no-cache` and `no-store` count as the shortest time.
 * @returns ms
 */
export function lifetimeOf(headers: AnswerHeaders): number {
  const told = toldLifetime(headers);
  return told === undefined
    ? CACHE_TIMES.usual
    : Math.min(Math.max(told, CACHE_TIMES.shortest), CACHE_TIMES.longest);
}

function toldLifetime(headers: AnswerHeaders): number | undefined {
  const control = headers["cache-control"]?.toLowerCase() ?? "";
  if (/(?:^|[\s,])(?:no-cache|no-store)(?:$|[\s,=])/.test(control)) return 0;
  const maxAge = /(?:^|[\s,])max-age\s*=\s*"?(\d+)/.exec(control)?.[1];
  if (maxAge !== undefined) {
    const age = /^\d+$/.test(headers.age?.trim() ?? "") ? Number(headers.age) : 0;
    return (Number(maxAge) - age) * SECOND;
  }
  if (headers.expires === undefined) return undefined;
  const end = Date.parse(headers.expires) - Date.parse(headers.date ?? "");
  // An invalid `Expires` counts as past (RFC 9111 section 5.3). Without `Date` it cannot be compared.
  if (Number.isNaN(Date.parse(headers.expires))) return 0;
  return Number.isNaN(end) ? undefined : end;
}

export function validatorsOf(headers: AnswerHeaders): Validators {
  const { etag, "last-modified": lastModified } = headers;
  return {
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified }),
  };
}

/** Whether the document may be used without a request. Never when the clock was set back before `checkedAt`. */
export function isFresh(entry: CacheEntry, now: number): boolean {
  return isWithin(entry.checkedAt, entry.lifetime, now);
}

/** Whether a fresh document may be fetched again because it lacks a kid. */
export function mayRefetch(entry: CacheEntry, now: number): boolean {
  return !isWithin(entry.askedAt, CACHE_TIMES.betweenQuestions, now);
}

/** Whether a document may be fetched again because a signature does not fit its keys, whenever it was fetched. */
export function mayRenew({ renewedAt }: CacheEntry, now: number): boolean {
  return renewedAt === undefined || !isWithin(renewedAt, CACHE_TIMES.betweenQuestions, now);
}

/** Whether a stale document may be used while the server is unreachable. */
export function mayBeUsedStale(entry: CacheEntry, now: number): boolean {
  return isWithin(entry.checkedAt, Math.max(entry.lifetime, CACHE_TIMES.standIn), now);
}

function isWithin(start: number, span: number, now: number): boolean {
  return now >= start && now - start < span;
}

/**
 * The entry after the server has confirmed it (`304 Not Modified`): new times, and validators where it gave new ones.
 */
export function confirmed(entry: CacheEntry, headers: AnswerHeaders, now: number): CacheEntry {
  return {
    ...entry,
    checkedAt: now,
    askedAt: now,
    lifetime: lifetimeOf(headers),
    validators: { ...entry.validators, ...validatorsOf(headers) },
  };
}

const FORMAT = "jwtctl-cache-1";

export function writeCacheEntry(entry: CacheEntry): string {
  return writeJson(
    JsonObject.of({
      format: FORMAT,
      url: entry.url,
      checked_at: entry.checkedAt,
      lifetime: entry.lifetime,
      asked_at: entry.askedAt,
      renewed_at: entry.renewedAt,
      etag: entry.validators.etag,
      last_modified: entry.validators.lastModified,
      body: entry.body,
    }),
  );
}

/** Reads an entry; undefined for anything but a complete entry of this URL. */
export function readCacheEntry(text: string, url: string): CacheEntry | undefined {
  const reading = readJson(text);
  if (!reading.ok || !(reading.value instanceof JsonObject)) return undefined;
  const members = reading.value;
  const body = members.get("body");
  const [checkedAt, lifetime, askedAt] = ["checked_at", "lifetime", "asked_at"].map((name) =>
    numberOf(members.get(name)),
  );
  if (members.get("format") !== FORMAT || members.get("url") !== url || typeof body !== "string")
    return undefined;
  if (!isTime(checkedAt) || !isTime(lifetime) || !isTime(askedAt)) return undefined;
  if (lifetime > CACHE_TIMES.longest) return undefined;
  const renewedAt = numberOf(members.get("renewed_at"));
  const etag = members.get("etag");
  const lastModified = members.get("last_modified");
  return {
    ...{ url, body, checkedAt, lifetime, askedAt },
    ...(isTime(renewedAt) ? { renewedAt } : {}),
    validators: {
      ...(typeof etag === "string" ? { etag } : {}),
      ...(typeof lastModified === "string" ? { lastModified } : {}),
    },
  };
}

function isTime(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value) && value >= 0;
}
