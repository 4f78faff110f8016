import type { SettingsStore } from "../../core/authority/ports/store.ts";
import { formatDuration } from "../../core/base/time/duration.ts";
import type { Terminal } from "../terminal.ts";

/** Said whenever logins have ended: what is signed is out of reach. */
export async function noteAccessTokens(
  ended: readonly string[],
  terminal: Terminal,
  store: SettingsStore,
): Promise<void> {
  if (ended.length === 0) return;
  // The sessions have ended and that was shown: a setting that cannot be read does not undo it.
  const settings = await store.readSettings().catch(() => undefined);
  const longest = settings && `, for ${formatDuration(settings.access_ttl)} at most by the present setting`;
  terminal.note(`access tokens that are out already are accepted until they expire${longest ?? ""}`);
}
