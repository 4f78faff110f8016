/** The way to servers. Only what the user named is fetched: nothing a token says ever gets here. */
export interface Network {
  /**
   * Lets `work` fetch. All that is fetched in one visit shares one time limit ({@link FETCH_LIMITS}) and its
   * connections, which are closed when the visit ends.
   */
  visit<T>(work: (fetch: Fetch) => Promise<T>): Promise<T>;
}

/**
 * GET, without cookies or credentials. The URL must have passed `requireFetchable`; redirects within its origin are
 * followed.
 * @throws AppError one of the `network_*` codes
 */
export type Fetch = (request: FetchRequest) => Promise<FetchAnswer>;

export interface FetchRequest {
  readonly url: URL;
  /** What the server is asked to compare with (RFC 9110 section 13): it answers `not_modified` when nothing changed. */
  readonly validators?: Validators;
}

export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}

export type FetchAnswer =
  | { readonly outcome: "fetched"; readonly body: Uint8Array; readonly headers: AnswerHeaders }
  | { readonly outcome: "not_modified"; readonly headers: AnswerHeaders };

/** The header fields that matter to a cache (RFC 9111), by their lower-case names. */
export interface AnswerHeaders {
  readonly "cache-control"?: string;
  readonly age?: string;
  readonly expires?: string;
  readonly date?: string;
  readonly etag?: string;
  readonly "last-modified"?: string;
}

export const FETCH_LIMITS = {
  /** For a whole visit, redirects and discovery included; ms. */
  time: 5000,
  /** Of one body, before and after decompression; bytes. */
  size: 1024 * 1024,
  redirects: 3,
} as const;

/** What was fetched, kept between runs. Holds nothing secret. */
export interface DocumentCache {
  /** The entry kept under this name; undefined when there is none, or none that can be trusted. */
  read(name: string): Promise<string | undefined>;
  /** @returns whether it could be kept; a cache that cannot be written is no reason to fail */
  write(name: string, entry: string): Promise<boolean>;
}
