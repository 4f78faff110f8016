import type { Trust, TrustSource } from "../token/verify-token.ts";

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
 * Asks the source once for all tokens that name the same key, instead of once for each.
 *
 * @returns the trust source at a time (ms, by the clock); it throws {@link TrustFailure}
 */
export function rememberTrust(source: TrustSource): (now: number) => TrustSource {
  const answers = new Map<string, Trust>();
  let universal: Trust | undefined;
  let since = Number.NEGATIVE_INFINITY;

  function remember(name: string, trust: Trust): void {
    if (trust.universal) universal = trust;
    if (trust.universal || name.length > LONGEST_NAME) return;
    const [oldest] = answers.keys();
    if (answers.size >= MOST && oldest !== undefined) answers.delete(oldest);
    answers.set(name, trust);
  }

  const trustFor: TrustSource = async (hint) => {
    if (universal !== undefined) return universal;
    const name = JSON.stringify([hint.kid, hint.alg]);
    const known = answers.get(name);
    if (known !== undefined) return known;
    try {
      const trust = await source(hint);
      remember(name, trust);
      return trust;
    } catch (error) {
      throw new TrustFailure(error);
    }
  };

  return (now) => {
    // Also when the clock was set back.
    if (now < since || now >= since + LIFETIME) {
      answers.clear();
      since = now;
    }
    return trustFor;
  };
}
