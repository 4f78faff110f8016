import { formatInstant, formatSpan } from "../../core/base/time/format.ts";
import type { TimeContext } from "../../core/base/time/instant.ts";
import type { ClaimTime, TokenTimes } from "../../core/jose/token/times.ts";
import type { Style } from "../style.ts";
import type { Line } from "./side-by-side.ts";

interface Times {
  readonly left: TokenTimes | undefined;
  readonly right: TokenTimes | undefined;
}

/** The dates of two tokens, the distances between them, and the lifetimes. */
export function timeLines({ left, right }: Times, { utcOffset }: TimeContext, style: Style): readonly Line[] {
  const names = new Set([...(left?.claims ?? []), ...(right?.claims ?? [])].map(({ name }) => name));
  const wall = (claim: ClaimTime | undefined) =>
    claim &&
    ((claim.instant === undefined ? undefined : formatInstant(claim.instant, utcOffset)) ??
      "beyond the calendar");
  const dates = [...names].map((name) => {
    const [first, second] = [claimOf(left, name), claimOf(right, name)];
    return line(name, wall(first), wall(second), apart(first?.seconds, second?.seconds), style);
  });
  const lives = [lifetimeText(left), lifetimeText(right)] as const;
  const states = [stateText(left), stateText(right)] as const;
  return [
    ...dates,
    ...(lives.some((text) => text !== undefined) ? [line("lives", ...lives, "", style)] : []),
    ...(states.some((text) => text !== undefined) ? [line("now", ...states, "", style)] : []),
  ];
}

function claimOf(times: TokenTimes | undefined, name: string): ClaimTime | undefined {
  return times?.claims.findLast((claim) => claim.name === name);
}

function line(
  name: string,
  left: string | undefined,
  right: string | undefined,
  note: string,
  style: Style,
): Line {
  const same = left === right;
  const paint = same ? style.dim : style.doubtful;
  return { mark: same ? " " : "~", name, left, right, same, note, paint };
}

function apart(left: number | undefined, right: number | undefined): string {
  if (left === undefined || right === undefined || left === right) return "";
  return `${formatSpan(Math.abs(right - left) * 1000)} ${right > left ? "later" : "earlier"}`;
}

function lifetimeText(times: TokenTimes | undefined): string | undefined {
  if (times?.lifetime === undefined) return undefined;
  const span = (times.lifetime.end - times.lifetime.start) * 1000;
  return span < 0 ? "never: it ends before it begins" : formatSpan(span);
}

function stateText(times: TokenTimes | undefined): string | undefined {
  if (times === undefined || times.claims.length === 0) return undefined;
  if (times.expired) return "expired";
  if (times.notYetValid) return "not valid yet";
  return times.expired === undefined ? "never expires" : "not expired";
}
