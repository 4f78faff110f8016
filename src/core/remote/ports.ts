/** HTTP. Only addresses that the user named are fetched, never those in a token. */
export interface Network {
  /**
   * Runs `work` with a fetch function. All requests of a visit share one time limit ({@link FETCH_LIMITS}) and the
   * connections, which are closed at the end.
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
  /** Makes the request conditional (RFC 9110 section 13): the answer is `not_modified` when nothing changed. */
  readonly validators?: Validators;
}

export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}

export type FetchAnswer =
  | { readonly outcome: "fetched"; readonly body: Uint8Array; readonly headers: AnswerHeaders }
  | { readonly outcome: "not_modified"; readonly headers: AnswerHeaders };

/** The header fields for caching (RFC 9111), by their lower-case names. */
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

/** A cache of fetched documents that is kept between runs. Holds no secrets. */
export interface DocumentCache {
  /** The entry of this name; undefined when there is none, or its file cannot be trusted. */
  read(name: string): Promise<string | undefined>;
  /** Writes an entry. @returns false when it could not be written, which is no error */
  write(name: string, entry: string): Promise<boolean>;
}
