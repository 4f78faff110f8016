import { AppError } from "../../core/base/errors.ts";
import { JsonObject, type JsonValue, jsonFrom } from "../../core/base/json/value.ts";
import { writeJson } from "../../core/base/json/write.ts";
import type { Clock } from "../../core/base/ports.ts";
import { formatRelative } from "../../core/base/time/format.ts";
import type { Jwk } from "../../core/jose/jwk.ts";
import type { KeyTools, LeftOutKey, ReadKeys } from "../../core/jose/ports/crypto.ts";
import type { Finding } from "../../core/jose/token/finding.ts";
import { discoveryUrls, type IssuerDocument, readIssuerDocument } from "../../core/remote/issuer-document.ts";
import { CACHE_TIMES } from "../../core/remote/jwks-cache.ts";
import type { DocumentCache, Network } from "../../core/remote/ports.ts";
import {
  type RemoteKeys,
  readCachedJwks,
  readRemoteJwks,
  writeCachedJwks,
} from "../../core/remote/remote-jwks.ts";
import { displayUrl, requireFetchable } from "../../core/remote/remote-url.ts";
import {
  type DocumentKind,
  type DocumentPorts,
  type FetchedDocument,
  fetchDocument,
  refetchDocument,
} from "./document.ts";

/** The address of the keys, as the user typed it. Never from a token. */
export type RemoteSource =
  | { readonly kind: "jwks"; readonly url: string }
  | { readonly kind: "issuer"; readonly url: string };

export interface LoadedKeys {
  readonly keys: readonly Jwk[];
  /** The URL of the JWK Set, for messages and reports. */
  readonly url: string;
  /** With `kind: "issuer"`: the issuer, which the token's `iss` has to be. */
  readonly issuer: string | undefined;
  /** What the metadata name as the issuer of access tokens, where that is another. */
  readonly accessTokenIssuer: string | undefined;
  readonly from: FetchedDocument<unknown>["from"];
  /** When the server sent or confirmed the keys, ms. */
  readonly checkedAt: number;
  /** What the user should know. */
  readonly warnings: readonly Finding[];
  /** What the user may want to know about the keys, and which were left out. */
  readonly notes: readonly string[];
  readonly leftOut: readonly LeftOutKey[];
}

export interface RemoteKeyPorts {
  readonly network: Network;
  readonly cache: DocumentCache;
  readonly clock: Clock;
  readonly keyTools: Pick<KeyTools, "read">;
}

/**
 * Loads the public keys of a JWK Set at a URL, or at the `jwks_uri` of an issuer's metadata.
 *
 * @param input.refresh ask the server even though the cache is fresh (`--refresh-jwks`)
 * @param input.kid the token's `kid`: a cached set without it is fetched again, once
 * @param input.renew fetch a cached set again whatever is in it: a signature does not fit its keys
 * @throws AppError `url_refused`, `network_*`, `issuer_document_mismatch`, `jwks_uri_refused`
 */
export async function loadRemoteKeys(
  input: { source: RemoteSource; refresh: boolean; kid?: string | undefined; renew?: boolean },
  ports: RemoteKeyPorts,
): Promise<LoadedKeys> {
  const { source, refresh } = input;
  const named = requireFetchable(source.url, source.kind === "jwks" ? "--jwks" : "--issuer-url");
  return ports.network.visit(async (fetch) => {
    const documents = { fetch, cache: ports.cache, clock: ports.clock };
    const metadata =
      source.kind === "issuer" ? await discover(source.url.trim(), named, refresh, documents) : undefined;
    const url = metadata === undefined ? named : new URL(metadata.value.jwksUri);
    const set = await suitableJwks(url, input, documents);
    const { keys, notes, leftOut } = await usableKeys(set.value, url, ports.keyTools);
    const now = ports.clock.now();
    return {
      ...{
        keys,
        notes,
        leftOut,
        url: displayUrl(url),
        issuer: metadata?.value.issuer,
        accessTokenIssuer: metadata?.value.accessTokenIssuer,
        from: set.from,
        checkedAt: set.checkedAt,
      },
      warnings: [
        ...(metadata === undefined ? [] : standInWarning(metadata, ISSUER_NAME, now)),
        ...standInWarning(set, "JWKS", now),
        ...set.warnings,
        ...set.value.warnings,
      ],
    };
  });
}

const JWKS: DocumentKind<RemoteKeys> = {
  name: "JWKS",
  read: readRemoteJwks,
  keep: writeCachedJwks,
  recall: readCachedJwks,
};

const ISSUER_NAME = "issuer's metadata";

function issuerKind(issuer: string): DocumentKind<IssuerDocument> {
  const read = (value: JsonValue, at: URL) => readIssuerDocument(value, issuer, at);
  const keep = (document: IssuerDocument) =>
    JsonObject.of({
      issuer: document.issuer,
      jwks_uri: document.jwksUri,
      access_token_issuer: document.accessTokenIssuer,
    });
  return { name: ISSUER_NAME, read, keep, recall: read };
}

/** The errors of an address without metadata: "no such page", or the page of a web application. */
const NOT_HERE: ReadonlySet<string> = new Set(["network_bad_status", "network_bad_content"]);

/** Fetches the issuer's metadata from the first well-known address that has it. */
async function discover(
  issuer: string,
  named: URL,
  refresh: boolean,
  ports: DocumentPorts,
): Promise<FetchedDocument<IssuerDocument>> {
  const candidates = discoveryUrls(named);
  let first: AppError | undefined;
  for (const url of await cachedFirst(candidates, ports.cache)) {
    try {
      return await fetchDocument(url, issuerKind(issuer), refresh, ports);
    } catch (error) {
      if (!(error instanceof AppError) || !NOT_HERE.has(error.code) || isServerTrouble(error)) throw error;
      first ??= error;
    }
  }
  throw new AppError(first?.code ?? "network_bad_status", `the issuer ${displayUrl(named)} has no metadata`, {
    hints: [
      `Tried: ${candidates.map(displayUrl).join(", ")}`,
      "If you know the address of its keys, give it with --jwks",
    ],
    data: first?.data ?? {},
    cause: first,
  });
}

/** Puts the address that is in the cache first: only there a request can be spared. */
async function cachedFirst(candidates: readonly URL[], cache: DocumentCache): Promise<readonly URL[]> {
  const entries = await Promise.all(candidates.map((url) => cache.read(url.href)));
  const isCached = (url: URL) => entries[candidates.indexOf(url)] !== undefined;
  return [...candidates.filter(isCached), ...candidates.filter((url) => !isCached(url))];
}

function isServerTrouble(error: AppError): boolean {
  return typeof error.data["status"] === "number" && error.data["status"] >= 500;
}

type KeySet = FetchedDocument<RemoteKeys> & { readonly warnings: readonly Finding[] };

/**
 * Loads the key set; a cached one without the token's kid, or whose key does not fit, is fetched again: the issuer may
 * have rotated its keys, or made new ones under an old kid.
 */
async function suitableJwks(
  url: URL,
  { refresh, kid, renew = false }: { refresh: boolean; kid?: string | undefined; renew?: boolean },
  ports: DocumentPorts,
): Promise<KeySet> {
  const set = await fetchDocument(url, JWKS, refresh, ports);
  const known = kid === undefined || set.value.keys.some((key) => key.kid === kid);
  if ((known && !renew) || set.from !== "cache") return { ...set, warnings: [] };
  const fault = known
    ? "the signature doesn't match the key in the cached JWKS"
    : "the token's kid is not in the cached JWKS";
  try {
    const again = await refetchDocument(url, JWKS, known ? "does_not_fit" : "lacks_kid", ports);
    return again === "too_soon"
      ? { ...set, warnings: [askedRecently(fault, set.checkedAt, ports.clock.now())] }
      : { ...again, warnings: [] };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ...set, warnings: [notRenewed(fault, error)] };
  }
}

function askedRecently(fault: string, checkedAt: number, now: number): Finding {
  return {
    code: "jwks_asked_recently",
    message:
      `${fault} (fetched ${formatRelative(checkedAt, now)}); the server is asked again at most every ` +
      `${CACHE_TIMES.betweenQuestions / 1000} seconds, or with --refresh-jwks`,
  };
}

function notRenewed(fault: string, error: AppError): Finding {
  return {
    code: "jwks_not_renewed",
    message: `${fault}, and asking for it again failed: ${error.message}`,
  };
}

function standInWarning(obtained: FetchedDocument<unknown>, name: string, now: number): Finding[] {
  if (obtained.from !== "stand_in") return [];
  const age = formatRelative(obtained.checkedAt, now);
  return [
    {
      code: "jwks_stand_in",
      message: `${obtained.failure?.message ?? "the server cannot be reached"}; the ${name} from the cache is used, fetched ${age}`,
    },
  ];
}

/** The keys that can verify a signature, by the rules of a key file. */
async function usableKeys(set: RemoteKeys, url: URL, keyTools: Pick<KeyTools, "read">): Promise<ReadKeys> {
  try {
    return await keyTools.read(new TextEncoder().encode(writeJson(jsonFrom({ keys: set.keys }))));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError(
      "network_bad_content",
      `the JWKS at ${displayUrl(url)} has no key that verifies signatures`,
      {
        hints: ["Check the URL; the issuer may publish its signing keys elsewhere"],
        cause: error,
      },
    );
  }
}
