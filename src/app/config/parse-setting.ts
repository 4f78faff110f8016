import {
  DEFAULT_SETTINGS,
  DURATION_LIMITS,
  type SettingName,
  type Settings,
} from "../../core/authority/settings.ts";
import { AppError } from "../../core/base/errors.ts";
import { formatDuration, parseDuration } from "../../core/base/time/duration.ts";
import { isJwsAlgorithm, SIGNING_ALGORITHMS, signsWith } from "../../core/jose/algorithms.ts";

export const SETTING_NAMES = Object.keys(DEFAULT_SETTINGS) as SettingName[];

/** The name of a setting, in its right spelling. @throws AppError `usage` when there is none */
export function settingName(text: string): SettingName {
  const name = text.replaceAll("-", "_").toLowerCase();
  const found = SETTING_NAMES.find((candidate) => candidate === name);
  if (found) return found;
  throw new AppError("usage", `there is no setting ${text}`, {
    hints: [`The settings are: ${SETTING_NAMES.join(", ")}`],
  });
}

/** Parses the value of a setting. @throws AppError `usage`, with the limits for a value outside them */
export function parseSetting(name: SettingName, text: string): Partial<Settings> {
  switch (name) {
    case "issuer":
    case "audience":
      return { [name]: identifier(name, text) };
    case "algorithm":
      if (isJwsAlgorithm(text) && signsWith(text)) return { algorithm: text };
      throw new AppError("usage", `jwtctl has no algorithm ${text}`, {
        hints: [algorithmHint(text)],
      });
    default:
      return { [name]: duration(name, text) };
  }
}

/** Suggests an algorithm for a name in the wrong case: names are case-sensitive (RFC 7515 section 4.1.1). */
function algorithmHint(text: string): string {
  const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "");
  const meant = SIGNING_ALGORITHMS.find((name) => plain(name) === plain(text));
  return meant === undefined ? `Choose from: ${SIGNING_ALGORITHMS.join(", ")}` : `Did you mean ${meant}?`;
}

function identifier(name: string, text: string): string {
  // StringOrURI (RFC 7519 section 2): a text with a colon must be a URI; a URI has no blanks and no control characters.
  if (text.trim() === "" || /[\s\p{Cc}]/u.test(text)) {
    throw new AppError("usage", `${name} must not be empty or hold white space or control characters`, {
      hints: ["Give a URI, as in https://auth.example.com"],
    });
  }
  return text;
}

function duration(name: keyof typeof DURATION_LIMITS, text: string): number {
  const seconds = parseDuration(text, name);
  const { min, max } = DURATION_LIMITS[name];
  if (seconds >= min && seconds <= max && Number.isInteger(seconds)) return seconds;
  throw new AppError("usage", `${name} must lie between ${formatDuration(min)} and ${formatDuration(max)}`, {
    hints: [`Give whole seconds, or a unit: ${formatDuration(DEFAULT_SETTINGS[name])} is the default`],
  });
}

/** Refuses settings that contradict one another. @throws AppError `usage` */
export function checkSettings(settings: Settings): void {
  if (settings.refresh_idle > settings.refresh_max) {
    throw new AppError("usage", "refresh_idle must not be longer than refresh_max", {
      hints: ["The idle lifetime ends a login that is not used; the absolute one ends it in any case"],
    });
  }
}

/** The value as the user would type it. */
export function settingText(name: SettingName, settings: Settings): string {
  return name in DURATION_LIMITS ? formatDuration(settings[name] as number) : String(settings[name]);
}
