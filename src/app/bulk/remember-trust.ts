import type { KeyHint, Trust, TrustSource } from "../token/verify-token.ts";

/** How long an answer holds, in ms: keys are revoked and rotated while a long input is read. */
const LIFETIME = 10_000;
/** How many answers are kept, and how long the names they are kept under may be: input must not fill the memory. */
const MOST = 1_000;
const LONGEST_NAME = 256;

/** The source could not say whom to trust (`cause`). That is not about one token: the next would meet it too. */
export class TrustFailure extends Error {
  constructor(cause: unknown) {
    super("the keys cannot be had", { cause });
  }
}

/**
 * Asks the source once for all tokens that name the same key, instead of once for each; and where every token gets the
 * same answer, once in all. A server is asked again for an unknown `kid`, but not for each of a million made-up ones.
 *
 * @returns the trust source at a time (ms, by the clock); it throws {@link TrustFailure}
 */
export function rememberTrust(source: TrustSource): (now: number) => TrustSource {
  const byName = new Map<string, Trust>();
  let forAll: Trust | undefined;
  let forKnown: { readonly trust: Trust; readonly askedForUnknown: boolean } | undefined;
  let since = Number.NEGATIVE_INFINITY;

  function recall(hint: KeyHint, name: string): Trust | undefined {
    if (forKnown !== undefined) {
      return forKnown.askedForUnknown || knows(forKnown.trust, hint) ? forKnown.trust : undefined;
    }
    return byName.get(name);
  }

  function remember(hint: KeyHint, name: string, trust: Trust): void {
    if (trust.holdsFor === "all") forAll = trust;
    else if (trust.holdsFor === "known_kids") forKnown = { trust, askedForUnknown: !knows(trust, hint) };
    else if (name.length <= LONGEST_NAME) {
      const [oldest] = byName.keys();
      if (byName.size >= MOST && oldest !== undefined) byName.delete(oldest);
      byName.set(name, trust);
    }
  }

  const trustFor: TrustSource = async (hint) => {
    if (forAll !== undefined) return forAll;
    const name = JSON.stringify([hint.kid, hint.alg]);
    const known = recall(hint, name);
    if (known !== undefined) return known;
    try {
      const trust = await source(hint);
      remember(hint, name, trust);
      return trust;
    } catch (error) {
      throw new TrustFailure(error);
    }
  };

  return (now) => {
    // Also when the clock was set back.
    if (now < since || now >= since + LIFETIME) {
      byName.clear();
      forKnown = undefined;
      since = now;
    }
    return trustFor;
  };
}

function knows({ candidates }: Trust, { kid }: KeyHint): boolean {
  return kid === undefined || candidates.some(({ jwk }) => jwk.kid === kid);
}
