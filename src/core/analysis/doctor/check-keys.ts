import {
  earlierRetirement,
  isAgeUnknown,
  MAX_AHEAD_MS,
  nextStandby,
  type SigningKey,
} from "../../authority/keys/signing-key.ts";
import { largest } from "../../base/largest.ts";
import { counted } from "../../base/text/wording.ts";
import { formatSpan, isoInstant } from "../../base/time/format.ts";
import type { KeyFact } from "./facts.ts";
import { type Finding, fail, named, pass, warn } from "./finding.ts";

const DAY = 24 * 60 * 60 * 1000;
/** The age, in ms, from which a rotation is due. NIST SP 800-57 allows years; a quarter keeps it practised. */
const OLD = 90 * DAY;

export function checkActiveKey(keys: readonly KeyFact[]): Finding {
  const active = keys.filter(({ state }) => state === "active");
  const [only] = active;
  if (active.length > 1) {
    return fail(
      "active_key",
      `${active.length} keys are active`,
      "Restore your last backup: jwtctl restore FILE",
    );
  }
  if (only === undefined) {
    return fail("active_key", "no key signs", "Make the standby active: jwtctl keys rotate");
  }
  if (!only.hasPrivate) {
    return fail(
      "active_key",
      `${only.kid} has no private half to sign with`,
      "Replace it: jwtctl keys rotate",
    );
  }
  return pass("active_key", `${only.kid} (${only.alg})`);
}

export function checkStandbyKey(keys: readonly KeyFact[]): Finding {
  const standby = nextStandby(keys);
  if (standby !== undefined) return pass("standby_key", `${standby.kid} (${standby.alg}) signs next`);
  return warn(
    "standby_key",
    "no key is published ahead: after a rotation verifiers meet a key that they do not know",
    "Make one: jwtctl keys generate",
    true,
  );
}

export function checkKeyAge(keys: readonly KeyFact[], now: number): Finding {
  const active = keys.find(({ state }) => state === "active");
  if (active === undefined) return pass("key_age", "no key signs");
  if (isAgeUnknown(active, keys, now)) {
    const when = isoInstant(active.activatedAt ?? now);
    return warn(
      "key_age",
      `${active.kid} was activated at ${when}, by a clock that was ahead: nobody knows how long it has been signing`,
      "Rotate it: jwtctl keys rotate",
    );
  }
  const age = Math.max(0, now - (active.activatedAt ?? active.createdAt));
  const told = `${active.kid} has been signing for ${formatSpan(age)}`;
  return age < OLD ? pass("key_age", told) : warn("key_age", told, "Rotate it: jwtctl keys rotate");
}

export function checkKeyDates(keys: readonly KeyFact[], now: number): Finding {
  const early = keys.filter((key) => endsBeforeItsTokens(key, now));
  if (early.length > 0) {
    return warn(
      "key_dates",
      `tokens of ${named(early.map(({ kid }) => kid))} live longer than the key, and will be refused`,
      "Have those who hold such tokens fetch new ones",
    );
  }
  const late = keys.filter((key) => endsLongAfterItsTokens(key, now));
  if (late.length > 0) {
    return warn(
      "key_dates",
      `${named(late.map(({ kid }) => kid))} will verify long after the last token has expired: a clock was ahead`,
      "Set the date right: jwtctl keys retire KID",
    );
  }
  const forever = keys.filter(({ state, retiresAt }) => state === "retiring" && retiresAt === null);
  if (forever.length > 0) {
    return warn(
      "key_dates",
      `${named(forever.map(({ kid }) => kid))} will verify until retired by hand`,
      "End it when nobody needs it any more: jwtctl keys retire KID",
    );
  }
  const retiring = keys.filter(({ state, retiresAt }) => state === "retiring" && (retiresAt ?? 0) > now);
  const last = largest(retiring.map(({ retiresAt }) => retiresAt ?? 0));
  return pass(
    "key_dates",
    retiring.length === 0
      ? "no key is retiring"
      : `${counted(retiring.length, "key")} retiring, the last until ${isoInstant(last)}`,
  );
}

function endsBeforeItsTokens(
  { state, retiresAt, maxExp, signedWithoutExp }: SigningKey,
  now: number,
): boolean {
  if (state !== "retiring" || retiresAt === null) return false;
  return signedWithoutExp === true || (maxExp !== null && maxExp * 1000 > Math.max(retiresAt, now));
}

function endsLongAfterItsTokens(key: SigningKey, now: number): boolean {
  return (key.retiresAt ?? 0) > (earlierRetirement(key, now) ?? Number.POSITIVE_INFINITY) + MAX_AHEAD_MS;
}

export function checkPrivateHalves(keys: readonly KeyFact[], now: number): Finding {
  const ended = keys.filter(
    ({ hasPrivate, state, retiresAt }) =>
      hasPrivate &&
      (state === "retired" ||
        state === "revoked" ||
        (state === "retiring" && retiresAt !== null && retiresAt <= now)),
  );
  if (ended.length > 0) {
    return warn(
      "private_halves",
      `the private half of ${named(ended.map(({ kid }) => kid))} is kept, although nothing is accepted from it any more`,
      "Destroy it: jwtctl doctor --fix",
      true,
    );
  }
  const kept = keys.filter(
    ({ hasPrivate, state, publicJwk }) => hasPrivate && state === "retiring" && publicJwk !== null,
  );
  return pass(
    "private_halves",
    kept.length === 0
      ? "only keys that sign, or will, have one"
      : `${named(kept.map(({ kid }) => kid))} can still go back to signing (--keep-private)`,
  );
}

export function checkEncryption(keys: readonly KeyFact[], encryption: "passphrase" | "none"): Finding {
  const wrong = encryption === "passphrase" ? "plain" : "encrypted";
  const odd = keys.filter(({ privateForm }) => privateForm === wrong).map(({ kid }) => kid);
  if (odd.length > 0) {
    const how =
      wrong === "plain"
        ? "in the clear, although the store has a passphrase"
        : "sealed, although the store has no passphrase";
    return fail(
      "encryption",
      `the private half of ${named(odd)} is kept ${how}`,
      "Seal all of them anew: jwtctl keys passphrase; and revoke keys whose private half others may have read",
    );
  }
  return pass(
    "encryption",
    encryption === "passphrase"
      ? "private keys are sealed under a passphrase"
      : "private keys are in the clear, as was chosen: whoever has the file can sign",
  );
}
