import { DURATION_LIMITS, type Settings } from "../../authority/settings.ts";
import { counted } from "../../base/text/wording.ts";
import { isJump } from "../../base/time/clock-jump.ts";
import { formatSpan, isoInstant } from "../../base/time/format.ts";
import type { SessionFacts } from "./facts.ts";
import { type Finding, fail, named, pass, warn } from "./finding.ts";

const HOUR = 3600;

export function checkSettings(settings: Settings): Finding {
  const names = Object.keys(DURATION_LIMITS) as (keyof typeof DURATION_LIMITS)[];
  const beyond = names.filter((name) => {
    const { min, max } = DURATION_LIMITS[name];
    return settings[name] < min || settings[name] > max;
  });
  if (beyond.length > 0) {
    return fail(
      "settings",
      `${named(beyond)} is beyond what jwtctl accepts`,
      "Set it: jwtctl config set NAME VALUE",
    );
  }
  if (settings.reuse_window === 0) {
    return warn(
      "settings",
      "reuse_window is 0: a client that loses one answer loses its login",
      "If that is not meant: jwtctl config set reuse_window 10s",
    );
  }
  if (settings.access_ttl > HOUR) {
    return warn(
      "settings",
      `access tokens live ${formatSpan(settings.access_ttl * 1000)}, and nothing can end them before`,
      "If that is not meant: jwtctl config set access_ttl 15m",
    );
  }
  return pass("settings", `access tokens live ${formatSpan(settings.access_ttl * 1000)}`);
}

export function checkSessions(facts: SessionFacts): Finding {
  const { forked, withGaps, withoutOneUnused, reusedAlive } = facts;
  const told = [
    ...(forked > 0 ? [`${counted(forked, "login")} with an older refresh token still unused`] : []),
    ...(withGaps > 0 ? [`${counted(withGaps, "login")} with refresh tokens missing`] : []),
    ...(withoutOneUnused > 0
      ? [`${counted(withoutOneUnused, "live login")} without exactly one unused token`]
      : []),
    ...(reusedAlive > 0
      ? [`${counted(reusedAlive, "login")} not revoked although a used token came back`]
      : []),
  ];
  if (told.length === 0) return pass("sessions", "one unused refresh token each, in an unbroken row");
  return fail(
    "sessions",
    told.join("; "),
    "Somebody has worked on the file: revoke the logins (jwtctl tokens revoke --all) and restore a backup",
  );
}

export function checkSeals({ overdueSeals, strandedSeals }: SessionFacts): Finding {
  const seals = (count: number) => counted(count, "sealed refresh token");
  if (strandedSeals > 0) {
    return warn(
      "seals",
      `${seals(strandedSeals)} outlived the login`,
      "Wipe them: jwtctl doctor --fix",
      true,
    );
  }
  if (overdueSeals === 0) return pass("seals", "nothing is kept longer than it is needed");
  const goes = overdueSeals === 1 ? "goes" : "go";
  return pass("seals", `${seals(overdueSeals)} ${goes} with the next login or refresh`, true);
}

export function checkPasswords(weak: readonly string[]): Finding {
  if (weak.length === 0) return pass("passwords", "none is weak");
  return warn(
    "passwords",
    `${counted(weak.length, "user")} with a password taken with --allow-weak-password: ${named(weak)}`,
    "Have them choose a better one: jwtctl users passwd NAME",
  );
}

/** A time outside these years is wrong: nobody runs this version then. */
const EARLIEST = Date.UTC(2025, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);
/** Milliseconds by which two machines may differ, or a clock that is being set. */
const TOLERANCE = 60_000;

/** What the store shows about the time, in ms; null when it shows nothing. */
export interface StoreTimes {
  /** The latest time in the store. */
  readonly newest: number | null;
  /** The latest use that is a month old or older. */
  readonly lastUse: number | null;
}

export function checkClock({ newest, lastUse }: StoreTimes, now: number): Finding {
  const shown = isoInstant(now) ?? String(now);
  if (now < EARLIEST || now >= LATEST) {
    return fail("clock", `it is not ${shown}`, "Set the clock of this machine right");
  }
  if (newest !== null && newest > now + TOLERANCE) {
    const ahead = formatSpan(newest - now);
    return warn(
      "clock",
      `the store was written at ${isoInstant(newest)}, ${ahead} ahead of this clock: one of the two is or was wrong`,
      "Compare the clock with another machine; what was written ahead expires too late or too early",
    );
  }
  if (lastUse !== null && isJump(lastUse, now)) {
    return warn(
      "clock",
      `it is ${shown}, and the store had been in use until ${isoInstant(lastUse)}: nobody used it for more than a year, or this clock is or was ahead`,
      "Compare the clock with another machine before anything is pruned or deleted",
    );
  }
  return pass("clock", shown);
}
