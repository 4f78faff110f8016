import type { SettingsStore } from "../../core/authority/ports/store.ts";
import { AppError } from "../../core/base/errors.ts";
import { isJump, SETTLED_AFTER } from "../../core/base/time/clock-jump.ts";
import { isoInstant } from "../../core/base/time/format.ts";

/**
 * Refuses an irreversible step while the clock may be far ahead (core/base/time/clock-jump.ts).
 *
 * @param undone what was not done, as a whole sentence without its full stop
 * @param meant how to do it all the same, when the store really lay unused
 * @throws AppError `clock_implausible`
 */
export async function refuseAfterClockJump(
  store: Pick<SettingsStore, "findLastUse">,
  now: number,
  { undone, meant }: { readonly undone: string; readonly meant: string },
): Promise<void> {
  const lastUse = await store.findLastUse(now - SETTLED_AFTER);
  if (!isJump(lastUse, now)) return;
  const told = (time: number | null) => (time === null ? "" : (isoInstant(time) ?? String(time)));
  throw new AppError(
    "clock_implausible",
    `the clock shows ${told(now)}, but the store had been in use until ${told(lastUse)} and then not for more than a year; ${undone}`,
    { hints: ["Set the clock right, if it is wrong", `If nobody used the store for so long: ${meant}`] },
  );
}
