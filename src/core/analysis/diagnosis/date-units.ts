import { type JsonValue, numberOf } from "../../base/json/value.ts";
import { formatInstant } from "../../base/time/format.ts";
import { quoted } from "../../jose/verification/check.ts";
import {
  checkFailed,
  type Explanation,
  type FailedVerification,
  fixForIssuer,
} from "./failed-verification.ts";

const DATES = ["exp", "nbf", "iat"] as const;

const UNITS = [
  ["milliseconds", 1e3],
  ["microseconds", 1e6],
  ["nanoseconds", 1e9],
] as const;

/** The years 2000 and 2100, in seconds: between them a token's date is plausible. */
const PLAUSIBLE = [946_684_800, 4_102_444_800] as const;

/** Causes: a date in a finer unit than seconds, or as text (NumericDate, RFC 7519 section 2). */
export function explainDateUnits(failure: FailedVerification): readonly Explanation[] {
  const wrong = DATES.filter((name) => checkFailed(failure, name));
  if (wrong.length === 0) return [];
  return [...finerUnits(failure), ...wrong.flatMap((name) => textDate(failure, name))];
}

/** Names every date in a finer unit once one of them fails: they are wrong for the same reason, checked or not. */
function finerUnits({ claims }: FailedVerification): readonly Explanation[] {
  const found = DATES.flatMap((name) => {
    const value = numberOf(claims?.get(name));
    const unit = value === undefined ? undefined : UNITS.find(([, size]) => isPlausible(value / size));
    return value === undefined || unit === undefined ? [] : [{ name, value, unit }];
  });
  const [first] = found;
  if (first === undefined) return [];
  const [unit, size] = first.unit;
  const shown = found.map(({ name, value }) => `${name} ${value}`).join(", ");
  return [
    {
      cause: "date_in_milliseconds",
      evidence: `${shown}: in ${unit} that is ${formatInstant((first.value / size) * 1000)}, in seconds beyond the year 5000`,
      fix: fixForIssuer(
        `divide by ${size}: dates are seconds since 1970, where JavaScript and Java count milliseconds`,
      ),
    },
  ];
}

/** Whether a date is plausible in milliseconds or a finer unit, and not in seconds. */
export function inFinerUnit(date: JsonValue | undefined): boolean {
  const value = numberOf(date);
  return value !== undefined && UNITS.some(([, size]) => isPlausible(value / size));
}

function isPlausible(seconds: number): boolean {
  return seconds >= PLAUSIBLE[0] && seconds <= PLAUSIBLE[1];
}

function textDate({ claims }: FailedVerification, name: (typeof DATES)[number]): readonly Explanation[] {
  const value = claims?.get(name);
  if (typeof value !== "string") return [];
  const number = /^\d+(?:\.\d+)?$/.test(value.trim());
  const date = number ? Number(value) : Date.parse(value) / 1000;
  if (Number.isNaN(date)) return [];
  return [
    {
      cause: "date_as_text",
      evidence: `${name} is the text ${quoted(value)}${number ? "" : `, a date that as a number is ${Math.floor(date)}`}`,
      fix: fixForIssuer(`write ${name} as a JSON number of seconds since 1970, without quotes`),
    },
  ];
}
