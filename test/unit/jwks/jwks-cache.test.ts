import { describe, expect, it } from "vitest";
import {
  CACHE_TIMES,
  type CacheEntry,
  confirmed,
  isFresh,
  lifetimeOf,
  mayBeUsedStale,
  mayRefetch,
  readCacheEntry,
  writeCacheEntry,
} from "../../../src/core/remote/jwks-cache.ts";

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 0, 1);
const date = (offset: number) => new Date(NOW + offset).toUTCString();

const entry: CacheEntry = {
  url: "https://a.example/jwks",
  body: '{"keys":[]}',
  checkedAt: NOW,
  lifetime: 10 * MINUTE,
  askedAt: NOW,
  validators: { etag: '"1"', lastModified: date(0) },
};

describe("how long an answer may be used", () => {
  it.each([
    [{}, 10],
    [{ "cache-control": "max-age=300" }, 5],
    [{ "cache-control": "public, Max-Age=300, must-revalidate" }, 5],
    [{ "cache-control": 'max-age="300"' }, 5],
    [{ "cache-control": "max-age=600", age: "300" }, 5],
    [{ "cache-control": "max-age=600", age: "soon" }, 10],
    [{ "cache-control": "s-maxage=7200" }, 10],
    [{ "cache-control": "public" }, 10],
    [{ expires: date(5 * MINUTE), date: date(0) }, 5],
    [{ expires: date(5 * MINUTE) }, 10],
    [{ "cache-control": "max-age=120", expires: date(5 * MINUTE), date: date(0) }, 2],
  ])("%j: %d minutes", (headers, minutes) => expect(lifetimeOf(headers)).toBe(minutes * MINUTE));

  it.each([
    { "cache-control": "no-store" },
    { "cache-control": "no-cache, no-store, max-age=0, must-revalidate" },
    { "cache-control": "max-age=0" },
    { "cache-control": "max-age=10" },
    { "cache-control": "max-age=60", age: "999" },
    { expires: "0", date: date(0) },
    { expires: date(-MINUTE), date: date(0) },
  ])("%j: the shortest time, to spare the server", (headers) => {
    expect(lifetimeOf(headers)).toBe(CACHE_TIMES.shortest);
  });

  it.each([{ "cache-control": "max-age=31536000" }, { "cache-control": `max-age=${"9".repeat(400)}` }])(
    "no more than a day",
    (headers) => expect(lifetimeOf(headers)).toBe(CACHE_TIMES.longest),
  );
});

describe("a kept document", () => {
  it("is fresh for its lifetime, and never before it was fetched", () => {
    expect(isFresh(entry, NOW)).toBe(true);
    expect(isFresh(entry, NOW + 10 * MINUTE - 1)).toBe(true);
    expect(isFresh(entry, NOW + 10 * MINUTE)).toBe(false);
    expect(isFresh(entry, NOW - 1)).toBe(false);
  });

  it("is asked for again because of an unknown kid at most every 30 seconds", () => {
    expect(mayRefetch(entry, NOW + 29_999)).toBe(false);
    expect(mayRefetch(entry, NOW + 30_000)).toBe(true);
  });

  it("stands in for a server for a day", () => {
    expect(mayBeUsedStale(entry, NOW + CACHE_TIMES.standIn - 1)).toBe(true);
    expect(mayBeUsedStale(entry, NOW + CACHE_TIMES.standIn)).toBe(false);
    expect(mayBeUsedStale(entry, NOW - 1)).toBe(false);
  });

  it("starts anew when the server confirms it, with the validators it gives", () => {
    const later = NOW + 60 * MINUTE;
    const after = confirmed(entry, { etag: '"2"', "cache-control": "max-age=120" }, later);
    expect(after).toEqual({
      ...entry,
      checkedAt: later,
      askedAt: later,
      lifetime: 2 * MINUTE,
      validators: { etag: '"2"', lastModified: date(0) },
    });
  });

  it("survives being written and read", () => {
    expect(readCacheEntry(writeCacheEntry(entry), entry.url)).toEqual(entry);
    const bare = { ...entry, validators: {} };
    expect(readCacheEntry(writeCacheEntry(bare), entry.url)).toEqual(bare);
  });

  it("is nothing when it is of another address", () => {
    expect(readCacheEntry(writeCacheEntry(entry), "https://b.example/jwks")).toBeUndefined();
  });

  const written = writeCacheEntry(entry);
  it.each([
    ["empty", ""],
    ["cut", written.slice(0, -5)],
    ["a list", "[]"],
    ["of another format", written.replace("jwtctl-cache-1", "jwtctl-cache-9")],
    ["with a time that is text", written.replace(`"checked_at":${NOW}`, '"checked_at":"now"')],
    ["with a time before 1970", written.replace(`"checked_at":${NOW}`, '"checked_at":-1')],
    ["with an infinite time", written.replace(`"checked_at":${NOW}`, '"checked_at":1e999')],
    ["with a lifetime nobody may set", written.replace(`"lifetime":${10 * MINUTE}`, '"lifetime":1e15')],
    ["without a body", written.replace('"body"', '"nobody"')],
  ])("is nothing when it is %s", (_, text) => {
    expect(text).not.toBe(written);
    expect(readCacheEntry(text, entry.url)).toBeUndefined();
  });
});
