import type { KeyHint, Trust, TrustSource } from "../token/verify-token.ts";

/** How long an answer is kept, in ms: keys may be revoked or rotated while a long input is read. */
const LIFETIME = 10_000;
/** How many answers are kept, and the longest name of one: the input must not fill the memory. */
const MOST = 1_000;
const LONGEST_NAME = 256;

/** A trust source with a cache. */
export interface TrustCache {
  /** The cached answer; undefined when there is none. @param now ms, by the clock */
  recall(hint: KeyHint, now: number): Trust | undefined;
  /** Asks the source and caches its answer. @throws what the source throws */
  ask(hint: KeyHint): Promise<Trust>;
}

/**
 * Asks the source once for all tokens that name the same key, or once in all when every token gets the same answer. A
 * server is asked again once for an unknown `kid`, not for each of them.
 */
export function cacheTrust(source: TrustSource): TrustCache {
  const byName = new Map<string, Trust>();
  let forAll: Trust | undefined;
  let forKnown: { readonly trust: Trust; readonly askedForUnknown: boolean } | undefined;
  let since = Number.NEGATIVE_INFINITY;

  function forgetAt(now: number): void {
    // A clock that was set back ends the cache, too.
    if (now >= since && now < since + LIFETIME) return;
    byName.clear();
    forKnown = undefined;
    since = now;
  }

  function remember(hint: KeyHint, trust: Trust): void {
    if (trust.holdsFor === "all") forAll = trust;
    else if (trust.holdsFor === "known_kids") forKnown = { trust, askedForUnknown: !knows(trust, hint) };
    else {
      const name = nameOf(hint);
      if (name.length > LONGEST_NAME) return;
      const [oldest] = byName.keys();
      if (byName.size >= MOST && oldest !== undefined) byName.delete(oldest);
      byName.set(name, trust);
    }
  }

  return {
    recall(hint, now) {
      if (forAll !== undefined) return forAll;
      forgetAt(now);
      if (forKnown === undefined) return byName.get(nameOf(hint));
      return forKnown.askedForUnknown || knows(forKnown.trust, hint) ? forKnown.trust : undefined;
    },
    async ask(hint) {
      const trust = await source(hint);
      remember(hint, trust);
      return trust;
    },
  };
}

function nameOf({ kid, alg }: KeyHint): string {
  return JSON.stringify([kid, alg]);
}

function knows({ candidates }: Trust, { kid }: KeyHint): boolean {
  return kid === undefined || candidates.some(({ jwk }) => jwk.kid === kid);
}
