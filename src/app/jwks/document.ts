import { AppError } from "../../core/base/errors.ts";
import { readJson } from "../../core/base/json/read.ts";
import type { JsonValue } from "../../core/base/json/value.ts";
import { writeJson } from "../../core/base/json/write.ts";
import type { Clock } from "../../core/base/ports.ts";
import { shellWord } from "../../core/base/text/wording.ts";
import { formatRelative } from "../../core/base/time/format.ts";
import {
  type CacheEntry,
  confirmed,
  isFresh,
  lifetimeOf,
  mayBeUsedStale,
  mayRefetch,
  mayRenew,
  readCacheEntry,
  validatorsOf,
  writeCacheEntry,
} from "../../core/remote/jwks-cache.ts";
import type { DocumentCache, Fetch } from "../../core/remote/ports.ts";
import { displayUrl } from "../../core/remote/remote-url.ts";

/** How a kind of document is read, and what of it is cached. */
export interface DocumentKind<Value> {
  /** Its name in messages, as in "JWKS". */
  readonly name: string;
  /** @throws AppError `network_bad_content` and the like */
  read(value: JsonValue, at: URL): Value;
  keep(value: Value): JsonValue;
  /** Reads back what `keep` wrote. @throws AppError when it is something else */
  recall(value: JsonValue, at: URL): Value;
}

/** A document and where it is from. */
export interface FetchedDocument<Value> {
  readonly value: Value;
  /** `stand_in`: the server cannot be reached, and an older cached document is used. */
  readonly from: "server" | "cache" | "stand_in";
  /** When the server sent or confirmed it, ms. */
  readonly checkedAt: number;
  /** With `stand_in`: the error of the request. */
  readonly failure?: AppError;
}

export interface DocumentPorts {
  readonly fetch: Fetch;
  readonly cache: DocumentCache;
  readonly clock: Clock;
}

/**
 * Takes a document from the cache while it is fresh, else from the server, which may confirm the cached one. When the
 * server cannot be reached, a stale document is used for a while, but not with `refresh`.
 *
 * @throws AppError `network_*`, and what the kind throws
 */
export async function fetchDocument<Value>(
  url: URL,
  kind: DocumentKind<Value>,
  refresh: boolean,
  ports: DocumentPorts,
): Promise<FetchedDocument<Value>> {
  const kept = await recall(url, kind, ports.cache);
  const now = ports.clock.now();
  if (kept && !refresh && isFresh(kept.entry, now)) {
    return { value: kept.value, from: "cache", checkedAt: kept.entry.checkedAt };
  }
  try {
    return await ask(url, kind, kept, ports);
  } catch (error) {
    if (!(error instanceof AppError) || kept === undefined || refresh || !isUnreachable(error)) throw error;
    if (!mayBeUsedStale(kept.entry, now)) throw tooOld(error, kind, kept.entry, now);
    return { value: kept.value, from: "stand_in", checkedAt: kept.entry.checkedAt, failure: error };
  }
}

/**
 * Asks the server for a document that is fresh in the cache but lacks something, or whose keys do not fit.
 *
 * @returns `too_soon` when the server was asked moments ago
 * @throws AppError as {@link fetchDocument}
 */
export async function refetchDocument<Value>(
  url: URL,
  kind: DocumentKind<Value>,
  why: "lacks_kid" | "does_not_fit",
  ports: DocumentPorts,
): Promise<FetchedDocument<Value> | "too_soon"> {
  const kept = await recall(url, kind, ports.cache);
  if (kept === undefined) return ask(url, kind, kept, ports);
  const now = ports.clock.now();
  const isRenewal = why === "does_not_fit";
  if (!(isRenewal ? mayRenew(kept.entry, now) : mayRefetch(kept.entry, now))) return "too_soon";
  const entry = { ...kept.entry, askedAt: now, ...(isRenewal ? { renewedAt: now } : {}) };
  // Written before the request: it counts even when it is never answered.
  await ports.cache.write(url.href, writeCacheEntry(entry));
  return ask(url, kind, { ...kept, entry }, ports);
}

interface Kept<Value> {
  readonly entry: CacheEntry;
  readonly value: Value;
}

/** The cached document; undefined when there is none, or none that can be read. */
async function recall<Value>(
  url: URL,
  kind: DocumentKind<Value>,
  cache: DocumentCache,
): Promise<Kept<Value> | undefined> {
  const text = await cache.read(url.href);
  const entry = text === undefined ? undefined : readCacheEntry(text, url.href);
  const reading = entry === undefined ? undefined : readJson(entry.body);
  if (entry === undefined || !reading?.ok) return undefined;
  try {
    return { entry, value: kind.recall(reading.value, url) };
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

async function ask<Value>(
  url: URL,
  kind: DocumentKind<Value>,
  kept: Kept<Value> | undefined,
  { fetch, cache, clock }: DocumentPorts,
): Promise<FetchedDocument<Value>> {
  const answer = await fetch(kept === undefined ? { url } : { url, validators: kept.entry.validators });
  const now = clock.now();
  if (answer.outcome === "not_modified") {
    // The server answered "not modified" to a request without validators.
    if (kept === undefined)
      throw new AppError("network_bad_status", `${displayUrl(url)} answered 304 to a first question`, {
        hints: [AT_FAULT],
      });
    await cache.write(url.href, writeCacheEntry(confirmed(kept.entry, answer.headers, now)));
    return { value: kept.value, from: "server", checkedAt: now };
  }
  const value = kind.read(parse(answer.body, kind.name, url), url);
  const entry: CacheEntry = {
    url: url.href,
    body: writeJson(kind.keep(value)),
    checkedAt: now,
    askedAt: now,
    lifetime: lifetimeOf(answer.headers),
    validators: validatorsOf(answer.headers),
    renewedAt: kept?.entry.renewedAt,
  };
  await cache.write(url.href, writeCacheEntry(entry));
  return { value, from: "server", checkedAt: now };
}

const AT_FAULT = "The server, or a proxy before it, is at fault: tell those who run it";

/** Parses the body as JSON, whatever its Content-Type. @throws AppError `network_bad_content` */
function parse(body: Uint8Array, name: string, url: URL): JsonValue {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    throw new AppError("network_bad_content", `${displayUrl(url)} answered with bytes that are no JSON`, {
      hints: ["Check the address"],
    });
  }
  const reading = readJson(text);
  if (reading.ok && reading.duplicates.length === 0) return reading.value;
  if (reading.ok) {
    const [twice = ""] = reading.duplicates;
    throw new AppError(
      "network_bad_content",
      `${displayUrl(url)} answered with a ${name} that has ${twice} twice`,
      { hints: [AT_FAULT] },
    );
  }
  const start = text.trimStart();
  if (start.startsWith("-----BEGIN ")) {
    throw new AppError(
      "network_bad_content",
      `${displayUrl(url)} answered with a key in PEM, not a ${name}`,
      {
        hints: [`Fetch it yourself: curl -s ${shellWord(url.href)} | jwtctl verify TOKEN --key -`],
      },
    );
  }
  const what = start === "" ? "nothing" : start.startsWith("<") ? "a web page" : "text that is not JSON";
  throw new AppError("network_bad_content", `${displayUrl(url)} answered with ${what} instead of a ${name}`, {
    hints: ["Check the URL"],
  });
}

const UNREACHABLE: ReadonlySet<string> = new Set([
  "network_name_unknown",
  "network_unreachable",
  "network_interrupted",
  "network_timeout",
  "network_proxy_failed",
]);

/**
 * Whether the server is unreachable or out of order. Other errors, as a wrong certificate or a missing page, are no
 * reason to go on trusting old keys.
 */
function isUnreachable(error: AppError): boolean {
  const { status } = error.data;
  return UNREACHABLE.has(error.code) || (typeof status === "number" && (status >= 500 || status === 429));
}

function tooOld<Value>(error: AppError, kind: DocumentKind<Value>, entry: CacheEntry, now: number): AppError {
  return new AppError(error.code, error.message, {
    hints: [
      ...error.hints,
      `The cached ${kind.name} was fetched ${formatRelative(entry.checkedAt, now)}, which is too long ago to rely on`,
    ],
    data: error.data,
    cause: error,
  });
}
