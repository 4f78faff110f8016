import { formatDuration } from "../../core/time/duration.ts";
import type { Context } from "../context.ts";

/** Said whenever logins have ended: what is signed is out of reach. */
export async function noteAccessTokens(context: Context, ended: readonly string[]): Promise<void> {
  if (ended.length === 0) return;
  const { access_ttl } = await (await context.store()).readSettings();
  context.note(
    "access tokens that are out already are accepted until they expire, " +
      `for ${formatDuration(access_ttl)} at most by the present setting`,
  );
}
